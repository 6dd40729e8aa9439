"""Archives that no honest person packs are refused, with the entry and the reason."""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarant.desk.filer.register.archives import archive_contents
from declarant.desk.filer.register.sources import MOST_ENTRIES
from declarant.problems import BadInput

REGISTER = b"register: 1\n"
LIMIT = 1 << 20


def zipped(*entries: tuple[Any, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        archive.writestr("register.yaml", REGISTER)
        for entry, content in entries:
            archive.writestr(entry, content)
    return held.getvalue()


def entry(name: str, kind: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = (kind | 0o777) << 16
    return made


def tarred(*entries: tarfile.TarInfo, mode: str = "w:gz") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as archive:  # type: ignore[call-overload]
        for item in (member("register.yaml", len(REGISTER)), *entries):
            content = REGISTER if item.name == "register.yaml" else bytes(item.size)
            archive.addfile(item, io.BytesIO(content))
    return held.getvalue()


def member(
    name: str, size: int = 1, kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = size if kind == tarfile.REGTYPE else 0, kind, link
    return made


def sparse() -> bytes:
    """A tar file whose member is said to be sparse."""
    plain = bytearray(tarred(member("a.bin", 512), mode="w:"))
    at = 1024
    plain[at + 156 : at + 157] = b"S"
    total = sum(plain[at : at + 148]) + 8 * 32 + sum(plain[at + 156 : at + 512])
    plain[at + 148 : at + 156] = b"%06o\0 " % total
    return bytes(plain)


def long_header() -> bytes:
    """A tar file whose long name is said to have gigabytes, packed small."""
    head = tarfile.TarInfo("././@LongLink")
    head.type, head.size = tarfile.GNUTYPE_LONGNAME, 1 << 31
    return gzip.compress(head.tobuf(tarfile.GNU_FORMAT) + bytes(4 << 20))


def directory_of(count: int) -> bytes:
    """A ZIP file that says it has so many entries."""
    return b"PK\x05\x06" + struct.pack(
        "<HHHHLLH", 0, 0, 65_535 & count, 65_535 & count, count * 60, 0, 0
    )


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "up": (lambda: zipped(("../evil", b"x")), "`..`"),
    "root": (lambda: zipped(("/etc/passwd", b"x")), "root of a disk"),
    "drive": (lambda: zipped(("C:/x", b"x")), "root of a disk"),
    "backslash": (lambda: zipped(("a\\b", b"x")), "backslash"),
    "unseen": (lambda: zipped(("a\u202etxt.exe", b"x")), "cannot be seen"),
    "deep": (lambda: zipped(("a/" * 30 + "b", b"x")), "too many folders"),
    "long": (lambda: zipped(("a" * 300, b"x")), "too long"),
    "zip link": (lambda: zipped((entry("l", stat.S_IFLNK), b"/etc/passwd")), "is a link"),
    "zip device": (lambda: zipped((entry("d", stat.S_IFBLK), b"")), "is a device"),
    "zip pipe": (lambda: zipped((entry("p", stat.S_IFIFO), b"")), "is a pipe"),
    "lzma": (lambda: zipped(("a", b"x" * 999), packing=zipfile.ZIP_LZMA), "in a way that is not"),
    "too large": (lambda: zipped(("a", bytes(LIMIT + 1))), "larger than"),
    "bomb": (lambda: zipped(*((f"b{n}", bytes(LIMIT)) for n in range(90))), "unpack to more"),
    "tar bomb": (lambda: tarred(*(member(f"b{n}", LIMIT) for n in range(90))), "unpack to more"),
    "tar up": (lambda: tarred(member("a/../../b")), "`..`"),
    "tar root": (lambda: tarred(member("/etc/passwd")), "root of a disk"),
    "tar link": (lambda: tarred(member("l", kind=tarfile.SYMTYPE, link="/etc")), "is a link"),
    "hard link": (lambda: tarred(member("h", kind=tarfile.LNKTYPE, link="x")), "is a link"),
    "tar device": (lambda: tarred(member("d", kind=tarfile.CHRTYPE)), "is a device"),
    "tar pipe": (lambda: tarred(member("p", kind=tarfile.FIFOTYPE)), "is a device"),
    "tar twice": (lambda: tarred(member("a"), member("a")), "stands in it twice"),
    "sparse": (sparse, "no ordinary file"),
    "long header": (long_header, "header that is too long"),
    "many": (lambda: directory_of(MOST_ENTRIES + 1), "more than 20,000 files"),
    "none": (lambda: zipped().replace(b"register.yaml", b"elsewhere.yml"), "no register.yaml"),
    "not one": (lambda: b"hello", "no ZIP and no tar"),
    "cut": (lambda: zipped(("a", bytes(9999)))[:-30], "breaks off"),
    "cut tar": (lambda: tarred(member("a", 99_999))[:200], "breaks off"),
    "noise": (lambda: b"PK\x03\x04" + bytes(range(256)) * 9, "breaks off"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused(tmp_path: Path, name: str) -> None:
    make, said = HOSTILE[name]
    (tmp_path / "x").write_bytes(make())
    with pytest.raises(BadInput) as error:
        archive_contents(tmp_path / "x", "upload.zip", LIMIT)
    assert said in str(error.value)
    assert all(item.mend for item in error.value.findings)
    assert all((item.where.file or "").startswith("upload.zip") for item in error.value.findings)


def test_a_password_is_told(tmp_path: Path) -> None:
    plain = bytearray(zipped(("a", b"x")))
    at = plain.rindex(b"PK\x01\x02")
    plain[at + 8] |= 1
    (tmp_path / "x").write_bytes(plain)
    with pytest.raises(BadInput, match="under a password"):
        archive_contents(tmp_path / "x", "x", LIMIT)


def test_a_zip_with_a_name_twice(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(("a", b"1"), ("a", b"2"))
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadInput, match="twice"):
        archive_contents(tmp_path / "x", "x", LIMIT)


def test_only_the_first_of_many_wrong_entries_are_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(zipped(*((f"../{n}", b"") for n in range(500))))
    with pytest.raises(BadInput) as error:
        archive_contents(tmp_path / "x", "x", LIMIT)
    assert len(error.value.findings) == 21
    assert "480 more" in error.value.findings[-1].what


@pytest.mark.parametrize("top", ["", "folder/"])
@pytest.mark.parametrize("mode", ["zip", "w:", "w:gz"])
def test_an_honest_archive_is_read_with_or_without_its_folder(
    tmp_path: Path, mode: str, top: str
) -> None:
    held = io.BytesIO()
    files = {"register.yaml": REGISTER, "evidence/林.txt": b"x" * 70_000, ".DS_Store": b"m"}
    if mode == "zip":
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(top + name, content)
    else:
        with tarfile.open(fileobj=held, mode=mode) as packed:  # type: ignore[call-overload]
            for name, content in files.items():
                packed.addfile(member(f"./{top}{name}", len(content)), io.BytesIO(content))
    (tmp_path / "x").write_bytes(held.getvalue())
    contents = archive_contents(tmp_path / "x", "x", LIMIT)
    assert contents.register == REGISTER
    assert contents.entries == {"evidence/林.txt": 70_000}
    assert [path.rpartition("/")[2] for path in contents.left_out] == [".DS_Store"]
    read = {path: b"".join(chunks) for path, chunks in contents.files(contents.entries)}
    assert read == {"evidence/林.txt": b"x" * 70_000}


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_damage_anywhere_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([zipped(("a", b"text" * 99)), tarred(member("a", 999))]))
    broken = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        broken[at] = data.draw(st.integers(0, 255))
    (tmp_path / "x").write_bytes(broken[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    try:
        contents = archive_contents(tmp_path / "x", "x", LIMIT)
        for _, chunks in contents.files(contents.entries):
            assert sum(map(len, chunks)) <= LIMIT
    except BadInput:
        pass
