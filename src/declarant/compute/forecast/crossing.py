"""The first day whose end finds a total above a limit: of a course exactly, of paths in chances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from declarant.compute.forecast.course import Course
from declarant.quantities import Comparison, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Open(StrEnum):
    """What stands in the place of a day."""

    NEVER = "never"  # not by anything that is planned or drawn
    UNKNOWN = "unknown"  # it may be, on a day that the facts do not tell


When = date | Open


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a course passes a limit.

    `earliest` belongs to the upper bound of the operations (and the lower one of a limit that is
    an interval itself), `likely` to the best values, `latest` to the lower bound. `at_end` compares
    the whole course with the limit.
    """

    earliest: When
    likely: When
    latest: When
    at_end: Comparison

    def as_json(self) -> dict[str, str]:
        """Return the published form; a day, "never" or "unknown" each."""
        return {
            "earliest": str(self.earliest),
            "likely": str(self.likely),
            "latest": str(self.latest),
            "at_end": self.at_end.value,
        }


def compared(amount: Interval, limit: Interval) -> Comparison:
    """Compare an amount with a limit that is an interval itself: strictly, for sure or straddles.

    A limit whose upper bound is not known can never be exceeded for sure.
    """
    if limit.high is not None and amount.low > limit.high:
        return Comparison.ABOVE
    if amount.high is not None and amount.high <= limit.low:
        return Comparison.BELOW
    return Comparison.STRADDLES


def crossing_of(course: Course, limit: Interval, beside: date) -> Crossing:
    """Return when a course passes `limit`; `beside` is a day to look at whatever the course is.

    A total of which nobody knows the upper bound may pass any limit on an unknown day; one without
    a best value does so likely on an unknown day, unless its bounds decide. A limit without an
    upper bound is one that nobody knows, and so are the days.
    """
    first, last = course.days(beside)
    if limit.high is None:
        unknown = Open.UNKNOWN
        return Crossing(unknown, unknown, unknown, compared(course.on(last), limit))

    def by(above: Callable[[date], bool | None]) -> When:
        return _first_day(above, first, last)

    earliest = by(lambda day: _more(course.on(day).high, limit.low, unbounded=True))
    latest = by(lambda day: _more(course.on(day).low, limit.high, unbounded=False))
    likely = by(lambda day: _likely_more(course.on(day), limit))
    if likely is Open.UNKNOWN and earliest is Open.NEVER:
        likely = Open.NEVER
    return Crossing(earliest, likely, latest, compared(course.on(last), limit))


def _more(
    amount: Fraction | None, limit: Fraction | None, *, unbounded: bool | None
) -> bool | None:
    if amount is None or limit is None:
        return unbounded
    return amount > limit


def _likely_more(amount: Interval, limit: Interval) -> bool | None:
    """Whether the best value is above; what is above for certain is, best value or none."""
    if _more(amount.low, limit.high, unbounded=False):
        return True
    return _more(amount.best, limit.best, unbounded=None)


def _first_day(above: Callable[[date], bool | None], first: date, last: date) -> When:
    """Return the first day on which `above` holds; it never turns back once it does."""
    at_end = above(last)
    if at_end is None:
        return Open.UNKNOWN
    if not at_end:
        return Open.NEVER
    if above(first):
        return Open.UNKNOWN  # before all that is dated
    while (last - first).days > 1:
        middle = first + timedelta(days=(last - first).days // 2)
        if above(middle):
            last = middle
        else:
            first = middle
    # a best value that was not known the day before may have passed the limit already
    return last if above(first) is False else Open.UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Quantiles of a total by day: `values[quantile]` has one amount for each of `days`."""

    days: tuple[date, ...]
    values: dict[float, tuple[float, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """How often drawn paths of a total pass a limit, and when.

    Attributes:
        days: of which each end is looked at, ascending.
        first: shape (paths,), index of the first day whose end finds the path above the limit;
            the number of days when none does.
    """

    days: tuple[date, ...]
    first: NDArray[np.intp]

    @classmethod
    def of(cls, days: tuple[date, ...], totals: NDArray[np.float64], limit: float) -> Chances:
        """Return the chances of `totals`, shape (paths, days)."""
        import numpy as np

        above = totals > limit
        return cls(days, np.where(above.any(axis=1), above.argmax(axis=1), len(days)))

    def by(self, day: date) -> float:
        """Return the share of paths that are above the limit at the end of `day`, 0 to 1."""
        return float((self.first < bisect_right(self.days, day)).mean())

    def quantile(self, share: float) -> When:
        """Return the first day by whose end at least `share` of the paths are above the limit."""
        import numpy as np

        ordered = np.sort(self.first)
        index = ordered[min(len(ordered) - 1, max(0, int(np.ceil(share * len(ordered))) - 1))]
        return self.days[index] if index < len(self.days) else Open.NEVER
