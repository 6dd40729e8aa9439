"""A file read as a stream: its lines, bounded, and its digest; never the whole in memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from declarant.compute.ledger import Evidence
from declarant.formats import HEAD, Sample
from declarant.problems import BadInput, bad_input

CHUNK = 1 << 20
LONGEST_LINE = 1 << 20
"""Bytes; of a longer line only the beginning is seen, and the reader is told by `cut_lines`."""
_GZIP = b"\x1f\x8b"

Advance = Callable[[int, int], None]
"""Called as advance(done, total), in bytes of the files as they lie on disk."""


class Source:
    """One file of evidence, or a folder that a library reads; gzip is opened on the way.

    Attributes:
        path: where it is.
        shown: the path as people gave it, for messages.
        cut_lines: line numbers (from 1) whose end was not seen, the first thousand.
    """

    def __init__(self, path: Path, shown: str | None = None, advance: Advance | None = None):
        self.path = path
        self.shown = shown or str(path)
        self.cut_lines: list[int] = []
        self._advance = advance
        self._digest = ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The files with their SHA-256; each file of a folder by itself, in order of path."""
        if self.path.is_dir():
            files = sorted(item for item in self.path.rglob("*") if item.is_file())
            return tuple(
                Evidence(f"{self.shown}/{item.relative_to(self.path).as_posix()}", _digest(item))
                for item in files
            )
        if not self._digest:
            self._digest = _digest(self.path)
        return (Evidence(self.shown, self._digest),)

    def sample(self) -> Sample:
        """Return the beginning of the file; of a folder, the names in it, one a line.

        Raises:
            BadInput: when it is missing, cannot be read or is empty.
        """
        name = self.path.name.lower()
        if self.path.is_dir():
            names = sorted(item.relative_to(self.path).as_posix() for item in self._first_items())
            listed = "\n".join(names).encode()
            return Sample(f"{name}/", listed.decode("utf-8", "replace"), listed)
        with _open_raw(self) as raw:
            try:
                content = _unpacked(raw).read(HEAD)
            except (OSError, EOFError, zlib.error) as error:
                raise self._damaged(error) from None
        if not content:
            raise self._refused("empty", "the file is empty (0 bytes).", "Name the right file.")
        return Sample(name.removesuffix(".gz"), content.decode("utf-8", "replace"), content)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        r"""Yield each line with its number (from 1), without its end (\n, \r\n).

        The digest of the file is worked out on the way, when it is read to the end.

        Raises:
            BadInput: when the file cannot be read, or is damaged gzip.
        """
        for first, block in self._blocks():
            lines = block.split(b"\n")
            if not lines[-1]:
                lines.pop()
            for number, line in enumerate(lines, first):
                yield number, self._bounded(line, number)

    def lines_with(self, *needles: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield only the lines that hold one of `needles`, as `lines` does, but far faster.

        What stands between them is passed over by a search, not line by line. Of a line that is
        cut for its length, the part that is not seen may hold a needle.

        Raises:
            BadInput: as `lines`.
        """
        often = needles[0]
        for number, block in self._blocks():
            if block.count(often) * 4 > block.count(b"\n"):  # a search for each line costs more
                for place, line in enumerate(block.split(b"\n"), number):
                    for needle in needles:
                        if needle in line:
                            yield place, self._bounded(line, place)
                            break
                continue
            places = [block.find(needle) for needle in needles]
            at, counted = 0, number
            while True:
                found = min((place for place in places if place >= 0), default=-1)
                if found < 0:
                    break
                begin = block.rfind(b"\n", at, found) + 1 or at
                end = block.find(b"\n", found)
                end = len(block) if end < 0 else end
                if begin > at:
                    counted += block.count(b"\n", at, begin)
                yield counted, self._bounded(block[begin:end], counted)
                at, counted = end + 1, counted + 1
                for place, needle in enumerate(needles):
                    if 0 <= places[place] < at:
                        places[place] = block.find(needle, at)

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """Yield whole lines in blocks, each with the number of its first line."""
        number, begun, overlong = 1, b"", False
        with _open_raw(self) as raw:
            size = raw.seek(0, io.SEEK_END)
            raw.seek(0)
            hashing = _Hashing(raw)
            stream = _unpacked(io.BufferedReader(hashing, CHUNK))
            try:
                while chunk := stream.read(CHUNK):
                    if self._advance is not None:
                        self._advance(hashing.done, size)
                    cut = chunk.rfind(b"\n")
                    if cut >= 0:
                        start = chunk.find(b"\n") if overlong else 0
                        block = begun + chunk[start : cut + 1]
                        begun, overlong = b"", False
                        yield number, block
                        number += block.count(b"\n")
                    if not overlong:
                        begun += chunk[cut + 1 :]
                    if len(begun) > LONGEST_LINE:
                        begun, overlong = begun[: LONGEST_LINE + 1], True
            except (OSError, EOFError, zlib.error) as error:
                raise self._damaged(error) from None
            if begun:
                yield number, begun
            hashing.drain()
        self._digest = hashing.digest.hexdigest()

    def _bounded(self, line: bytes, number: int) -> bytes:
        if len(line) > LONGEST_LINE:
            if len(self.cut_lines) < 1000:
                self.cut_lines.append(number)
            line = line[:LONGEST_LINE]
        return line[:-1] if line.endswith(b"\r") else line

    def _first_items(self) -> Iterator[Path]:
        for number, item in enumerate(self.path.rglob("*")):
            if number >= 1000:
                return
            yield item

    def _damaged(self, error: Exception) -> BadInput:
        return self._refused("damaged", f"breaks off or is damaged: {error}.", "Copy it again.")

    def _refused(self, code: str, what: str, mend: str) -> BadInput:
        return bad_input(f"file.{code}", what, mend=mend, file=self.shown)


class _Hashing(io.RawIOBase):
    """A stream that digests what passes through it."""

    def __init__(self, raw: io.BufferedReader) -> None:
        super().__init__()
        self._raw = raw
        self.digest = hashlib.sha256()
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower
        chunk = self._raw.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.digest.update(chunk)
        self.done += len(chunk)
        return len(chunk)

    def drain(self) -> None:
        """Digest what stands behind the end of the compressed data."""
        while self.read(CHUNK):
            pass


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading; gzip is opened on the way.

    Raises:
        OSError: when it cannot be opened.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
    return gzip.open(path) if packed else path.open("rb")  # type: ignore[return-value]  # it has all


def _unpacked(stream: io.BufferedReader) -> io.BufferedReader | gzip.GzipFile:
    return gzip.GzipFile(fileobj=stream) if stream.peek(2)[:2] == _GZIP else stream


def _open_raw(source: Source) -> io.BufferedReader:
    try:
        if source.path.is_dir():
            raise bad_input(
                "file.folder",
                "is a folder, not a file.",
                mend="Name the file itself.",
                file=source.shown,
            )
        return source.path.open("rb")
    except FileNotFoundError:
        raise bad_input(
            "file.missing", "there is no such file.", mend="Check the path.", file=source.shown
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise bad_input(
            "file.unreadable",
            f"cannot be read: {reason}.",
            mend="Name a file that you may read.",
            file=source.shown,
        ) from None


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
