"""Dates of the assessment: quarterly reports, what was received by hand, notices foreseen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.models import Item
from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.filer.deadlines.sources import Date, source

QUARTERLY = ("notification", "affirmation")
LONGEST = 100  # characters of what a clock is about that go into its key


@source("assessment")
def dates() -> Iterator[Date]:
    """Yield the clocks of each determination, and the next notice of each sum foreseen.

    A law under which nothing could be determined says nothing of its dates: they stand as they are.
    """
    current = Current()
    for regime, content in current.regimes().items():
        if "clocks" not in content:
            yield from _standing(regime)
            continue
        taken: dict[str, int] = {}
        for clock in content["clocks"]:
            about = _about(clock)
            name = f"{clock['duty']}:{about}"
            taken[name] = taken.get(name, 0) + 1
            again = f":{taken[name]}" if taken[name] > 1 else ""
            yield _clock(regime, clock, about, f"{regime}:{name}{again}")
    once: dict[str, Date] = {}
    sums = current.piece(Item.Kind.SUMS, "all") or {"sums": []}
    for item in sums["sums"]:
        notice = item.get("next_notice")
        if notice and notice.get("due") and notice["duty"] not in QUARTERLY:
            made = _notice(item, notice)
            once.setdefault(made.key, made)
    yield from once.values()


def _about(clock: dict[str, Any]) -> str:
    """Return what tells a clock from others of its duty: the quarter, or what was received."""
    about: str = clock["about"]
    if clock["duty"] in QUARTERLY:
        return about.partition(":")[0]
    if len(about) <= LONGEST and about.isprintable():  # as the audit log wants its subjects
        return about
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def _standing(regime: str) -> Iterator[Date]:
    """Yield the dates of a law that are open, as they were worked out last."""
    for row in Deadline.objects.filter(source="assessment", regime=regime, closed__isnull=True):
        yield Date(
            key=row.key,
            regime=row.regime,
            duty=row.duty,
            title=row.title,
            due=row.due,
            worked_out=tuple(row.worked_out),
            citation=row.citation,
            other_readings=row.other_readings,
            subject=row.subject,
            url=row.url,
            holder=row.holder,
        )


def _clock(regime: str, clock: dict[str, Any], about: str, key: str) -> Date:
    return Date(
        key=key,
        regime=regime,
        duty=clock["duty"],
        title=clock["about"],
        due=date.fromisoformat(clock["due"]),
        worked_out=tuple(clock["worked_out"]),
        citation=clock["citation"],
        other_readings={name: date.fromisoformat(day) for name, day in clock["readings"].items()},
        subject=f"filing:{about}",
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
