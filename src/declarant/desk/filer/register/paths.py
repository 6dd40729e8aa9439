"""Paths inside the register's folder: which are taken, so that none leads out of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from declarant.problems import Finding, Place, Severity
from declarant.register.folder import REGISTER_FILE

LONGEST = 400
LONGEST_NAME = 200  # bytes of one part; most file systems end at 255
DEEPEST = 20


def why_not(path: str) -> Finding | None:
    """Return what is wrong with a path of evidence, or None."""
    parts = path.split("/")
    if not path:
        return _bad(path, "is empty.", "Write it like evidence/atlas-2/train.log.")
    if len(path) > LONGEST or any(
        len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in parts
    ):
        return _bad(path, "is too long.", f"Keep it under {LONGEST} characters.")
    if len(parts) > DEEPEST:
        return _bad(path, "has too many folders.", f"Use {DEEPEST} at most.")
    if path.startswith("/") or (len(path) > 1 and path[1] == ":"):
        mend = "Write it from the register's folder on, like evidence/train.log."
        return _bad(path, "begins at the root of a disk.", mend)
    if "\\" in path:
        return _bad(path, "has a backslash.", "Part folders with /.")
    if any(part in ("", ".", "..") for part in parts):
        return _bad(path, "has an empty part, `.` or `..`.", "Name each folder once, from the top.")
    if any(part != part.strip() for part in parts):
        return _bad(path, "has a blank at an end of a name.", "Take it away.")
    if not path.isprintable() or any(unicodedata.category(char) == "Cf" for char in path):
        return _bad(path, "has a character that cannot be seen.", "Type the name again.")
    if path == REGISTER_FILE:
        return _bad(path, "is the register itself.", "Give the evidence another name.")
    return None


def in_the_way(path: str, held: Collection[str]) -> Finding | None:
    """Return why a path cannot stand beside the others: one name for a file and a folder."""
    beginning = f"{path}/"
    for other in held:
        if other.startswith(beginning):
            return _bad(path, f"is a folder already: it holds {other!r}.", "Take another name.")
        if path.startswith(f"{other}/"):
            return _bad(path, f"lies in {other!r}, which is a file.", "Take another folder.")
    return None


def _bad(path: str, what: str, mend: str) -> Finding:
    shown = ascii(path[:80])[1:-1]
    return Finding(
        "evidence.path", f"the path {shown!r} {what}", Place(field="path"), mend, Severity.ERROR
    )
