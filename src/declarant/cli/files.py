"""Reading and writing files for the commands, with reports instead of tracebacks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from declarant.problems import BadInput, bad_input

if TYPE_CHECKING:
    from declarant.filing.keys import File

MOST = 256 * 1024 * 1024  # a message is far smaller; a wrong file should not fill the memory


def read(path: Path) -> File:
    """Return a file's bytes with its name.

    Raises:
        BadInput: when it cannot be read, is a folder, or is larger than any message.
    """
    from declarant.filing.keys import File

    try:
        if path.is_dir():
            raise bad_input(
                "file.folder",
                "is a folder, not a file.",
                mend="Name the file itself; an empty name means the folder you are in.",
                file=str(path),
            )
        if path.stat().st_size > MOST:
            raise bad_input(
                "file.too_large",
                f"has more than {MOST:,} bytes.",
                mend="Name a message, a document or a certificate.",
                file=str(path),
            )
        return File(str(path), path.read_bytes())
    except OSError as error:
        raise bad_input(
            "file.unreadable",
            f"cannot be read: {error.strerror}.",
            mend="Check the path.",
            file=str(path),
        ) from None


def write_public(path: Path, data: bytes, *, overwrite: bool = True) -> None:
    """Write a file whole or not at all; its folder is made when it is missing.

    Raises:
        BadInput: when it cannot be written, or exists and must not be replaced.
    """
    if not overwrite and path.exists():
        raise _exists(path)
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read.

    Raises:
        BadInput: when it exists or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _unwritable(path, error) from None


def _exists(path: Path) -> BadInput:
    return bad_input(
        "file.exists",
        "is there already and is not overwritten.",
        mend="Name another folder, or move the file away.",
        file=str(path),
    )


def _unwritable(path: Path, error: OSError) -> BadInput:
    return bad_input(
        "file.unwritable",
        f"cannot be written: {error.strerror}.",
        mend="Name a folder that can be written to.",
        file=str(path),
    )
