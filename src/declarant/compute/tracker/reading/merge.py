"""The ledgers of all ranks as one: each file once, missing ranks bounded, nothing counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.tracker.reading.amounts import NOTHING, Amounts, amounts, total
from declarant.compute.tracker.reading.copies import Apart, each_once
from declarant.compute.tracker.reading.rank_account import RankAccount, account, known_of
from declarant.compute.tracker.reading.section import Section
from declarant.compute.tracker.reading.section_reader import LedgerFile
from declarant.problems import bad_input
from declarant.quantities import Interval

DATA_PARALLEL = "data_parallel"
"""The fact that says how many ranks see samples of their own; the others see the same ones."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A run's ledger, all ranks together.

    Attributes:
        run: its name.
        files: that were counted, in order of rank and name.
        ranks: each rank's account, in order.
        world_size: ranks that there should be, the greatest number named.
        missing: ranks of which there is no ledger.
        missing_count: how many these are; `missing` names the first hundred.
        apart: files left out, since another begins with the same record.
        same_process: sections of one process that ran at once and may count the same steps.
        kept: training that stands. Bounds of the missing ranks included, as in all amounts.
        lost: training that was rolled back.
        others: other purposes by name.
        missing_amounts: what the missing ranks may have done, all purposes.
        data_parallel: ranks that see samples of their own, None unknown.
    """

    run: str
    files: tuple[LedgerFile, ...]
    ranks: tuple[RankAccount, ...]
    world_size: int
    missing: tuple[int, ...]
    missing_count: int
    apart: tuple[Apart, ...]
    same_process: tuple[tuple[Section, Section], ...]
    kept: Amounts
    lost: Amounts
    others: dict[str, Amounts]
    missing_amounts: Amounts
    data_parallel: int | None


def merge(files: Sequence[LedgerFile]) -> Merged:
    """Put the files of one run together; their order does not matter.

    Raises:
        BadInput: when they are of several runs.
    """
    runs = sorted({section.opened.run for file in files for section in file.sections})
    if len(runs) > 1:
        raise bad_input(
            "tracker.several_runs",
            f"holds the ledgers of {len(runs)} runs: {_listed(runs)}.",
            mend="Name the folder of one of them.",
            file=files[0].file,
        )
    counted, apart = each_once(files)
    sections: defaultdict[int, list[Section]] = defaultdict(list)
    for file in counted:
        for section in file.sections:
            sections[section.opened.rank].append(section)
    everything = [section for file in counted for section in file.sections]
    known = known_of(everything)
    ranks = tuple(account(rank, sections[rank], known) for rank in sorted(sections))
    world = max(section.opened.world_size for section in everything)
    present = sum(rank < world for rank in sections)
    missing = tuple(rank for rank in range(min(world, 1 << 20)) if rank not in sections)[:100]
    absent = max(0, world - present)
    purposes = sorted({name for rank in ranks for name in rank.others})
    same_process = tuple(
        (section, other)
        for rank in ranks
        for section, other in rank.overlaps
        if section.opened.process == other.opened.process
    )
    doubtful = [min(pair, key=_training_steps) for pair in same_process]
    kept = _perhaps_twice(_column([rank.kept for rank in ranks], absent), doubtful)
    lost = _column([rank.lost for rank in ranks], absent)
    others = {
        name: _column([rank.others.get(name, NOTHING) for rank in ranks], absent)
        for name in purposes
    }
    return Merged(
        runs[0],
        tuple(counted),
        ranks,
        world,
        missing,
        absent,
        apart,
        same_process,
        kept,
        lost,
        others,
        _absent([rank.all for rank in ranks], absent),
        _data_parallel(everything),
    )


def _column(parts: list[Amounts], absent: int) -> Amounts:
    return total((*parts, _absent(parts, absent)))


def _absent(parts: list[Amounts], absent: int) -> Amounts:
    """Return what missing ranks may have done: nothing, or as much as the greatest of the others.

    The best value takes each for the mean of the others.
    """
    if not absent:
        return NOTHING
    reason = f"the ledgers of {absent} rank{'s' if absent > 1 else ''} are missing"

    def of(intervals: list[Interval | None]) -> Interval | None:
        known = [item for item in intervals if item is not None]
        if len(known) < len(intervals):
            return None
        highs = [item.high for item in known if item.high is not None]
        bests = [item.best for item in known if item.best is not None]
        high = max(highs) * absent if len(highs) == len(known) else None
        best = sum(bests, Fraction(0)) * absent / len(bests) if len(bests) == len(known) else None
        return Interval.between(0, high, best, reason)

    def sure(intervals: list[Interval]) -> Interval:
        held = of(list(intervals))
        return Interval.exactly(0) if held is None else held

    return Amounts(
        sure([part.steps for part in parts]),
        sure([part.model for part in parts]),
        sure([part.executed for part in parts]),
        of([part.samples for part in parts]),
        of([part.tokens for part in parts]),
    )


def _perhaps_twice(kept: Amounts, doubtful: list[Section]) -> Amounts:
    """Lower the bounds by what sections of one process, at one time, may have counted again."""
    again = total(
        amounts(Interval.exactly(calls), section.signatures[signature])
        for section in doubtful
        for spell in section.spells
        for signature, calls in spell.counts.items()
    )
    if again.is_none:
        return kept
    reason = "two ledgers of one process may count the same steps"

    def lower(column: Interval, by: Interval) -> Interval:
        low = max(Fraction(0), column.low - (by.low if by.high is None else by.high))
        joined = f"{column.reason}; {reason}" if column.reason else reason
        return Interval(low, column.best, column.high, joined)

    def perhaps(column: Interval | None, by: Interval | None) -> Interval | None:
        return None if column is None or by is None else lower(column, by)

    return Amounts(
        lower(kept.steps, again.steps),
        lower(kept.model, again.model),
        lower(kept.executed, again.executed),
        perhaps(kept.samples, again.samples),
        perhaps(kept.tokens, again.tokens),
    )


def _training_steps(section: Section) -> int:
    return sum(spell.counts.total() for spell in section.spells)


def _data_parallel(sections: list[Section]) -> int | None:
    """Return the fact when every section names the same, or when there is one rank only."""
    named = {section.opened.facts.get(DATA_PARALLEL) for section in sections}
    world = {section.opened.world_size for section in sections}
    if world == {1}:
        return 1
    text = named.pop() if len(named) == 1 else None
    return int(text) if text and text.isascii() and text.isdigit() and int(text[:9]) else None


def _listed(runs: list[str]) -> str:
    shown = ", ".join(repr(run[:60]) for run in runs[:5])
    return f"{shown} and others" if len(runs) > 5 else shown
