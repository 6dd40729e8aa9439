"""One screen: what is reportable, what may become so and when, what is due next, who holds it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.models import Item
from declarant.desk.filer.assessment.naming import law_of
from declarant.desk.filer.assessment.tables import sums_table
from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.filer.deadlines.upcoming import upcoming
from declarant.desk.filer.register.models import Record
from declarant.desk.language import law_language
from declarant.desk.site.parts import Figure

OPEN = ("reportable", "undetermined")
_SHOWN_DATES = 6
_SHOWN_AHEAD = 8
_SHOWN_OPEN = 12


@access(get=Power.READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the state of everything, most pressing first."""
    current = Current()
    laws = [_law(regime, content) for regime, content in current.regimes().items()]
    laws.sort(key=lambda item: (-item["counts"]["reportable"], -item["counts"]["undetermined"]))
    sums = current.piece(Item.Kind.SUMS, "all") or {"sums": []}
    dates = upcoming(limit=_SHOWN_DATES)
    subjects = _by_subject(laws)
    return render(
        request,
        "assessment/overview.html",
        {
            "current": current,
            "is_empty": not Record.objects.filter(kind__in=("run", "cluster")).exists(),
            "laws": laws,
            "open": subjects[:_SHOWN_OPEN],
            "more_open": max(0, len(subjects) - _SHOWN_OPEN),
            "ahead": _ahead(sums["sums"]),
            "dates": dates,
            "overdue": [row for row in dates if row.is_overdue],
            "plot": current.piece(Item.Kind.PLOT, f"timeline:{law_language(get_language())}"),
            "plot_table": sums_table(
                [{**item, "law": law_of(item["regime"]).title} for item in sums["sums"]]
            ),
            "figures": _figures(laws, dates),
        },
    )


def _law(regime: str, content: dict[str, Any]) -> dict[str, Any]:
    activities = content.get("activities", [])
    named = law_of(regime)
    return {
        "id": regime,
        "title": named.title,
        "status": named.status,
        "in_force": content.get("in_force", False),
        "covered": content.get("covered"),
        "outside": content.get("outside"),
        "quarter": content.get("quarter"),
        "counts": {
            verdict: sum(item["verdict"] == verdict for item in activities)
            for verdict in ("reportable", "undetermined", "not_reportable")
        },
        "open": [
            {**item, "regime": regime, "law": named.title}
            for item in activities
            if item["verdict"] in OPEN
        ],
    }


def _by_subject(laws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each activity once, with what each law says of it."""
    subjects: dict[tuple[str, str], dict[str, Any]] = {}
    for law in laws:
        for item in law["open"]:
            row = subjects.setdefault((item["kind"], item["id"]), {**item, "under": []})
            row["under"].append(item)
    certain = "reportable"
    return sorted(
        subjects.values(),
        key=lambda row: -sum(item["verdict"] == certain for item in row["under"]),
    )


def _ahead(sums: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what may come to a limit and has not yet, the soonest first."""
    coming = [
        {**item, "law": law_of(item["regime"]).title}
        for item in sums
        if not item["passed"] and _likely(item) is not None
    ]
    together: dict[tuple[str, str, str], dict[str, Any]] = {}
    for item in sorted(coming, key=lambda item: str(_likely(item))):
        key = (item["id"], str(_likely(item)), item["limit"]["low"])
        row = together.setdefault(key, {**item, "laws": []})
        row["laws"].append(item["law"])
        if row["next_notice"] is None:
            row["next_notice"] = item["next_notice"]
    return list(together.values())[:_SHOWN_AHEAD]


def _likely(item: dict[str, Any]) -> str | None:
    """Return the day on which the plan passes the limit; None when it is not known to."""
    day = item["crosses_by_plan"].get("likely")
    return day if isinstance(day, str) and day[:1].isdigit() else None


def _figures(laws: list[dict[str, Any]], dates: list[Deadline]) -> list[Figure]:
    """Return the figures that say how things stand before anything is read."""
    if not laws:
        return []
    reportable = {(item["kind"], item["id"]) for law in laws for item in law["open"]}
    certain = {
        (item["kind"], item["id"])
        for law in laws
        for item in law["open"]
        if item["verdict"] == "reportable"
    }
    figures = [
        Figure(_("Reportable under some law"), len(certain)),
        Figure(_("Undetermined"), len(reportable - certain)),
    ]
    if dates:
        first = dates[0]
        left = first.days_left
        figures.append(
            Figure(
                _("Days until the next date"),
                left if left >= 0 else 0,
                note=first.label,
                kind="error" if left < 0 else "warning" if first.is_pressing else None,
                status=_("overdue") if left < 0 else _("soon"),
            )
        )
    unheld = sum(row.holder is None for row in dates)
    if unheld:
        figures.append(Figure(_("Dates that nobody holds"), unheld))
    return figures
