"""What a file is, by its first bytes and not by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import puremagic

TEXT = "text/plain"
UNKNOWN = "application/octet-stream"
ZIP = "application/zip"
_LOOKED_AT = 64 * 1024
_LARGEST_OFFICE = 8 * 2**20  # bytes; larger archives are told by their signature alone
_OFFICE = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def media_type_of(file: Path) -> str:
    """Return the media type that the content shows; UTF-8 without a signature is plain text."""
    with file.open("rb") as opened:
        head = opened.read(_LOOKED_AT)
    if _is_text(head):
        return TEXT
    if head.startswith(b"PK\x03\x04"):
        return _archive(file)
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return next((match.mime_type for match in found if match.mime_type), UNKNOWN)


def _archive(file: Path) -> str:
    """Return what a ZIP archive is: an office document says so by the folder of its parts."""
    if file.stat().st_size > _LARGEST_OFFICE:
        return ZIP  # its list of entries may be larger than the memory
    try:
        with zipfile.ZipFile(file) as opened:
            folders = {name.partition("/")[0] for name in opened.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return ZIP
    return next((kind for folder, kind in _OFFICE.items() if folder in folders), ZIP)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # the last character may have been cut where the head ends
        return len(head) == _LOOKED_AT and error.start > len(head) - 4
    return True
