"""The tables that stand beside pictures: the same, exactly, for whoever does not see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from declarant.desk.filer.assessment.words import WORDS
from declarant.desk.site.tables import Column, Table
from declarant.desk.site.templatetags.desk_amounts import interval
from declarant.quantities import Interval


def interval_of(content: dict[str, str | None] | None) -> Interval | None:
    """Return an amount as assessments hold it, as an interval; None when it is not known."""
    if content is None or content["low"] is None:
        return None
    low, best, high = (
        None if content[name] is None else int(str(content[name]))
        for name in ("low", "best", "high")
    )
    return Interval.between(low or 0, high, best)


def sums_table(sums: list[dict[str, Any]]) -> Table:
    """Return each sum against each limit: now, at its end, and the day it passes."""
    columns = [
        Column(_("Training run")),
        Column(_("Law")),
        Column(_("Limit"), numeric=True),
        Column(_("Now"), numeric=True),
        Column(_("At the end"), numeric=True),
        Column(_("Passes the limit")),
    ]
    rows = [
        (
            item["name"],
            item["law"],
            interval(interval_of(item["limit"])),
            interval(interval_of(item["now"])),
            interval(interval_of(item["at_end"])),
            _crossing(item),
        )
        for item in sums
    ]
    return Table(_("Operations against each limit"), columns, rows)


def methods_table(agreements: list[dict[str, Any]]) -> Table:
    """Return what each method counts for each part."""
    columns = [
        Column(_("Part")),
        Column(_("Method")),
        Column(_("Model operations"), numeric=True),
        Column(_("Executed operations"), numeric=True),
        Column(_("Includes")),
    ]
    rows = [
        (
            item["part"],
            str(WORDS.get(figure["method"], figure["method"])),
            interval(interval_of(figure["model_operations"])),
            interval(interval_of(figure["executed_operations"])),
            figure["includes"],
        )
        for item in agreements
        for figure in item["figures"]
    ]
    return Table(_("Methods side by side"), columns, rows)


def _crossing(item: dict[str, Any]) -> str:
    days = item["crosses_by_plan"]
    named = [str(WORDS.get(days[name], days[name])) for name in ("earliest", "likely", "latest")]
    if len(set(named)) == 1:
        return named[0]
    return _("{likely} ({earliest} to {latest})").format(
        likely=named[1], earliest=named[0], latest=named[2]
    )
