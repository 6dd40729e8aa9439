"""What is wrong with one entry as it was found, in words; None when nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from declarant.audit_log.entry import Entry, read_entry
from declarant.audit_log.log import FoundEntry
from declarant.audit_log.tree import leaf_hash


class Difference(NamedTuple):
    """How an entry differs: `kind` is content, order, missing or added; `what` says it."""

    kind: str
    what: str


def difference(found: FoundEntry, expected: int, log: str | None) -> Difference | Entry:
    """Compare an entry with its own hash, its columns, its place and its log; return it if right.

    `expected` is the index that comes next, `log` the log's id where it is known.
    """
    if found.index is not None and found.index != expected:
        return _out_of_order(found.index, expected)
    if found.content is None or found.leaf is None:
        return Difference("content", "it is not written as an entry and its hash")
    if leaf_hash(found.content) != found.leaf:
        return Difference("content", _unlike_hash(found))
    try:
        entry = read_entry(found.content)
    except ValueError as error:
        return Difference("content", str(error))
    if entry.index != expected:
        return _out_of_order(entry.index, expected)
    for name, value in found.columns.items():
        if value != getattr(entry, name):
            said, written = f"{value!r:.80}", f"{getattr(entry, name)!r:.80}"
            return Difference("content", f"its column {name} says {said}, its content {written}")
    if log is not None and entry.log != log:
        return Difference("content", f"it belongs to the log {entry.log!r:.80}, not to {log!r:.80}")
    return entry


def _unlike_hash(found: FoundEntry) -> str:
    """Say which columns the content differs from as well, since they tell what it once said."""
    base = "its content and its hash do not belong together"
    try:
        entry = read_entry(found.content or b"")
    except ValueError as error:
        return f"{base}; {error}"
    unlike = [name for name, value in found.columns.items() if value != getattr(entry, name)]
    return f"{base}; its column {', '.join(unlike)} says otherwise, too" if unlike else base


def _out_of_order(index: int, expected: int) -> Difference:
    if isinstance(index, int) and index < expected:
        return Difference("added", f"what stands there is an entry of index {index} once more")
    return Difference("missing", f"the next entry that stands there has index {index}")


def moved(rest: Iterable[FoundEntry], wanted: int) -> FoundEntry | None:
    """Return the entry of index `wanted` if it stands, whole, further on among `rest`."""
    for found in rest:
        if found.content is None or found.leaf != leaf_hash(found.content):
            continue
        try:
            if read_entry(found.content).index == wanted:
                return found
        except ValueError:
            continue
    return None
