from datetime import date

import pytest
from tests.determination.made import BIS, LIMIT, facts, run, segment

from declarant.determination import determine
from declarant.law import load_regime
from declarant.register.facts import Filing, FilingKind, Received


def clocks(as_of: date, operations: int = 2 * LIMIT, **more: object) -> list[tuple[str, str]]:
    known = facts(segment(operations), **more)  # type: ignore[arg-type]
    found = determine(known, load_regime(BIS), as_of).clocks
    assert all(clock.worked_out and clock.citation for clock in found)
    return [(clock.duty, clock.due) for clock in found]


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        (date(2026, 12, 15), "2027-01-15"),
        (date(2027, 1, 15), "2027-01-15"),
        (date(2027, 1, 16), "2027-04-15"),
        (date(2027, 4, 16), "2027-07-15"),
        (date(2027, 7, 16), "2027-10-15"),
    ],
)
def test_the_notification_is_due_on_the_next_quarterly_date(as_of: date, due: str) -> None:
    assert clocks(as_of)[0] == ("notification", due)


def test_a_quarter_that_was_notified_is_not_asked_for_again() -> None:
    sent = Filing("2026Q4", FilingKind.NOTIFICATION, date(2027, 1, 4))
    assert clocks(date(2027, 1, 5), filings=(sent,))[0] == ("notification", "2027-04-15")


def test_without_activities_and_without_a_former_notification_nothing_is_owed() -> None:
    assert clocks(date(2026, 12, 15), operations=LIMIT) == []


def test_seven_affirmations_follow_the_last_notification() -> None:
    sent = Filing("2026Q3", FilingKind.NOTIFICATION, date(2026, 10, 15))
    owed = clocks(date(2026, 12, 15), operations=LIMIT, filings=(sent,))
    assert owed == [
        ("affirmation", day)
        for day in (
            "2027-01-15", "2027-04-15", "2027-07-15", "2027-10-15",
            "2028-01-15", "2028-04-15", "2028-07-15",
        )
    ]  # fmt: skip


def test_affirmations_sent_are_not_owed_and_missed_ones_are_overdue() -> None:
    filings = (
        Filing("2025Q4", FilingKind.NOTIFICATION, date(2026, 1, 15)),
        Filing("2026Q1", FilingKind.AFFIRMATION, date(2026, 4, 15)),
    )
    known = facts(segment(LIMIT), filings=filings)
    found = determine(known, load_regime(BIS), date(2026, 12, 15)).clocks
    assert [clock.due for clock in found if clock.overdue] == ["2026-07-15", "2026-10-15"]
    assert len(found) == 6


@pytest.mark.parametrize(
    ("received", "duty", "due", "rolled"),
    [
        ("2026-12-20", "answer", "2027-01-19", "2027-01-19"),
        ("2028-01-31", "answer", "2028-03-01", "2028-03-01"),
        ("2026-12-20", "clarification", "2026-12-27", "2026-12-28"),  # a Sunday
        ("2026-12-20", "correction", "2027-01-03", "2027-01-04"),
        ("2026-12-20T23:30:00-05:00", "answer", "2027-01-19", "2027-01-19"),
        ("2026-12-21T04:30:00+00:00", "answer", "2027-01-19", "2027-01-19"),
    ],
)
def test_what_the_agency_sent_starts_a_clock(
    received: str, duty: str, due: str, rolled: str
) -> None:
    item = Received(duty, received, BIS, "questions of December")
    known = facts(segment(LIMIT), received=(item,))
    (clock,) = determine(known, load_regime(BIS), date(2026, 12, 21)).clocks
    assert (clock.duty, clock.due) == (duty, due)
    assert dict(clock.under_other_readings) == {"next_business_day": rolled}


def test_what_was_answered_runs_no_clock() -> None:
    item = Received("answer", "2026-12-20", BIS, "questions", answered=date(2027, 1, 2))
    assert clocks(date(2027, 1, 5), operations=LIMIT, received=(item,)) == []


def test_an_unknown_duty_is_a_finding_with_its_place() -> None:
    item = Received("anser", "2026-12-20", BIS, "questions")
    determination = determine(
        facts(segment(LIMIT), received=(item,)), load_regime(BIS), date(2026, 12, 21)
    )
    finding = determination.findings[-1]
    assert finding.where.field == "received[0]"
    assert "'answer'" in finding.mend


def test_a_gap_before_a_later_notification_is_overdue() -> None:
    filings = (
        Filing("2026Q1", FilingKind.NOTIFICATION, date(2026, 4, 15)),
        Filing("2026Q3", FilingKind.NOTIFICATION, date(2026, 10, 15)),
    )
    found = determine(facts(segment(LIMIT), filings=filings), load_regime(BIS), date(2026, 12, 15))
    assert [clock.about[:6] for clock in found.clocks if clock.overdue] == ["2026Q2"]


def test_a_filing_of_a_quarter_without_law_is_told_and_stops_nothing() -> None:
    filings = (Filing("2020Q1", FilingKind.NOTIFICATION, date(2020, 4, 15)),)
    found = determine(
        facts(segment(2 * LIMIT), filings=filings), load_regime(BIS), date(2026, 12, 15)
    )
    assert found.clocks[0].due == "2027-01-15"
    assert "filings[0].quarter" in {item.where.field for item in found.findings}


def test_the_first_days_of_the_proposal_have_a_clock() -> None:
    begun = (run(start=date(2024, 9, 1)),)
    assert clocks(date(2024, 9, 15), runs=begun)[0] == ("notification", "2024-10-15")
