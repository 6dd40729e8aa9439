"""The plan: operations by day, piecewise linear and exact.

A stretch is work of a known amount that goes on at a pace proportional to the scheduled capacity,
from the beginning of its first day until it is done. All days are whole days; a total on a day is
the total at that day's end, which is how the determination spreads planned work too.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from declarant.compute.forecast.schedule import Schedule
from declarant.quantities import Interval

_DAY = timedelta(days=1)
LONGEST = 20 * 366
"""Days; work that takes longer than this at its pace is taken not to end."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Work of one piece of a run.

    Attributes:
        amount: its operations, all of it.
        start: the first day; None when not known.
        needed: capacity-days it takes (see `Schedule.days`); None when not known.
        schedule: the capacity by day.
        done_by: for work that is done: all of it is, at the end of this day at the latest.
        group: pieces of one group add up; of several groups a `Course` may take the largest.
    """

    amount: Interval
    start: date | None
    needed: Fraction | None
    schedule: Schedule = field(default_factory=Schedule)
    done_by: date | None = None
    group: Hashable = None

    @classmethod
    def between(
        cls,
        amount: Interval,
        start: date | None,
        end: date | None,
        *,
        schedule: Schedule | None = None,
        done_by: date | None = None,
        group: Hashable = None,
    ) -> Stretch:
        """Return work that takes the days from `start` to `end`, both included."""
        plan = schedule or Schedule()
        needed = None if start is None or end is None else plan.days(start, end)
        return cls(amount, start, needed or None, plan, done_by, group)

    @property
    def is_dated(self) -> bool:
        """Whether it is known how the work lies in time."""
        return self.start is not None and self.needed is not None

    @property
    def end(self) -> date | None:
        """The day on which it is finished; None when not known, or when it does not end."""
        if self.start is None or self.needed is None:
            return self.done_by
        return self.schedule.day_after(self.start, self.needed, LONGEST)

    def on(self, day: date) -> Interval:
        """Return the operations done of it at the end of `day`."""
        if self.start is not None and self.needed is not None:
            share = self.schedule.days(self.start, day) / self.needed
            return self.amount * min(Fraction(1), share)
        if self.done_by is not None and day >= self.done_by:
            return self.amount
        if self.start is not None and day < self.start:
            return Interval.exactly(0)
        return self.amount * Interval.between(0, 1, reason="its days are not known")


@dataclass(frozen=True, slots=True)
class Course:
    """The operations of several stretches together, by day."""

    stretches: tuple[Stretch, ...]
    largest_group: bool = False

    def on(self, day: date) -> Interval:
        """Return the total at the end of `day`: the sum, or the largest group's sum."""
        if not self.largest_group:
            return Interval.total(stretch.on(day) for stretch in self.stretches)
        groups: dict[Hashable, Interval] = {}
        for stretch in self.stretches:
            sum_before = groups.get(stretch.group, Interval.exactly(0))
            groups[stretch.group] = sum_before + stretch.on(day)
        return _largest(tuple(groups.values()))

    @property
    def first_day(self) -> date | None:
        """The first day known of any stretch."""
        days = [each.start or each.done_by for each in self.stretches]
        return min((day for day in days if day is not None), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day known of any stretch; what comes after it changes nothing known."""
        ends = [each.end or each.start for each in self.stretches]
        return max((day for day in ends if day is not None), default=None)

    def days(self, beside: date) -> tuple[date, date]:
        """Return a day before all that is known to happen, and a day after it."""
        first, last = self.first_day or beside, self.last_day or beside
        before, after = min(first, beside), max(last, beside)
        return (
            before - _DAY if before > date.min else before,
            after + _DAY if after < date.max else after,
        )


def _largest(parts: tuple[Interval, ...]) -> Interval:
    if not parts:
        return Interval.exactly(0)
    bests = [part.best for part in parts]
    highs = [part.high for part in parts]
    return Interval(
        max(part.low for part in parts),
        None if None in bests else max(best for best in bests if best is not None),
        None if None in highs else max(high for high in highs if high is not None),
        "largest stage",
    )
