"""Dates of the assessment: quarterly reports, what was received by hand, notices foreseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.models import Item
from declarant.desk.filer.deadlines.sources import Date, source

QUARTERLY = ("notification", "affirmation")


@source("assessment")
def dates() -> Iterator[Date]:
    """Yield the clocks of each determination, and the next notice of each sum foreseen."""
    current = Current()
    for regime, content in current.regimes().items():
        for clock in content.get("clocks", []):
            yield _clock(regime, clock)
    once: dict[str, Date] = {}
    sums = current.piece(Item.Kind.SUMS, "all") or {"sums": []}
    for item in sums["sums"]:
        notice = item.get("next_notice")
        if notice and notice.get("due") and notice["duty"] not in QUARTERLY:
            made = _notice(item, notice)
            once.setdefault(made.key, made)
    yield from once.values()


def _clock(regime: str, clock: dict[str, Any]) -> Date:
    about = clock["about"]
    quarter = about.partition(":")[0]
    return Date(
        key=f"{regime}:{clock['duty']}:{quarter}",
        regime=regime,
        duty=clock["duty"],
        title=about,
        due=date.fromisoformat(clock["due"]),
        worked_out=tuple(clock["worked_out"]),
        citation=clock["citation"],
        other_readings={name: date.fromisoformat(day) for name, day in clock["readings"].items()},
        subject=f"filing:{quarter}",
        url="/filings/" if clock["duty"] in QUARTERLY else "/questions/",
    )


def _notice(item: dict[str, Any], notice: dict[str, Any]) -> Date:
    return Date(
        key=f"{item['regime']}:{notice['duty']}:{item['id']}:{item['activity']}",
        regime=item["regime"],
        duty=notice["duty"],
        title=f"{item['name']}: {notice['because']}",
        due=date.fromisoformat(notice["due"]),
        worked_out=tuple(notice.get("worked_out", ())),
        citation=notice.get("citation") or item["citation"],
        subject=f"run:{item['id']}",
        url=f"/determination/{item['regime']}/",
    )
