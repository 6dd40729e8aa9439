"""How a forecast looks on a screen: crossings, chances, notices, findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from declarant.cli import output
from declarant.compute.forecast import Open, When
from declarant.quantities import Comparison, show_interval

if TYPE_CHECKING:
    from rich.console import Console

    from declarant.determination.forecast import Chance, Forecast, Notice, SumForecast

_BY_PLAN = {
    Comparison.ABOVE: "passed",
    Comparison.BELOW: "not passed",
    Comparison.STRADDLES: "may be",
}
_NAMED = "modification"  # an activity that its limit does not tell apart


def show(made: Forecast, plot: Path | None) -> None:
    """Print a forecast for people."""
    page = output.console()
    if not made.sums:
        page.print("The register holds no training runs.")
        return
    for sums in _by_sum(made).values():
        _show_crossings(page, made, sums)
        for line in _standing(made, sums):
            page.print(line)
        still_open = [item for item in sums if _is_open(item, made.as_of)]
        if still_open:
            _show_chances(page, made, still_open)
        page.print()
    page.print(
        "plan: the day the limit is passed with the operations counted at their upper bound, best "
        "value, lower bound."
    )
    if any(item.drawn for item in made.sums):
        page.print(
            f"log: the days by whose end 10, 50 and 90 of 100 paths are above it; {made.paths} "
            f"paths drawn from each run's own log, seed {made.seed}."
        )
    page.print(
        "by then: the share of paths above the limit, in brackets the same with the operations "
        "counted at their lower and upper bounds. Without a log the plan says passed, not passed "
        "or may be; it has no chances.\n"
    )
    _show_notices(page, made)
    output.show_findings(made.findings)
    if plot is not None:
        page.print(f"Picture: {output.plain(plot)}")
    page.print("[dim]Days end at midnight UTC. Computed readings of the text; not legal advice.[/]")


def _by_sum(made: Forecast) -> dict[str, list[SumForecast]]:
    sums: dict[str, list[SumForecast]] = {}
    for item in made.sums:
        sums.setdefault(item.id, []).append(item)
    return sums


def _is_open(item: SumForecast, as_of: date) -> bool:
    return item.crossing.at_end is not Comparison.BELOW and not item.has_passed(as_of)


def _law(item: SumForecast) -> str:
    named = f" ({item.activity.replace('_', ' ')})" if item.activity == _NAMED else ""
    return f"{item.regime}{named}"


def _listed(laws: list[str]) -> str:
    return ", ".join(dict.fromkeys(laws))


def _show_crossings(page: Console, made: Forecast, sums: list[SumForecast]) -> None:
    laws: dict[tuple[str, ...], list[str]] = {}
    for item in sums:
        for row in _rows(item, made.as_of):
            laws.setdefault(row, []).append(_law(item))
    output.show_table(
        page,
        output.plain(sums[0].name),
        ["limit", "by", "earliest", "likely", "latest", "law"],
        [(*row, _listed(held)) for row, held in laws.items()],
        prose=["law"],
    )


def _standing(made: Forecast, sums: list[SumForecast]) -> Iterator[str]:
    """Yield where the sum stands, once for each way of counting."""
    laws: dict[tuple[str, str], list[str]] = {}
    for item in sums:
        key = (show_interval(item.now), show_interval(item.at_end))
        laws.setdefault(key, []).append(item.regime)
    for (now, at_end), held in laws.items():
        yield f"{_listed(held)} count {now} by {made.as_of}, {at_end} in all."


def _limit(item: SumForecast) -> str:
    return "not known" if item.limit.high is None else f"> {show_interval(item.limit)}"


def _rows(item: SumForecast, as_of: date) -> Iterator[tuple[str, ...]]:
    limit = _limit(item)
    crossing = item.crossing
    days = [_when(day) for day in (crossing.earliest, crossing.likely, crossing.latest)]
    basis = "done" if item.basis == "done" else "plan"
    yield limit, basis, days[0], f"[bold]{days[1]}[/]", days[2]
    if item.drawn is None or not _is_open(item, as_of):
        return
    chances = item.drawn.best or item.drawn.low
    drawn = [_when(chances.quantile(share)) for share in (0.1, 0.5, 0.9)]
    yield limit, "log", drawn[0], f"[bold]{drawn[1]}[/]", drawn[2]


def _when(day: When) -> str:
    return "not known" if day is Open.UNKNOWN else str(day)


def _show_chances(page: Console, made: Forecast, open_sums: list[SumForecast]) -> None:
    laws: dict[tuple[str, tuple[tuple[str, ...], ...]], list[str]] = {}
    for item in open_sums:
        key = (_limit(item), tuple(_quarters(item)))
        laws.setdefault(key, []).append(_law(item))
    shown: list[tuple[str, ...]] = []
    sections = []
    limits = [limit for limit, _ in laws]
    for (limit, rows), held in laws.items():
        sections.append(len(shown))
        told = limit if limits.count(limit) == 1 else f"{limit} {_listed(held)}"
        shown += [(told if index == 0 else "", *row) for index, row in enumerate(rows)]
    output.show_table(
        page,
        f"By the quarterly dates of {made.quarterly}, and the ends of their look-ahead",
        ["limit", "quarter", "due", "by then", "looks to", "by then"],
        shown,
        sections=sections,
    )


def _quarters(item: SumForecast) -> Iterator[tuple[str, ...]]:
    """Yield a row for each quarter, until the limit is passed for certain."""
    for each in item.quarters:
        yield (
            each.quarter,
            str(each.due.day),
            _chance(each.due),
            str(each.window_end.day),
            _chance(each.window_end),
        )
        if each.due.by_plan is Comparison.ABOVE and each.due.low in (None, 1.0):
            return


def _chance(chance: Chance) -> str:
    if chance.low is None:
        return _BY_PLAN[chance.by_plan]
    low, high = _percent(chance.low), _percent(chance.high)
    best = _percent(chance.best if chance.best is not None else chance.low)
    return best if low == best == high else f"{best} ({low} to {high})"


def _percent(share: float | None) -> str:
    """Print a share of paths; one of a hundred at the least is never rounded away."""
    if share is None:
        return "not known"
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def _show_notices(page: Console, made: Forecast) -> None:
    rows = [(item, notice) for item in made.sums for notice in item.notices]
    rows.sort(key=lambda row: (row[1].due is None, row[1].due or date.max))
    if rows:
        output.show_table(
            page,
            "Notices that follow from a limit",
            ["due", "law", "what, for which sum, because"],
            [
                (
                    _due(notice, made.as_of),
                    item.regime,
                    f"{output.plain(notice.title)}, {output.plain(item.name)}: "
                    f"{output.plain(notice.because)}{_sent(notice)}",
                )
                for item, notice in rows
            ],
            prose=["what, for which sum, because"],
        )
    else:
        page.print("No notice is due because of a limit.")
    silent = [item for item in made.sums if not item.notices and _may_pass(item)]
    for why in dict.fromkeys(item.no_notice for item in silent):
        held = [
            f"{item.regime} ({item.activity.replace('_', ' ')})"
            for item in silent
            if item.no_notice == why
        ]
        page.print(f"{_listed(held)}: {output.plain(why)}")
    page.print()


def _may_pass(item: SumForecast) -> bool:
    return item.crossing.at_end is not Comparison.BELOW


def _due(notice: Notice, as_of: date) -> str:
    if notice.due is None:
        return "no date"
    past = " (past)" if notice.due < as_of and notice.sent is None else ""
    return f"[bold]{notice.due}[/]{past}"


def _sent(notice: Notice) -> str:
    return f"; sent {notice.sent}" if notice.sent is not None else ""
