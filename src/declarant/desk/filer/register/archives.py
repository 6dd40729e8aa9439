"""A register folder that came as one file, ZIP or tar, looked into without trusting a word of it.

Nothing is unpacked to disk under a name from the archive: names are checked, sizes are bounded
before a byte is stored, and each file's bytes are handed on as a stream.
"""

from __future__ import annotations

import gzip
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from declarant.desk.filer.register.sources import (
    CHUNK,
    MOST_ENTRIES,
    MOST_REGISTER,
    Contents,
    Listing,
    refused,
)

_RATIO = 250  # repetitive logs shrink to a hundredth; a bomb to a thousandth
_FREE = 64 << 20  # bytes that any archive may unpack to
_LONGEST_NAME_BLOCK = 1 << 20  # bytes of one header of a tar file
_END_OF_ZIP, _ZIP64_LOCATOR, _END_OF_ZIP64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # of zipfile: a password; of tarfile: headers in headers
    ValueError,
)
_A_NAME = 1 << 10  # bytes that an entry may take in the directory of a ZIP file, on average


def archive_contents(file: Path, shown: str, limit: int) -> Contents:
    """Look into an archive and return what it holds, with every entry checked.

    Args:
        file: where its bytes are.
        shown: its name, for messages.
        limit: most bytes of one file in it.

    Raises:
        BadInput: when it is no archive, is damaged, or holds anything that no register holds: paths
            that lead out, links, devices, too many or too large files, files under a password.
    """
    with file.open("rb") as opened:
        head = opened.read(512)
    if head.startswith((b"PK\x03\x04", _END_OF_ZIP)):
        return _Zip(file, shown, limit)
    if head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar":
        return _Tar(file, shown, limit)
    raise refused(
        "import.no_archive",
        "is no ZIP and no tar file.",
        "Pack the folder with its register.yaml as .zip, .tar or .tar.gz.",
        shown,
    )


def most_unpacked(size: int) -> int:
    """Return how many bytes an archive of that size may unpack to."""
    return _FREE + _RATIO * size


