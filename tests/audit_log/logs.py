"""A log of a few entries, as a desk writes it, without a desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from declarant.audit_log import Entry, Frontier, SignedHead, leaf_hash, moment_text, sign_head
from declarant.audit_log.log import FoundEntry, FoundHead, FoundLog, FoundTree

LOG = "ab" * 16
BEGINNING = datetime(2027, 1, 15, 14, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
_COLUMNS = ("moment", "actor", "actor_name", "action", "subject")


@dataclass
class Log:
    """Contents and leaves of entries, with their frontier."""

    contents: list[bytes] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)

    def append(self, **detail: Any) -> None:
        index = len(self.contents)
        moment = moment_text(BEGINNING + timedelta(minutes=index))
        entry = Entry(
            LOG, index, moment, "user:7", "Ada Byrne", "register.run.edited", "run:a", detail
        )
        self.contents.append(entry.content())
        self.frontier = self.frontier.append(leaf_hash(self.contents[-1]))

    def head(self, key: Ed25519PrivateKey = KEY, log: str = LOG) -> SignedHead:
        size, root = self.frontier.size, self.frontier.root
        return sign_head(key, log=log, size=size, root=root, moment=BEGINNING)

    def rows(self) -> list[dict[str, Any]]:
        """The rows of a database."""
        return [row_of(content) for content in self.contents]

    def found(self, *heads: SignedHead, kept: Sequence[SignedHead] = ()) -> FoundLog:
        """The log as a verifier finds it in a database."""
        return found_in(self.rows(), self.frontier, *heads, kept=kept)


def log_of(size: int, **detail: Any) -> Log:
    log = Log()
    for number in range(size):
        log.append(number=number, **detail)
    return log


def row_of(content: bytes) -> dict[str, Any]:
    from declarant.audit_log import read_entry

    entry = read_entry(content)
    columns = {name: getattr(entry, name) for name in _COLUMNS}
    return {"index": entry.index, "content": content, "leaf": leaf_hash(content), **columns}


def found_in(
    rows: Sequence[dict[str, Any]],
    frontier: Frontier,
    *heads: SignedHead,
    kept: Sequence[SignedHead] = (),
) -> FoundLog:
    entries = [
        FoundEntry(
            row["index"],
            row["content"] if isinstance(row["content"], bytes) else None,
            row["leaf"] if isinstance(row["leaf"], bytes) else None,
            f"row {row['index']}",
            {name: row[name] for name in _COLUMNS},
        )
        for row in sorted(rows, key=lambda row: row["index"])
    ]
    found = [FoundHead(head, "stored") for head in heads]
    found += [FoundHead(head, "kept", kept_elsewhere=True) for head in kept]
    tree = FoundTree(LOG, frontier.size, frontier.to_bytes())
    return FoundLog("test", entries, found, tree)
