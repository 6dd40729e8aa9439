"""What each method says of one part of a run, and what it can tell apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from declarant.compute.ledger import Method, Segment
from declarant.quantities import Interval

TELL_NOTHING_APART = frozenset({Method.CHIP_TIME, Method.HARDWARE_COUNTER})
"""Methods that see machines at work and not what for: lost steps and evaluation are in them."""

INCLUDES = {
    Method.ARCHITECTURE: "matrix products and attention of the kept tokens; no recomputation in "
    "the model's column, no optimizer",
    Method.SHORT_FORM: "6 for each active parameter and token; no attention",
    Method.FRAMEWORK_COUNTER: "every kernel with a formula, attention in full",
    Method.TRAINER_LOG: "what the trainer's own formula holds",
    Method.CHIP_TIME: "all time of the devices, times a utilisation",
    Method.HARDWARE_COUNTER: "all that the matrix units executed: recomputation, lost steps, "
    "evaluation, other work on the same devices",
    Method.STATED: "as stated",
}
"""What a method's figure holds where its source does not say more."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One method's figures for one part of a run.

    Attributes:
        method: that counted.
        segment: the part's own work as it counted it.
        model: model operations of the part's own work.
        executed: executed operations of the part's own work; of a method that tells nothing
            apart, of everything that ran.
        executed_in_all: executed operations with what any method tells apart (lost steps,
            evaluation), for comparison with methods that tell nothing apart; None when not known.
        includes: what the figures hold and leave out.
    """

    method: Method
    segment: Segment
    model: Interval | None
    executed: Interval | None
    executed_in_all: Interval | None
    includes: str

    @property
    def tells_apart(self) -> bool:
        """Whether the method knows lost steps and evaluation from the part's own work."""
        return self.method not in TELL_NOTHING_APART


def part_of(segment: Segment) -> str:
    """Return RUN/PART of a segment, whatever its files told apart."""
    return segment.work.partition("+")[0]


def figures_of(part: str, segments: Iterable[Segment]) -> tuple[Figure, ...]:
    """Return the figures of RUN/PART by method, in the order of its segments."""
    held = tuple(item for item in segments if part_of(item) == part)
    apart = [item for item in held if item.work != part]
    return tuple(
        Figure(
            own.method,
            own,
            own.model_operations,
            own.executed_operations,
            _in_all(own, apart),
            own.includes or INCLUDES[own.method],
        )
        for own in held
        if own.work == part
    )


def _in_all(own: Segment, apart: list[Segment]) -> Interval | None:
    """Return a figure with what is told apart: by its own method, else by the preferred one."""
    if own.executed_operations is None or own.method in TELL_NOTHING_APART:
        return own.executed_operations
    total = own.executed_operations
    for work in dict.fromkeys(item.work for item in apart):
        counted = [item for item in apart if item.work == work]
        same = [item for item in counted if item.method is own.method]
        taken = (same or sorted(counted, key=lambda item: not item.preferred))[0]
        amount = taken.executed_operations
        if amount is None:
            return Interval.at_least(total.low, "work told apart is not known in size")
        total = total + amount
    return total
