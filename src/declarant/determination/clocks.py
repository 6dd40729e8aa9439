"""Every date that follows from a determination: reports due, affirmations owed, answers awaited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from declarant.determination.citing import cite
from declarant.determination.verdict import ActivityVerdict, ClockVerdict, Verdict
from declarant.law import Due, Quarter, Regime, affirmations_owed, due_under_each_reading
from declarant.problems import BadInput, Finding, Place, Severity
from declarant.register.facts import Facts, FilingKind, Received

NOTIFICATION = "notification"
AFFIRMATION = "affirmation"


def clocks_that_follow(
    facts: Facts, regime: Regime, activities: tuple[ActivityVerdict, ...], as_of: date
) -> tuple[tuple[ClockVerdict, ...], tuple[Finding, ...]]:
    """Return the clocks in order of date, and what kept a clock from being worked out."""
    applicable = any(item.verdict is not Verdict.NOT_REPORTABLE for item in activities)
    clocks = list(_quarterly(facts, regime, applicable, as_of))
    findings: list[Finding] = []
    for number, item in enumerate(facts.received):
        if item.regime != regime.id or item.answered is not None:
            continue
        try:
            clocks.append(_received(regime, item, as_of))
        except BadInput as error:
            where = Place(field=f"received[{number}]")
            findings += [
                Finding(found.code, found.what, where, found.mend, Severity.ERROR)
                for found in error.findings
            ]
    return tuple(sorted(clocks, key=lambda clock: clock.due)), tuple(findings)


def _quarterly(
    facts: Facts, regime: Regime, applicable: bool, as_of: date
) -> Iterator[ClockVerdict]:
    """Yield the quarterly report due next, and the affirmations owed.

    A notification opens a series of affirmations, one for each quarter that has no applicable
    activities; a quarter of it for which nothing was filed by its day is overdue.
    """
    if not any(clock.quarterly for clock in regime.clocks):
        return
    sent = {filing.quarter for filing in facts.filings}
    current = Quarter.of(as_of, regime).previous()
    while current.notification_due < as_of or str(current) in sent:
        current = current.next()
    notified = [
        Quarter.parse(filing.quarter, regime)
        for filing in facts.filings
        if filing.kind is FilingKind.NOTIFICATION
    ]
    owed = affirmations_owed(regime, max(notified)) if notified else ()
    for quarter in owed:
        if quarter < current and str(quarter) not in sent:
            about = f"{quarter}: nothing was filed; an affirmation if it had no activities"
            yield _on_quarterly_date(regime, AFFIRMATION, quarter, about, as_of)
    if applicable:
        about = f"{current}: applicable activities, now and until {current.window_end}"
        yield _on_quarterly_date(regime, NOTIFICATION, current, about, as_of)
        owed = affirmations_owed(regime, current)
    for number, quarter in enumerate(owed, start=1):
        if quarter >= current and str(quarter) not in sent:
            about = f"{quarter}: affirmation {number} of {len(owed)}"
            about += ", owed if it has no applicable activities" if applicable else ""
            yield _on_quarterly_date(regime, AFFIRMATION, quarter, about, as_of)


def _on_quarterly_date(
    regime: Regime, duty: str, quarter: Quarter, about: str, as_of: date
) -> ClockVerdict:
    dues = due_under_each_reading(regime, duty, quarter.notification_due)
    return _clock(dues, about, as_of)


def _received(regime: Regime, item: Received, as_of: date) -> ClockVerdict:
    dues = due_under_each_reading(regime, item.duty, moment(item.on))
    return _clock(dues, item.reference, as_of)


def _clock(dues: tuple[Due, ...], about: str, as_of: date) -> ClockVerdict:
    default = dues[0]
    return ClockVerdict(
        duty=default.duty,
        due=default.due.isoformat(),
        about=about,
        worked_out=tuple(step.in_language("en") for step in default.worked_out),
        citation=cite(default.citation),
        under_other_readings=tuple((due.roll, due.due.isoformat()) for due in dues[1:]),
        overdue=default.due < as_of,
    )


def moment(written: str) -> date | datetime:
    """Read a day or a moment as the register writes it.

    Raises:
        BadInput: when it is neither.
    """
    try:
        if len(written) <= len("2026-12-20"):
            return date.fromisoformat(written)
        return datetime.fromisoformat(written)
    except ValueError:
        raise BadInput(
            (
                Finding(
                    "determination.moment",
                    f"{written!r} is no day or moment.",
                    mend="Write 2026-12-20, or 2026-12-20T23:30-05:00.",
                    severity=Severity.ERROR,
                ),
            )
        ) from None
