"""A run's ledger on disk: all its files read, and how far the run was at moments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from declarant.compute.progress import Mark, Progress, Thinned
from declarant.compute.tracker.entries import Stretch
from declarant.compute.tracker.reading.merge import Merged, merge
from declarant.compute.tracker.reading.section import Section
from declarant.compute.tracker.reading.section_reader import read_file
from declarant.problems import bad_input

NAMES = re.compile(r"rank-\d{5,}(\.\d+)?\.ledger\.jsonl(\.gz)?")


def ledger_files(place: Path, shown: str) -> list[tuple[Path, str]]:
    """Return the files of ranks at a place, itself a file or a folder, with their shown names.

    Raises:
        BadInput: when there is no such place, or no file of a ledger in it.
    """
    if place.is_file():
        return [(place, shown)]
    found = sorted(
        item for item in place.rglob("rank-*") if NAMES.fullmatch(item.name) and item.is_file()
    )
    if not found:
        raise bad_input(
            "tracker.no_files" if place.is_dir() else "file.missing",
            "holds no file of a ledger." if place.is_dir() else "there is no such file or folder.",
            mend="Name the folder that the tracker wrote; its files are named rank-….ledger.jsonl.",
            file=shown,
        )
    return [(item, f"{shown}/{item.relative_to(place).as_posix()}") for item in found]


def read_ledger(files: Sequence[tuple[Path, str]]) -> tuple[Merged, Progress | None]:
    """Read files of one run, given with their shown names, and put them together.

    Returns:
        The run's ledger, and the marks of its first file. Marks hold tokens only where that file's
        tokens are the whole run's.

    Raises:
        BadInput: when a file cannot be read, or they are of several runs.
    """
    marks = _Marks()
    held = [
        read_file(path, shown, None if number else marks.take)
        for number, (path, shown) in enumerate(files)
    ]
    merged = merge(held)
    return merged, marks.progress(with_tokens=merged.world_size == len(merged.files) == 1)


class _Marks:
    """Takes the stretches of one file as they come.

    Where steps carry no numbers, the calls recorded so far stand in for them.
    """

    def __init__(self) -> None:
        self._calls = 0
        self._numbered = False
        self._thinned = Thinned()
        self._tokens: int | None = 0

    def take(self, section: Section, stretch: Stretch) -> None:
        for signature, purpose, steps in stretch.counts:
            count = section.signatures.get(signature)
            self._calls += 0 if purpose else steps
            if not purpose and self._tokens is not None:
                known = None if count is None else count.tokens
                self._tokens = None if known is None else self._tokens + known * steps
        self._numbered |= stretch.last_step is not None
        step = stretch.last_step if self._numbered else self._calls
        if step is not None:
            self._thinned.add(Mark(section.moment(stretch.ended_ms), step, self._tokens))

    def progress(self, *, with_tokens: bool) -> Progress | None:
        kept = self._thinned.progress()
        if kept is None or with_tokens:
            return kept
        return Progress(tuple(Mark(item.moment, item.step) for item in kept.marks))
