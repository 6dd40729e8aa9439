"""Stored files against the hashes that the log's owner keeps of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from declarant.audit_log.log import FoundFile
from declarant.problems import Finding, Place, Severity

_HASH = re.compile(r"[0-9a-f]{64}")


def place_of(folder: Path, sha256: str) -> Path:
    """Return where a stored file lies in the folder of files: ab/ab12..."""
    return folder / sha256[:2] / sha256


def check_files(
    folder: Path, files: Iterable[FoundFile], progress: Callable[[int], None] = lambda done: None
) -> Iterator[Finding]:
    """Yield what is wrong with the files in `folder` (a home's `files`): missing, or other bytes.

    `progress` is told how many were read.
    """
    for number, file in enumerate(files, 1):
        wrong = _difference(folder, file)
        if wrong is not None:
            yield wrong
        progress(number)


def _difference(folder: Path, file: FoundFile) -> Finding | None:
    if not isinstance(file.sha256, str) or not _HASH.fullmatch(file.sha256):
        return _finding("audit.file_hash", f"{file.sha256!r} is no SHA-256.", file.where)
    place = place_of(folder, file.sha256)
    try:
        with place.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = place.stat().st_size
    except OSError as error:
        what = f"stored file {file.sha256} cannot be read: {error.strerror}."
        return _finding("audit.file_missing", what, str(place))
    if digest != file.sha256:
        what = f"stored file {file.sha256} has other bytes: their SHA-256 is {digest}."
        return _finding("audit.file_changed", what, str(place))
    if file.size is not None and file.size != size:
        what = f"stored file {file.sha256} has {size:,} bytes; the database says {file.size}."
        return _finding("audit.file_size", what, file.where)
    return None


def named_files(detail: Any) -> Iterator[str]:
    """Yield every SHA-256 that stands under the key `sha256` of an entry's detail."""
    if isinstance(detail, dict):
        held = detail.get("sha256")
        if isinstance(held, str) and _HASH.fullmatch(held):
            yield held
        for value in detail.values():
            yield from named_files(value)
    elif isinstance(detail, list):
        for value in detail:
            yield from named_files(value)


def _finding(code: str, what: str, where: str) -> Finding:
    mend = "Restore the file from a backup whose SHA-256 is the one in the log."
    return Finding(code, what, Place(where), mend, Severity.ERROR)
