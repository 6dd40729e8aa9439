"""A file of a ledger read into its sections, and what does not hold in it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from declarant.compute.tracker.entries import (
    Anchored,
    Closed,
    Entry,
    Opened,
    Resumed,
    Signature,
    Stretch,
    entry_of,
    moment,
)
from declarant.compute.tracker.reading.chain import Break, Chain, TornLine, Whole
from declarant.compute.tracker.reading.section import Section
from declarant.problems import bad_input

MOST_KEPT = 100
"""Breaks, torn lines and anchors of a file that are told one by one; the rest are counted."""


@dataclass(slots=True)
class LedgerFile:
    """What one file holds.

    Attributes:
        path: where it is.
        file: as people named it.
        head: digest of its last record.
        genesis: digest of its first, which tells copies from other files.
        records: how many are whole.
        sections: in the order written.
        breaks: where the chain does not hold, the first hundred.
        break_count: of all.
        torn: lines cut off by a kill or a full disk.
        anchors: heads that were noted elsewhere, with the record's line.
        nonsense: whole records that say what cannot be, as (line, why).
        skewed: a line whose wall clock does not fit the clock that never goes back, None if none.
    """

    path: Path
    file: str
    head: str = ""
    genesis: str = ""
    records: int = 0
    sections: list[Section] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    break_count: int = 0
    torn: list[TornLine] = field(default_factory=list)
    anchors: list[tuple[int, Anchored]] = field(default_factory=list)
    nonsense: list[tuple[int, str]] = field(default_factory=list)
    skewed: int | None = None
    on_stretch: Callable[[Section, Stretch], None] | None = None
    _unsure: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the chain holds from the first record to the last."""
        return not self.break_count and not self.nonsense


def read_file(
    path: Path,
    shown: str,
    on_stretch: Callable[[Section, Stretch], None] | None = None,
) -> LedgerFile:
    """Read one file; `on_stretch` sees every stretch of training as it comes.

    Raises:
        BadInput: when it cannot be read or holds no record of a ledger.
    """
    found = LedgerFile(path, shown, on_stretch=on_stretch)
    chain = Chain(path)
    try:
        for item in chain:
            if isinstance(item, Whole):
                _take(found, item)
            elif isinstance(item, Break):
                found.break_count += 1
                found._unsure = True
                if len(found.breaks) < MOST_KEPT:
                    found.breaks.append(item)
            elif len(found.torn) < MOST_KEPT:
                found.torn.append(item)
    except (OSError, EOFError, zlib.error) as error:
        raise bad_input(
            "file.damaged",
            f"cannot be read to its end: {getattr(error, 'strerror', None) or error}.",
            mend="Copy it again.",
            file=shown,
        ) from None
    if not found.sections:
        raise bad_input(
            "tracker.no_section",
            "holds no record that opens a ledger; nothing in it can be counted.",
            mend="Name the folder of the run's ledger, or a copy of this file that is whole.",
            file=shown,
        )
    found.head, found.genesis, found.records = chain.head, chain.genesis, chain.records
    return found


def _take(found: LedgerFile, item: Whole) -> None:
    try:
        entry = entry_of(item.record)
    except ValueError as error:
        found._unsure = True
        if len(found.nonsense) < MOST_KEPT:
            found.nonsense.append((item.line, str(error)))
        return
    section = found.sections[-1] if found.sections else None
    if isinstance(entry, Opened):
        section = Section(entry, found.file, item.line, last_ms=entry.opened_ms)
        section.pace.take(entry)
        found.sections.append(section)
        found._unsure = False
    elif section is not None:
        _within(found, section, entry, item)
        _compare_clocks(found, section, entry, item.line, moment(item.record))


def _within(found: LedgerFile, section: Section, entry: Entry, item: Whole) -> None:
    if isinstance(entry, Signature):
        section.signatures.setdefault(entry.number, entry.count)
    elif isinstance(entry, Stretch):
        if found._unsure:
            section.unread_ms += max(0, entry.began_ms - section.last_ms)
            found._unsure = False
        section.take(entry, item.line)
        if found.on_stretch is not None:
            found.on_stretch(section, entry)
    elif isinstance(entry, Closed):
        section.ended, section.last_ms = "closed", max(section.last_ms, entry.ms)
    elif isinstance(entry, Resumed):
        section.ended, section.resumed = "resumed", entry
    elif isinstance(entry, Anchored) and len(found.anchors) < MOST_KEPT:
        found.anchors.append((item.line, entry))


def _compare_clocks(
    found: LedgerFile, section: Section, entry: Entry, line: int, at: datetime | None
) -> None:
    if at is None or found.skewed is not None or not isinstance(entry, Stretch):
        return
    if abs((at - section.moment(entry.ms)).total_seconds()) > 60:
        found.skewed = line
