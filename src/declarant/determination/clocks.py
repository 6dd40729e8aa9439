"""Every date that follows from a determination: reports due, affirmations owed, answers awaited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from declarant.determination.citing import cite
from declarant.determination.verdict import ClockVerdict
from declarant.law import (
    Due,
    Quarter,
    Regime,
    affirmations_owed,
    due,
    due_under_each_reading,
)
from declarant.problems import BadInput, Finding, Place, Severity
from declarant.register.facts import Facts, FilingKind, Received

NOTIFICATION = "notification"
AFFIRMATION = "affirmation"


def clocks_that_follow(
    facts: Facts, regime: Regime, applicable: bool, as_of: date
) -> tuple[tuple[ClockVerdict, ...], tuple[Finding, ...]]:
    """Return the clocks in order of date, and what kept a clock from being worked out.

    Args:
        facts: with what was sent to and received from the agency.
        regime: the law.
        applicable: whether the next report has an activity that is, or may be, reportable.
        as_of: the day of evaluation.
    """
    clocks: list[ClockVerdict] = []
    findings: list[Finding] = []
    if any(clock.quarterly for clock in regime.clocks):
        notified = _notified(facts, regime, findings)
        clocks += _quarterly(facts, regime, notified, applicable, as_of)
    for number, item in enumerate(facts.received):
        if item.regime != regime.id or item.answered is not None:
            continue
        try:
            clocks.append(_received(regime, item, as_of))
        except BadInput as error:
            findings += _placed(error, f"received[{number}]")
    return tuple(sorted(clocks, key=lambda clock: clock.due)), tuple(findings)


def next_quarter(facts: Facts, regime: Regime, as_of: date) -> Quarter | None:
    """Return the quarter whose report is due next and not sent; None without quarterly reports."""
    if not any(clock.quarterly for clock in regime.clocks):
        return None
    sent = {filing.quarter for filing in facts.filings}
    quarter = due(regime, NOTIFICATION, as_of).quarter
    while quarter is not None and str(quarter) in sent:
        quarter = quarter.next()
    return quarter


def _notified(facts: Facts, regime: Regime, findings: list[Finding]) -> list[Quarter]:
    """Return the quarters notified; one that the law has no date for is told, and left out."""
    quarters = []
    for number, filing in enumerate(facts.filings):
        if filing.kind is FilingKind.NOTIFICATION:
            try:
                quarter = Quarter.parse(filing.quarter, regime)
                affirmations_owed(regime, quarter)
                quarters.append(quarter)
            except BadInput as error:
                findings += _placed(error, f"filings[{number}].quarter")
    return sorted(quarters)


def _placed(error: BadInput, field: str) -> list[Finding]:
    where = Place(field=field)
    return [
        Finding(found.code, found.what, where, found.mend, Severity.ERROR)
        for found in error.findings
    ]


def _quarterly(
    facts: Facts, regime: Regime, notified: list[Quarter], applicable: bool, as_of: date
) -> Iterator[ClockVerdict]:
    """Yield the quarterly report due next, and the affirmations owed.

    A notification opens a series of affirmations, one for each quarter that has no applicable
    activities; a quarter of it for which nothing was filed by its day is overdue.
    """
    current = next_quarter(facts, regime, as_of)
    if current is None:
        return
    sent = {filing.quarter for filing in facts.filings}
    series = {quarter for each in notified for quarter in affirmations_owed(regime, each)}
    for quarter in sorted(series):
        if quarter < current and str(quarter) not in sent and quarter.notification_due < as_of:
            about = f"{quarter}: nothing was filed; an affirmation if it had no activities"
            yield _on_quarterly_date(regime, AFFIRMATION, quarter, about, as_of)
    owed = affirmations_owed(regime, notified[-1]) if notified else ()
    if applicable:
        about = f"{current}: applicable activities, now and until {current.window_end}"
        yield _on_quarterly_date(regime, NOTIFICATION, current, about, as_of)
        owed = affirmations_owed(regime, current)
    for number, quarter in enumerate(owed, start=1):
        if quarter >= current and str(quarter) not in sent:
            about = f"{quarter}: affirmation {number} of {len(owed)}"
            if applicable:
                about += ", or a notification if it has applicable activities"
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
        under_other_readings=tuple((each.roll, each.due.isoformat()) for each in dues[1:]),
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
