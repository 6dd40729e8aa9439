"""Storing: streamed, hashed on the way, bounded, and on the disk before the database knows of it.

A crash leaves at most a file that no row names; never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from declarant.desk.vault.media_types import media_type_of
from declarant.desk.vault.models import StoredFile
from declarant.problems import bad_input


def folder_of() -> Path:
    """Return the folder that holds all stored files."""
    folder: Path = settings.DESK.home / "files"
    return folder


def path_of(sha256: str) -> Path:
    """Return where a file of that hash lies: files/ab/ab12..."""
    return folder_of() / sha256[:2] / sha256


def store(chunks: Iterable[bytes], *, name: str, limit: int | None = None) -> StoredFile:
    """Store a file and return its row; the same bytes are stored once.

    Args:
        chunks: the bytes, in order; they are never all in memory.
        name: for messages.
        limit: most bytes allowed; the configured limit when None.

    Raises:
        BadInput: when it is larger, or empty.
    """
    most = settings.DESK.upload_limit if limit is None else limit
    waiting = folder_of() / "incoming"
    waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=waiting)
    written = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise _too_large(name, most)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if size == 0:
            raise bad_input(
                "vault.empty", "the file is empty.", mend="Choose the file again.", file=name
            )
        media_type = media_type_of(written)
        _settle(written, path_of(digest.hexdigest()))
    finally:
        written.unlink(missing_ok=True)
    row, _ = StoredFile.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "media_type": media_type}
    )
    return row


def store_bytes(data: bytes, *, name: str) -> StoredFile:
    """Store bytes that are in memory, made here or received whole; no limit but memory's."""
    return store([data], name=name, limit=len(data))


def _settle(written: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written.chmod(0o400)
    written.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _too_large(name: str, most: int) -> Exception:
    return bad_input(
        "vault.too_large",
        f"is larger than the {most:,} bytes that one file may have here.",
        mend="Compress it, split it, or ask the operator to raise DECLARANT_UPLOAD_LIMIT.",
        file=name,
    )
