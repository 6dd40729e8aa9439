"""What one rank did, from all its sections in order of time: kept, lost, and other purposes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from declarant.compute.tracker.reading.amounts import (
    NOTHING,
    Amounts,
    amounts,
    any_of,
    interval,
    total,
)
from declarant.compute.tracker.reading.rollback import Return, Standing
from declarant.compute.tracker.reading.section import Section
from declarant.compute.tracker.reading.unrecorded import Known, Unrecorded, after, within
from declarant.compute.tracker.step_count import StepCount, UncountedKernel
from declarant.quantities import Interval


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A kernel without a formula, over the whole run."""

    name: str
    calls: int
    operations: Interval
    why: str


@dataclass(frozen=True, slots=True)
class RankAccount:
    """One rank's work.

    Attributes:
        rank: of the run.
        sections: in order of time.
        kept: training that stands, with what was not recorded of it.
        lost: training that was rolled back.
        others: other purposes by name ("evaluation").
        recorded: training steps in the ledger, kept and lost.
        returns: where the step went back.
        unrecorded: what may be missing.
        overlaps: sections that ran at the same time.
        uncounted: kernels without a formula.
    """

    rank: int
    sections: tuple[Section, ...]
    kept: Amounts
    lost: Amounts
    others: dict[str, Amounts]
    recorded: int
    returns: tuple[Return, ...]
    unrecorded: tuple[Unrecorded, ...]
    overlaps: tuple[tuple[Section, Section], ...]
    uncounted: tuple[Uncounted, ...]

    @property
    def all(self) -> Amounts:
        """All that the rank did."""
        return total((self.kept, self.lost, *self.others.values()))

    @property
    def start(self) -> datetime:
        """When its first section began."""
        return self.sections[0].start

    @property
    def end(self) -> datetime:
        """When its last section ended."""
        return max(section.end for section in self.sections)

    @property
    def counts(self) -> list[StepCount]:
        """Every distinct step of it."""
        return [count for section in self.sections for count in section.signatures.values()]


def known_of(sections: Sequence[Section]) -> Known:
    """Return what all sections together tell of steps."""
    paces = [item.pace.steps_per_second for item in sections if item.pace.steps_per_second]
    counts = [count for section in sections for count in section.signatures.values()]
    return Known(max(paces, default=None), any_of(counts) if counts else None)


def account(rank: int, sections: Sequence[Section], known: Known) -> RankAccount:
    """Put the sections of one rank together.

    Args:
        rank: whose they are.
        sections: of all its files, in any order; one at the least.
        known: what the ledger of all ranks tells of steps.
    """
    ordered = _in_order(sections)
    standing = Standing()
    for number, section in enumerate(ordered):
        standing.take(number, section)
    kept, lost = [], []
    for (number, signature), _ in sorted(standing.all.items()):
        count = ordered[number].signatures[signature]
        kept.append(amounts(standing.kept((number, signature)), count))
        lost.append(amounts(standing.lost((number, signature)), count))
    open_ends = _unrecorded(ordered, known)
    return RankAccount(
        rank,
        ordered,
        total((*kept, *(item.kept for item in open_ends))),
        total((*lost, *(item.lost for item in open_ends))),
        _others(ordered),
        standing.all.total(),
        tuple(standing.returns),
        open_ends,
        _overlaps(ordered),
        _uncounted(ordered, standing),
    )


def _unrecorded(ordered: tuple[Section, ...], known: Known) -> tuple[Unrecorded, ...]:
    found = []
    for number, section in enumerate(ordered):
        found.append(after(section, _following(ordered, number), known))
        found.append(within(section, known))
    return tuple(item for item in found if item is not None)


def _in_order(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Order by time; in one file the order of its lines stands, whatever the wall clock did."""
    begun: dict[str, datetime] = {}
    keys = []
    for section in sorted(sections, key=lambda item: (item.file, item.line)):
        moment = max(section.start, begun.get(section.file, section.start))
        begun[section.file] = moment
        keys.append((moment, section.file, section.line, section))
    return tuple(item[3] for item in sorted(keys, key=lambda item: item[:3]))


def _following(ordered: tuple[Section, ...], number: int) -> Section | None:
    """Return the next section that trained, else the next; none that ran at the same time."""
    this = ordered[number]
    later = [
        item for item in ordered[number + 1 :] if item.file == this.file or item.start >= this.end
    ]
    trained = (item for item in later if item.spells)
    return next(trained, later[0] if later else None)


def _others(ordered: tuple[Section, ...]) -> dict[str, Amounts]:
    found: defaultdict[str, Amounts] = defaultdict(lambda: NOTHING)
    for section in ordered:
        for (purpose, signature), steps in sorted(section.others.items()):
            count = section.signatures[signature]
            found[purpose] = found[purpose] + amounts(Interval.exactly(steps), count)
    return dict(found)


def _overlaps(ordered: tuple[Section, ...]) -> tuple[tuple[Section, Section], ...]:
    found: list[tuple[Section, Section]] = []
    latest: Section | None = None
    for section in ordered:
        if latest is not None and _at_once(latest, section) and len(found) < 100:
            found.append((latest, section))
        if latest is None or section.end > latest.end:
            latest = section
    return tuple(found)


def _at_once(section: Section, other: Section) -> bool:
    return section.file != other.file and other.start < section.end


def _uncounted(ordered: tuple[Section, ...], standing: Standing) -> tuple[Uncounted, ...]:
    steps: Counter[tuple[int, int]] = Counter(standing.all)
    for number, section in enumerate(ordered):
        for (_, signature), calls in section.others.items():
            steps[number, signature] += calls
    found: dict[str, Uncounted] = {}
    for (number, signature), calls in sorted(steps.items()):
        for kernel in ordered[number].signatures[signature].uncounted:
            found[kernel.name] = _more(found.get(kernel.name), kernel, calls)
    return tuple(found.values())


def _more(held: Uncounted | None, kernel: UncountedKernel, steps: int) -> Uncounted:
    operations = interval(kernel.bounds) * steps
    if held is None:
        return Uncounted(kernel.name, kernel.calls * steps, operations, kernel.why)
    return Uncounted(
        kernel.name, held.calls + kernel.calls * steps, held.operations + operations, held.why
    )
