"""What a fan chart shows of one sum: lines, bands, limits and dates, thinned for a picture."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from declarant.determination.forecast import Forecast, SumForecast
from declarant.quantities import show_operations

_POINTS = 240
"""Days drawn of a line; a picture shows no more."""

_ROOM = timedelta(days=21)
BANDS = (("95", 0.025, 0.975), ("80", 0.10, 0.90), ("50", 0.25, 0.75))
"""From the widest to the narrowest: name, lower and upper quantile."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit to draw: its amount, and the laws that set it."""

    amount: float
    label: str
    sums: tuple[SumForecast, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One sum with every limit that its runs are held against.

    `shown` is the sum whose counting is drawn. Lines are (day, amount); `band` is (day, low, high)
    of the plan; `fan` has the same for each name of `BANDS`.
    """

    name: str
    shown: SumForecast
    as_of: date
    first: date
    last: date
    done: tuple[tuple[date, float], ...]
    plan: tuple[tuple[date, float], ...]
    band: tuple[tuple[date, float, float], ...]
    median: tuple[tuple[date, float], ...]
    fan: dict[str, tuple[tuple[date, float, float], ...]]
    limits: tuple[Limit, ...]
    quarters: tuple[tuple[str, date], ...]

    @property
    def top(self) -> float:
        """The greatest amount of any line or band."""
        amounts = [amount for _, amount in (*self.done, *self.plan, *self.median)]
        amounts += [high for _, _, high in itertools.chain(self.band, *self.fan.values())]
        return max(amounts, default=0.0)


def panels_of(forecast: Forecast, run: str | None = None) -> tuple[Panel, ...]:
    """Return what to draw: each sum once, by its first law; sums all done only for a named run."""
    by_sum: dict[str, list[SumForecast]] = {}
    for item in forecast.sums:
        by_sum.setdefault(item.id, []).append(item)
    kept = [sums for sums in by_sum.values() if run is not None or sums[0].basis != "done"]
    return tuple(_panel(forecast, sums) for sums in kept or list(by_sum.values()))


def _panel(forecast: Forecast, sums: list[SumForecast]) -> Panel:
    shown = _shown(sums, forecast.as_of)
    first, end = shown.course.days(forecast.as_of)
    drawn = shown.drawn.bands if shown.drawn else None
    if drawn is not None:
        settled = _settled(drawn.days, drawn.values[0.975])
        end = max(end, settled)
    last = end + _ROOM
    since = drawn.days[0] if drawn is not None else _done_until(shown, first, last)
    past = _days(first, min(max(since, first), last))
    done = tuple(_line(shown, past))
    ahead = _days(min(max(since, first), last), last)
    # the first day of the paths begins at the last mark; the fan begins where the done line ends
    met = done[-1:] if drawn is not None and done and done[-1][0] == drawn.days[0] else ()
    held = len(drawn.days) if drawn is not None else 0
    index = range(len(met), held, _step(held))
    return Panel(
        shown.name,
        shown,
        forecast.as_of,
        first,
        last,
        done,
        tuple(_line(shown, ahead)),
        tuple(_between(shown, ahead)),
        (
            *((day, amount) for day, amount in met),
            *(
                (drawn.days[at], drawn.values[0.5][at])
                for at in index
                if drawn is not None and drawn.days[at] <= last
            ),
        ),
        {
            name: (
                *((day, amount, amount) for day, amount in met),
                *(
                    (drawn.days[at], drawn.values[low][at], drawn.values[high][at])
                    for at in index
                    if drawn.days[at] <= last
                ),
            )
            for name, low, high in BANDS
            if drawn is not None
        },
        _limits(sums),
        tuple(
            (chance.quarter, chance.due.day)
            for chance in shown.quarters
            if first <= chance.due.day <= last
        ),
    )


def _shown(sums: list[SumForecast], as_of: date) -> SumForecast:
    """Return the sum to draw: one that still comes to its limit, and counts the most."""

    def worth(item: SumForecast) -> tuple[bool, bool, Fraction]:
        comes = isinstance(item.crossing.likely, date) and not item.has_passed(as_of)
        return item.drawn is not None, comes, item.at_end.low

    return max(sums, key=worth)


def _done_until(shown: SumForecast, first: date, last: date) -> date:
    """Return the day on which the line turns from what is done to what is planned."""
    stretches = shown.course.stretches
    if all(stretch.done_by for stretch in stretches):
        return last
    return max((each.done_by for each in stretches if each.done_by), default=first)


def _settled(days: Sequence[date], amounts: Sequence[float]) -> date:
    """Return the first day from which on a quantile stays what it is at the end."""
    return next(
        (day for day, amount in zip(days, amounts, strict=True) if amount >= amounts[-1]), days[-1]
    )


def _step(number: int) -> int:
    return max(1, number // _POINTS)


def _days(first: date, last: date) -> tuple[date, ...]:
    number = (last - first).days
    days = [first + timedelta(days=at) for at in range(0, number, _step(number))]
    return (*days, last)


def _line(shown: SumForecast, days: Iterable[date]) -> Iterable[tuple[date, float]]:
    """Yield the best values; the middle of the bounds where the days of some work are not known."""
    for day in days:
        amount = shown.course.on(day)
        if amount.best is not None:
            yield day, float(amount.best)
        elif amount.high is not None:
            yield day, float(amount.low + amount.high) / 2


def _between(shown: SumForecast, days: Iterable[date]) -> Iterable[tuple[date, float, float]]:
    for day in days:
        amount = shown.course.on(day)
        if amount.high is not None:
            yield day, float(amount.low), float(amount.high)


def _limits(sums: list[SumForecast]) -> tuple[Limit, ...]:
    by_amount: dict[Fraction, list[SumForecast]] = {}
    for item in sums:
        if item.limit.best is not None:
            by_amount.setdefault(item.limit.best, []).append(item)
    return tuple(
        Limit(
            float(amount),
            f"{show_operations(amount)}  {', '.join(dict.fromkeys(each.regime for each in held))}",
            tuple(held),
        )
        for amount, held in sorted(by_amount.items())
    )
