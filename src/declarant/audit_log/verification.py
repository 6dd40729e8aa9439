"""Verifying a log: every entry against its hash, the tree against every head, files against all.

The first wrong entry is named. An entry whose content and hash were both written anew, and
consistently, is found by the first signed head made after it, or by the state kept for appending:
then the entry is one in a range.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from declarant.audit_log.difference import Difference, difference, moved
from declarant.audit_log.entry import Entry
from declarant.audit_log.export import EXPORTED, FILES_DIGEST
from declarant.audit_log.files import check_files, named_files
from declarant.audit_log.heads_check import check_heads, genuine
from declarant.audit_log.log import FoundLog
from declarant.audit_log.tree import Frontier
from declarant.audit_log.verdict import Verification, WrongEntry
from declarant.problems import Finding, Place, Severity

Progress = Callable[[int], None]


def verify(
    found: FoundLog, keys: Collection[str] = (), progress: Progress = lambda done: None
) -> Verification:
    """Verify a log that was found, with the heads of it that were kept elsewhere among its heads.

    `keys` are public keys (hexadecimal) that heads may be signed with; without any, those of the
    heads kept elsewhere. `progress` is told the number of entries read.
    """
    log = found.tree.log if found.tree is not None else None
    result = Verification(found.name, log, heads=len(found.heads), findings=[*found.findings])
    known = set(keys) or {item.head.key for item in found.heads if item.kept_elsewhere}
    result.key_known = bool(known)
    good = [item for item in found.heads if genuine(item, known, result)]
    roots = {item.head.size: b"" for item in good}
    frontier = _read_entries(found, roots, result, progress)
    complete = result.first_wrong is None
    check_heads(good, roots, complete, result)
    if complete and found.tree is not None:
        _check_tree(found, frontier, result)
    if complete and found.files_digest not in (None, result.exported_files):
        what = "is not the list of files that the log's last export noted."
        result.error("audit.file_list", what, found.name, "Export the log again.")
    if found.files is not None:
        for sha256 in sorted(result.named - {file.sha256 for file in found.files}):
            what = f"the log names the stored file {sha256}; the list of stored files does not."
            result.error("audit.file_unlisted", what, found.name, "Restore it from a backup.")
    if result.dated_before:
        first, more = result.dated_before[0], len(result.dated_before) - 1
        others = f" (and {more} others)" if more else ""
        what = f"entry {first} is dated before the one it follows{others}: a clock was set back."
        place = Place(found.name)
        result.findings.append(Finding("audit.clock", what, place, severity=Severity.NOTE))
    result.name_first()
    return result


def verify_files(
    found: FoundLog, folder: Path, result: Verification, progress: Progress = lambda done: None
) -> None:
    """Compare the stored files in `folder` with their hashes; note in `result` what is wrong."""
    files = found.files or []
    result.findings += check_files(folder, files, progress)
    result.files = len(files)


def _read_entries(
    found: FoundLog, roots: dict[int, bytes], result: Verification, progress: Progress
) -> Frontier:
    """Read entries up to the first wrong one; set the tree's head at the sizes in `roots`."""
    frontier = Frontier()
    roots[0] = frontier.root
    entries = iter(found.entries)
    for item in entries:
        read = difference(item, frontier.size, result.log)
        if isinstance(read, Difference):
            kind, what = read.kind, f"{read.what} ({item.where})"
            if kind == "missing" and (other := moved(entries, frontier.size)) is not None:
                kind, what = "order", f"it stands elsewhere ({other.where}), not at its place"
            result.wrong_entry(WrongEntry(frontier.size, frontier.size, kind, what))
            break
        assert item.leaf is not None  # noqa: S101 - `difference` compared it
        result.log = read.log
        _note(result, read)
        frontier = frontier.append(item.leaf)
        if frontier.size in roots:
            roots[frontier.size] = frontier.root
        progress(frontier.size)
    result.entries, result.root = frontier.size, frontier.root.hex()
    return frontier


def _note(result: Verification, entry: Entry) -> None:
    if entry.moment < result.last_moment:
        result.dated_before.append(entry.index)
    result.last_moment = entry.moment
    result.named.update(named_files(entry.detail))
    if entry.action == EXPORTED:
        result.exported_files = entry.detail.get(FILES_DIGEST)


def _check_tree(found: FoundLog, frontier: Frontier, result: Verification) -> None:
    """Compare the state that the database keeps for appending with the entries."""
    tree, size = found.tree, frontier.size
    assert tree is not None  # noqa: S101 - the caller looked
    if tree.size != size and type(tree.size) is int:
        missing = tree.size > size
        what = f"the database counts {tree.size} entries, and {size} are there"
        at = min(tree.size, size)
        result.wrong_entry(WrongEntry(at, at, "missing" if missing else "added", what))
    elif tree.size != size or tree.frontier != frontier.to_bytes():
        what = "the state kept for appending is not that of the entries."
        mend = "Either it was changed, or an entry together with its hash; heads tell which."
        result.error("audit.tree", what, found.name, mend)
        unlike = _unlike(frontier, tree.frontier)
        if unlike is not None and unlike.last >= result.covered:
            result.wrong_entry(unlike)


def _unlike(frontier: Frontier, held: object) -> WrongEntry | None:
    """Return the entries under the first full subtree that differs; None when it cannot be told."""
    start = 0
    if not isinstance(held, bytes) or len(held) != len(frontier.to_bytes()):
        return None
    other = Frontier.from_bytes(frontier.size, held)
    heights = [
        bit for bit in reversed(range(frontier.size.bit_length())) if frontier.size >> bit & 1
    ]
    for height, mine, theirs in zip(heights, frontier.peaks, other.peaks, strict=True):
        end = start + (1 << height)
        if mine != theirs:
            what = "written anew with its hash, or else the state kept for appending was changed"
            return WrongEntry(start, end - 1, "content", what)
        start = end
    return None
