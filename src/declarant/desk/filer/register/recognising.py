"""What an evidence file is: whether the desk takes it at all, and which reader knows it."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from declarant.desk.vault.media_types import TEXT, media_type_of
from declarant.formats import HEAD, FormatRegistry, Sample
from declarant.problems import BadInput, Finding, Place, Severity

_ARCHIVE = {
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"7z\xbc\xaf'\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_GZIP = b"\x1f\x8b"
_TAR = b"ustar"
_TAR_AT = 257
_DOCUMENTS = {  # evidence that people read: a signed statement, a floor plan
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_MODEL = ('"architectures"', '"model_type"', '"hidden_size"')
_ROOMS = (
    ("clusters", "declarant.clusters.readers.registry", gettext_noop("inventory or fabric")),
    ("compute", "declarant.compute.readers.registry", gettext_noop("log, store or export")),
    ("meter", "declarant.compute.meter.sources.registry", gettext_noop("GPU telemetry")),
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A reader that knows a file: its room, its registered name, what people call the format."""

    room: str
    format: str
    shows: str


def refused(file: Path, name: str) -> Finding | None:
    """Return why a file is no evidence that a reader or a person could read, or None.

    Args:
        file: where the bytes are.
        name: of the file, for messages.
    """
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    for beginning, what in _ARCHIVE.items():
        if head.startswith(beginning):
            return _archive(name, what)
    if head.startswith(_GZIP):
        return _packed(name, head)
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return _archive(name, "tar")
    if media_type_of(file) == TEXT or _is_utf16(head):
        return None
    if any(head.startswith(beginning) for beginning in _DOCUMENTS):
        return None
    sample = Sample(name.lower(), head.decode("utf-8", "replace"), head)
    if head.startswith(b"PAR1") or any(item.sniff(sample) for item in _formats("compute")):
        return None
    return Finding(
        "evidence.kind",
        _("is of no kind that is read here."),
        Place(name),
        _("Upload what the tool printed, as text, or its store; write a document as PDF."),
        Severity.ERROR,
    )


def recognised(file: Path, name: str) -> list[Recognised]:
    """Return every reader that knows a file from its content; none for a document for people."""
    with file.open("rb") as opened:
        content = opened.read(4 * HEAD)
    content = _unpacked(content) if content.startswith(_GZIP) else content
    if not content:
        return []
    sample = Sample(
        name.lower().removesuffix(".gz"), content[:HEAD].decode("utf-8", "replace"), content
    )
    found = [
        Recognised(room, item.name, item.shows)
        for room, _module, _what in _ROOMS
        for item in _formats(room)
        if _claims(item, sample)
    ]
    if not found and all(word in sample.head for word in _MODEL[1:]):
        found.append(Recognised("architecture", "config-json", "config.json"))
    return found


def is_text(file: Path) -> bool:
    """Whether a file can be shown as text."""
    return media_type_of(file) == TEXT


def _claims(item: Any, sample: Sample) -> bool:
    try:
        return bool(item.sniff(sample))
    except (BadInput, ValueError):  # a sniffer looks at hostile bytes, and may refuse them
        return False


@cache
def _formats(room: str) -> tuple[Any, ...]:
    from importlib import import_module

    module = next(module for name, module, _what in _ROOMS if name == room)
    registry: FormatRegistry[Any] = import_module(module).FORMATS
    return tuple(registry.all().values())


def _packed(name: str, head: bytes) -> Finding | None:
    """Return why a gzip file is refused: what is in it must be text, and no archive."""
    inner = _unpacked(head)
    if inner[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return _archive(name, "tar.gz")
    for beginning, what in _ARCHIVE.items():
        if inner.startswith(beginning):
            return _archive(name, what)
    if not inner or b"\0" in inner[:4096] or inner.startswith(_GZIP):
        return Finding(
            "evidence.packed",
            _("is compressed, and what is in it is no text."),
            Place(name),
            _("Upload the log itself, or compress it once with gzip."),
            Severity.ERROR,
        )
    return None


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of what was compressed, never more than a head."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD)
    except (zlib.error, gzip.BadGzipFile):
        return b""


def _archive(name: str, what: str) -> Finding:
    return Finding(
        "evidence.archive",
        _("is an archive (%(what)s), and the files in it would not be seen.") % {"what": what},
        Place(name),
        _("Upload the files one by one, or import the whole folder as one archive."),
        Severity.ERROR,
    )


def _is_utf16(head: bytes) -> bool:
    """Whether text as a Windows shell writes it on redirection."""
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        head[: len(head) // 2 * 2].decode("utf-16")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8
    return True
