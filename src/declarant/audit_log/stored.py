"""The log in a desk's database, read by plain queries that any connection can run.

The queries are standard SQL; whoever calls brings the connection (SQLite, PostgreSQL) and should
have opened one transaction for all of them, or entries may be added between two (see `as_of_tree`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any

from declarant.audit_log.head import SignedHead
from declarant.audit_log.log import FoundEntry, FoundFile, FoundHead, FoundLog, FoundTree
from declarant.problems import Finding, Place, Severity

Execute = Callable[[str], Iterable[tuple[Any, ...]]]
_COLUMNS = ("moment", "actor", "actor_name", "action", "subject")
PAGE = 1000  # entries held at a time
_ENTRIES = (
    'SELECT "index", content, leaf, moment, actor, actor_name, action, subject '
    'FROM audit_entry {where} ORDER BY "index" LIMIT {page}'
)
HEADS = "SELECT number, log, size, root, moment, key, signature FROM audit_head ORDER BY number"
SURPLUS = (
    'SELECT (SELECT COALESCE(MAX("index") + 1, 0) FROM audit_entry) '
    "- COALESCE((SELECT MAX(size) FROM audit_tree), 0)"
)
TREE = "SELECT log, size, frontier FROM audit_tree"
FILES = "SELECT sha256, size FROM vault_storedfile ORDER BY id"


def read_stored(name: str, execute: Execute, *, files: bool = True) -> FoundLog:
    """Return the log that a database holds; `files` says whether it has the table of files."""
    found = FoundLog(name, _entries(execute))
    for expected, (number, *held) in enumerate(execute(HEADS), 1):
        where = f"audit_head number {number}"
        if number != expected:
            found.findings.append(
                Finding(
                    "audit.head_missing",
                    f"stored head {expected} is missing.",
                    Place(name, field=where),
                    "Look for it among the heads that were sent away.",
                    Severity.ERROR,
                )
            )
        found.heads.append(FoundHead(SignedHead(*held), where))
    trees = [*execute(TREE)]
    found.tree = FoundTree(None, 0, b"")  # as before the first entry
    if trees:
        log, size, frontier = trees[0]
        found.tree = FoundTree(log, size, _bytes(frontier))
    if files:
        found.files = [
            FoundFile(sha256, size, f"vault_storedfile {sha256}") for sha256, size in execute(FILES)
        ]
    return found


def _entries(execute: Execute) -> Iterator[FoundEntry]:
    """Yield all entries, a page at a time, so that no query stays open while others write."""
    where = ""
    while True:
        index: Any = None
        rows = [*execute(_ENTRIES.format(where=where, page=PAGE))]
        for index, content, leaf, *columns in rows:
            yield FoundEntry(
                index,
                _bytes(content),
                _bytes(leaf),
                f"audit_entry index {index}",
                dict(zip(_COLUMNS, columns, strict=True)),
            )
        if len(rows) < PAGE or type(index) is not int:
            return
        where = f'WHERE "index" > {index}'


def as_of_tree(found: FoundLog) -> FoundLog:
    """Leave out entries past the tree's size, which may have been added since it was read.

    For a log that is read while it grows, outside a transaction. Whether there really were more
    entries than the tree counts must then be asked in one statement: `SURPLUS`.
    """
    size = found.tree.size if found.tree is not None else None
    if type(size) is int:
        found.entries = takewhile(lambda item: not _is_past(item.index, size), found.entries)
    return found


def _is_past(index: Any, size: int) -> bool:
    return type(index) is int and index >= size


def _bytes(value: Any) -> bytes | None:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None
