"""The same file twice: copies of a rank's ledger are left out, and copies that differ are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from declarant.compute.tracker.reading.chain import Chain, Whole
from declarant.compute.tracker.reading.section_reader import LedgerFile


@dataclass(frozen=True, slots=True)
class Apart:
    """A file that is not counted, since `other` begins with the same record.

    `differs` when the other does not hold all of it: one of them was changed.
    """

    file: LedgerFile
    other: LedgerFile
    differs: bool


def each_once(files: Sequence[LedgerFile]) -> tuple[list[LedgerFile], tuple[Apart, ...]]:
    """Return the files to count, in order of rank and name, and those left out.

    Of files with the same first record, which names host, process and moment, the longest counts;
    among equals one whose chain holds.
    """
    groups: defaultdict[str, list[LedgerFile]] = defaultdict(list)
    for file in sorted(
        files, key=lambda item: (not item.is_whole, -item.records, item.head, item.file)
    ):
        groups[file.genesis].append(file)
    counted, apart = [], []
    for group in groups.values():
        longest = group[0]
        counted.append(longest)
        apart += [Apart(file, longest, differs=not _holds(longest, file)) for file in group[1:]]
    counted.sort(key=lambda item: (item.sections[0].opened.rank, item.file))
    return counted, tuple(sorted(apart, key=lambda item: item.file.file))


def _holds(longest: LedgerFile, file: LedgerFile) -> bool:
    """Whether a record of the one is the other's last: it then holds all that stands before."""
    if not file.is_whole:
        return False
    if longest.head == file.head:
        return True
    return any(
        isinstance(item, Whole) and item.record.sha256 == file.head for item in Chain(longest.path)
    )
