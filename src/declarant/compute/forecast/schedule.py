"""Capacity by period: how much of the devices of the first period are at work on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Schedule:
    """Devices from a day on, in order of days; the last number stays, the first stood before.

    Without periods the capacity is the same on every day. A number of 0 is a planned stop.

    Raises:
        ValueError: when the days are out of order, a number is negative, or the first is 0
            (everything is measured against it).
    """

    periods: tuple[tuple[date, int], ...] = ()

    def __post_init__(self) -> None:
        days = [day for day, _ in self.periods]
        if days != sorted(set(days)):
            raise ValueError("the periods of capacity are out of order")
        if any(devices < 0 for _, devices in self.periods):
            raise ValueError("a number of devices is negative")
        if self.periods and self.periods[0][1] == 0:
            raise ValueError("the first period has no devices to measure the others against")

    def capacity(self, day: date) -> Fraction:
        """Return the devices of `day` as a multiple of those of the first period."""
        if not self.periods:
            return Fraction(1)
        devices = self.periods[0][1]
        for since, number in self.periods:
            if since <= day:
                devices = number
        return Fraction(devices, self.periods[0][1])

    def days(self, first: date, last: date) -> Fraction:
        """Return the days from `first` to `last`, both included, each weighed by its capacity."""
        begin, stop = first.toordinal(), last.toordinal() + 1
        if stop <= begin:
            return Fraction(0)
        inner = [since.toordinal() for since, _ in self.periods]
        edges = [begin, *(edge for edge in inner if begin < edge < stop), stop]
        return sum(
            (
                (until - since) * self.capacity(date.fromordinal(since))
                for since, until in pairwise(edges)
            ),
            Fraction(0),
        )

    def day_after(self, first: date, needed: Fraction, within: int) -> date | None:
        """Return the day on which `needed` capacity-days from `first` on have passed.

        None when that takes more than `within` calendar days, or the calendar ends.
        """
        low = first.toordinal() - 1
        high = min(low + within, date.max.toordinal())
        if self.days(first, date.fromordinal(high)) < needed:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self.days(first, date.fromordinal(middle)) >= needed:
                high = middle
            else:
                low = middle
        return date.fromordinal(high)
