"""Steps times what each costs: operations in two columns, steps, samples and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from declarant.compute.recording import added
from declarant.compute.tracker.step_count import Bounds, StepCount
from declarant.quantities import Interval


@dataclass(frozen=True, slots=True)
class Amounts:
    """What some steps did; samples and tokens are None where a step does not tell them."""

    steps: Interval
    model: Interval
    executed: Interval
    samples: Interval | None
    tokens: Interval | None

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.steps + other.steps,
            self.model + other.model,
            self.executed + other.executed,
            added((self.samples, other.samples)),
            added((self.tokens, other.tokens)),
        )

    @property
    def is_none(self) -> bool:
        """Whether there was surely nothing."""
        return self.steps.high == 0


_ZERO = Interval.exactly(0)
NOTHING = Amounts(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO)


def amounts(steps: Interval, count: StepCount) -> Amounts:
    """Return what so many steps of one signature did."""
    if steps.high == 0:
        return NOTHING
    return Amounts(
        steps,
        interval(count.model) * steps,
        interval(count.executed) * steps,
        None if count.samples is None else steps * count.samples,
        None if count.tokens is None else steps * count.tokens,
    )


def total(parts: Iterable[Amounts]) -> Amounts:
    """Return the sum; nothing when there are no parts."""
    whole = NOTHING
    for part in parts:
        whole = whole + part
    return whole


def interval(bounds: Bounds) -> Interval:
    """Return the bounds as an interval."""
    return Interval.between(bounds.low, bounds.high, bounds.best)


def any_of(counts: Iterable[StepCount]) -> StepCount:
    """Return a step that may be any of these: the least and the greatest of each column.

    Raises:
        ValueError: when there are none.
    """
    held = tuple(counts)
    if not held:
        raise ValueError("there is no step to choose from")
    return StepCount(
        Bounds.hull([count.model for count in held]),
        Bounds.hull([count.executed for count in held]),
        "any",
        samples=_same([count.samples for count in held]),
        tokens=_same([count.tokens for count in held]),
    )


def _same(values: list[int | None]) -> int | None:
    return values[0] if all(value == values[0] for value in values) else None
