"""Whether jobs held the same devices at the same time: what would be counted twice.

How many devices a node has is not in an accounting export. What any one job was given of a node is,
and nodes are taken to be alike: more than the greatest such share, at one time, cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from declarant.compute.readers.slurm.attempts import Attempt
from declarant.compute.readers.slurm.notes import Notes
from declarant.host_lists import HostLists
from declarant.problems import BadInput

MOST_SPELLS = 1_000_000
"""Times of jobs on nodes that are held at once; further jobs are not checked."""


@dataclass(frozen=True, slots=True)
class _Reading:
    file: str
    format: str = "sacct"


@dataclass(frozen=True, slots=True)
class _Spell:
    start: datetime
    end: datetime
    share: float  # devices of the node
    job: int


def note_overlaps(attempts: Sequence[Attempt], notes: Notes) -> None:
    """Note the attempts of one job, and the jobs of one node, that overlap in time."""
    _note_attempts(attempts, notes)
    _note_nodes(attempts, notes)


def _note_attempts(attempts: Sequence[Attempt], notes: Notes) -> None:
    for _, group in groupby(attempts, key=lambda attempt: attempt.job):
        spells = _by_start(group)
        for (_, end, earlier), (start, _, later) in pairwise(spells):
            if start < end:
                lap = int((end - start).total_seconds())
                amount = min(lap, earlier.held, later.held) * min(
                    earlier.devices.most, later.devices.most
                )
                notes.add("sacct.attempts_overlap", later.shown, amount, later.file, later.line)


def _by_start(group: Iterable[Attempt]) -> list[tuple[datetime, datetime, Attempt]]:
    held = [
        (item.start, end, item)
        for item in group
        if item.start is not None and (end := _end(item)) is not None
    ]
    return sorted(held, key=lambda spell: spell[0])


def _note_nodes(attempts: Sequence[Attempt], notes: Notes) -> None:
    by_node: dict[tuple[str, str], list[_Spell]] = {}
    spells, greatest = 0, 0.0
    for number, item in enumerate(attempts):
        end = _end(item)
        if item.start is None or end is None or not item.node_list or not item.most:
            continue
        names: tuple[str, ...] = ()
        try:
            if spells < MOST_SPELLS:
                names = HostLists(_Reading(item.file), MOST_SPELLS - spells).expand(item.node_list)
        except BadInput:
            pass
        if not names:
            notes.add("sacct.nodes_unchecked", item.shown, item.most, item.file, item.line)
            continue
        spells += len(names)
        share = item.devices.most / len(names)
        greatest = max(greatest, share)
        cluster = item.job.rpartition(":")[0]
        for name in names:
            by_node.setdefault((cluster, name), []).append(_Spell(item.start, end, share, number))
    twice: dict[int, float] = {}
    for on_node in by_node.values():
        _sweep(on_node, greatest, twice)
    for number, amount in sorted(twice.items()):
        item = attempts[number]
        notes.add("sacct.nodes_overlap", item.shown, round(amount), item.file, item.line)


def _sweep(spells: list[_Spell], most: float, twice: dict[int, float]) -> None:
    """Add what was held of a node beyond `most`, to the job that came last each time."""
    turns = sorted(
        turn
        for number, spell in enumerate(spells)
        for turn in ((spell.start, 1, number), (spell.end, 0, number))
    )
    running: dict[int, _Spell] = {}
    held, since = 0.0, turns[0][0]
    for moment, starts, number in turns:
        surplus = held - most
        if surplus > 1e-9 and running:
            last = next(reversed(running.values()))
            lap = (moment - since).total_seconds()
            twice[last.job] = twice.get(last.job, 0.0) + surplus * lap
        if starts:
            running[number] = spells[number]
            held += spells[number].share
        else:
            running.pop(number, None)
            held -= spells[number].share
        since = moment


def _end(attempt: Attempt) -> datetime | None:
    if attempt.end is not None or attempt.start is None:
        return attempt.end
    try:
        return attempt.start + timedelta(seconds=attempt.held + attempt.stopped)
    except OverflowError:
        return None
