"""Heads that lie in a desk's own home as files, beside those in its database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from declarant.audit_log.head import read_head
from declarant.audit_log.log import FoundHead


def heads_in(folder: Path, stored: Iterable[FoundHead]) -> list[FoundHead]:
    """Return the heads in `folder` that are not among those stored in the database.

    They show a database that was restored from an older copy. A file that holds no head proves
    nothing either way, and is passed over.
    """
    held = {item.head for item in stored}
    heads = []
    for file in sorted(folder.glob("*.json")):
        try:
            head = read_head(file.read_text())
        except (OSError, ValueError):
            continue
        if head not in held:
            heads.append(FoundHead(head, str(file)))
    return heads
