"""A sum's paths: what its runs' logs foretell, on top of what is done and what keeps to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from declarant.compute.forecast import Bands, Chances, Course
from declarant.compute.ledger import Share
from declarant.determination.forecast.running import Running
from declarant.determination.forecast.stretches import TRAINED, Placed
from declarant.determination.forecast.sums import AskedSum
from declarant.quantities import Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUANTILES = (0.025, 0.10, 0.25, 0.5, 0.75, 0.90, 0.975)
"""The median, and the bands that hold 50, 80 and 95 of 100 paths."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The paths of a sum under its lower bound, best value and upper bound of the counting.

    The three differ in how the operations are counted, not in how the runs go: chances are about
    time, bounds about counting. One is None where the count has no such value.
    """

    low: Chances
    best: Chances | None
    high: Chances | None
    bands: Bands | None

    def columns(self) -> tuple[tuple[str, Chances | None], ...]:
        """Return the three by name."""
        return (("low", self.low), ("best", self.best), ("high", self.high))


Column = Callable[[Interval], Fraction | None]


def drawn_of(
    asked: AskedSum, work: tuple[Placed, ...], running: Mapping[str, Running]
) -> Drawn | None:
    """Return the paths of a sum; None when no run of it has a log that foretells, or no limit."""
    followed = [running[run.id] for run in asked.runs if run.id in running]
    if not followed or asked.limit.high is None:
        return None
    first = min(each.days[0] for each in followed)
    last = max(each.days[-1] for each in followed)
    days = tuple(first + timedelta(days=index) for index in range((last - first).days + 1))

    def column(of: Column, limit: Fraction | None) -> tuple[Chances | None, NDArray[np.float64]]:
        import numpy as np

        totals = _totals(asked, work, running, days, of)
        if totals is None or limit is None:
            return None, np.empty((0, 0))
        return Chances.of(days, totals, float(limit)), totals

    low, _ = column(lambda amount: amount.low, asked.limit.high)
    best, totals = column(lambda amount: amount.best, asked.limit.best)
    high, _ = column(lambda amount: amount.high, asked.limit.low)
    if low is None:
        return None
    return Drawn(low, best, high, None if best is None else _bands(days, totals))


def _totals(
    asked: AskedSum,
    work: tuple[Placed, ...],
    running: Mapping[str, Running],
    days: tuple[date, ...],
    of: Column,
) -> NDArray[np.float64] | None:
    """Return the totals of one column, shape (paths, days); None when an amount has no value."""
    import numpy as np

    groups: dict[object, NDArray[np.float64]] = {}
    fixed: dict[object, list[Placed]] = {}
    for item in work:
        followed = running.get(item.run.id)
        group = item.stretch.group if not asked.adds_up else None
        if followed is None or not _follows(item, followed):
            fixed.setdefault(group, []).append(item)
            continue
        kept, lost = _shares(item, followed)
        amount = of(_amount(item, followed, work))
        if amount is None:
            return None
        share = followed.at(kept, days)
        if asked.counts_lost_steps:
            share = share + followed.at(lost, days)
        groups[group] = groups.get(group, np.zeros(1)) + float(amount) * share
    for group, items in fixed.items():
        course = Course(tuple(item.stretch for item in items))
        known = [of(course.on(day)) for day in days]
        if None in known:
            return None
        plan = np.array([float(amount) for amount in known if amount is not None])
        groups[group] = groups.get(group, np.zeros(1)) + plan
    total = None
    for each in groups.values():
        total = each if total is None else np.maximum(total, each)
    return None if total is None else np.atleast_2d(total)


def _follows(item: Placed, followed: Running) -> bool:
    """Whether a piece of work goes as the log foretells, rather than as it is planned."""
    if item.segment is None:
        return followed.beyond is not None
    return item.segment.id in followed.parts


def _shares(item: Placed, followed: Running) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if item.segment is not None:
        return followed.parts[item.segment.id]
    assert followed.beyond is not None  # noqa: S101 - `_follows` has seen to it
    return followed.beyond


def _amount(item: Placed, followed: Running, work: tuple[Placed, ...]) -> Interval:
    """Return what the shares are shares of: the part, or for a run without a plan what is done."""
    if item.segment is not None:
        return item.amount
    return Interval.total(
        other.amount
        for other in work
        if other.run.id == followed.run.id
        and other.segment is not None
        and other.segment.share is Share.DONE
        and other.segment.purpose in TRAINED
    )


def _bands(days: tuple[date, ...], totals: NDArray[np.float64]) -> Bands:
    import numpy as np

    rows = np.quantile(totals, QUANTILES, axis=0)
    return Bands(
        days,
        {
            share: tuple(float(amount) for amount in row)
            for share, row in zip(QUANTILES, rows, strict=True)
        },
    )