class _Zip(Contents):
    """A ZIP file."""

    def __init__(self, file: Path, shown: str, limit: int) -> None:
        self._file, self._shown = file, shown
        listing = Listing(shown, limit, most_unpacked(file.stat().st_size))
        with _damage(shown):
            _check_directory(file, shown)
            with zipfile.ZipFile(file) as opened:
                for entry in opened.infolist():
                    if not entry.is_dir():
                        listing.add(entry.orig_filename, entry.file_size, _wrong_in_zip(entry))
                self._entries = listing.entries()
                self.register = self._small(opened, listing.register_path())
        self.root, self.entries, self.left_out = listing.inside()

    def files(self, wanted: Collection[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
        with _damage(self._shown), zipfile.ZipFile(self._file) as opened:
            for path in self.entries:
                if path in wanted:
                    with opened.open(self.root + path) as stream:
                        yield path, _chunks(stream)

    def _small(self, opened: zipfile.ZipFile, path: str) -> bytes:
        with opened.open(path) as stream:
            return stream.read()


class _Tar(Contents):
    """A tar file, plain or gzip."""

    def __init__(self, file: Path, shown: str, limit: int) -> None:
        self._file, self._shown = file, shown
        self._most = most_unpacked(file.stat().st_size)
        listing = Listing(shown, limit, self._most)
        held: dict[str, bytes] = {}
        with _damage(shown), self._opened() as opened:
            for number, entry in enumerate(opened):
                if entry.isdir() and number < 2 * MOST_ENTRIES:
                    continue
                path = listing.add(entry.name, entry.size, _wrong_in_tar(entry))
                if path and listing.may_be_register(path) and entry.size <= MOST_REGISTER:
                    stream = opened.extractfile(entry)
                    held[path] = stream.read(entry.size) if stream else b""
        listing.entries()
        self.register = held[listing.register_path()]  # one that is too long is refused there
        self.root, self.entries, self.left_out = listing.inside()

    def files(self, wanted: Collection[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
        with _damage(self._shown), self._opened() as opened:
            for entry in opened:
                path = entry.name.removeprefix("./").removeprefix(self.root)
                if entry.isreg() and path in wanted and path in self.entries:
                    stream = opened.extractfile(entry)
                    if stream is not None:
                        yield path, _chunks(stream)

    @contextmanager
    def _opened(self) -> Iterator[tarfile.TarFile]:
        with self._file.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            guarded: Any = _Guarded(stream, self._most + (64 << 20), self._shown)
            with tarfile.open(fileobj=guarded, mode="r:", tarinfo=tarfile.TarInfo) as opened:
                yield opened


class _Guarded:
    """A stream that tells a reader of tar no more than an honest archive would.

    tarfile takes a header that says it is gigabytes long into memory as a whole.
    """

    def __init__(self, stream: Any, most: int, shown: str) -> None:
        self._stream, self._most, self._shown = stream, most, shown

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > _LONGEST_NAME_BLOCK:
            raise refused(
                "import.header", "has a header that is too long.", "Pack it again.", self._shown
            )
        return bytes(self._stream.read(size))

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        if place > self._most:
            raise _bomb(self._shown, self._most)
        return int(self._stream.seek(place, whence))

    def tell(self) -> int:
        return int(self._stream.tell())


@contextmanager
def _damage(shown: str) -> Iterator[None]:
    """Say of an archive that cannot be read that it is damaged."""
    try:
        yield
    except _DAMAGE as error:
        raise refused(
            "import.damaged",
            f"breaks off or is damaged: {error}.",
            "Pack and send it again.",
            shown,
        ) from None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _wrong_in_zip(entry: zipfile.ZipInfo) -> tuple[str, str]:
    """Return what is wrong with an entry, and the mend; empty texts when nothing is."""
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return _KIND_OF.get(stat.S_IFMT(mode), "is no ordinary file"), _ORDINARY
    if entry.flag_bits & 0x1:
        return "is under a password", "Pack the folder without one."
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not read here", "Pack it as an ordinary ZIP (deflate)."
    return "", ""


def _wrong_in_tar(entry: tarfile.TarInfo) -> tuple[str, str]:
    if entry.issym() or entry.islnk():
        return "is a link", _ORDINARY
    if entry.isdev():
        return "is a device", _ORDINARY
    if entry.issparse() or not entry.isreg() or entry.size < 0:
        return "is no ordinary file", _ORDINARY
    return "", ""


_ORDINARY = "Put the file itself there, and pack the folder again."
_KIND_OF = {
    stat.S_IFLNK: "is a link",
    stat.S_IFCHR: "is a device",
    stat.S_IFBLK: "is a device",
    stat.S_IFIFO: "is a pipe",
    stat.S_IFSOCK: "is a socket",
}


def _bomb(shown: str, most: int) -> Exception:
    return refused(
        "import.bomb",
        f"would unpack to more than {most:,} bytes, far more than its own size.",
        "Pack only the register and the evidence it names.",
        shown,
    )


def _check_directory(file: Path, shown: str) -> None:
    """Refuse a ZIP file whose directory of entries is too long to be taken into memory.

    Raises:
        BadInput: when it is, or there is none.
    """
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - 66_000))
        tail = opened.read()
        at = tail.rfind(_END_OF_ZIP)
        if at < 0 or len(tail) < at + 22:
            raise refused("import.damaged", "breaks off: it has no end.", "Send it again.", shown)
        entries, length = struct.unpack("<HL", tail[at + 10 : at + 16])
        locator = tail.rfind(_ZIP64_LOCATOR, 0, at)
        if locator >= 0:
            (place,) = struct.unpack("<Q", tail[locator + 8 : locator + 16])
            opened.seek(place)
            end = opened.read(56)
            if end.startswith(_END_OF_ZIP64) and len(end) == 56:
                entries, length = struct.unpack("<QQ", end[32:48])
    if entries > MOST_ENTRIES or length > MOST_ENTRIES * _A_NAME:
        raise refused(
            "import.too_many",
            f"holds more than {MOST_ENTRIES:,} files.",
            "Pack only the register and the evidence it names.",
            shown,
        )
