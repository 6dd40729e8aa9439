"""When duties fall due, and how that is explained."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.law import (
    Quarter,
    Regime,
    affirmations_owed,
    due,
    due_under_each_reading,
    load_regime,
    months_after,
)
from declarant.law.holidays import why_closed
from declarant.problems import BadInput

RULE = load_regime("us-bis-702-7")
DAYS = {"answer": 30, "correction": 14, "clarification": 7}
starts = st.dates(date(2024, 9, 11), date(2199, 12, 31))
duties = st.sampled_from(sorted(DAYS))


@pytest.mark.parametrize(
    ("duty", "start", "stands", "rolled"),
    [
        ("answer", date(2026, 12, 20), date(2027, 1, 19), date(2027, 1, 19)),
        ("answer", date(2028, 1, 31), date(2028, 3, 1), date(2028, 3, 1)),
        ("correction", date(2026, 12, 20), date(2027, 1, 3), date(2027, 1, 4)),
        ("correction", date(2028, 1, 31), date(2028, 2, 14), date(2028, 2, 14)),
        ("clarification", date(2026, 12, 20), date(2026, 12, 27), date(2026, 12, 28)),
        ("clarification", date(2028, 1, 31), date(2028, 2, 7), date(2028, 2, 7)),
    ],
)
def test_questions_received(duty: str, start: date, stands: date, rolled: date) -> None:
    assert due(RULE, duty, start).due == stands
    assert [(each.roll, each.due) for each in due_under_each_reading(RULE, duty, start)] == [
        ("no_roll", stands),
        ("next_business_day", rolled),
    ]


def test_worked_out_names_start_count_sum_roll_and_zone() -> None:
    steps = due(RULE, "correction", date(2026, 12, 20), roll="next_business_day").worked_out
    english = [step.en for step in steps]
    assert english == [
        "2026-12-20 is taken as the local date in Washington (America/New_York).",
        "The clock starts with notice that an answer needs correction: 2026-12-20 (Sunday).",
        "That day is not counted; day 1 is 2026-12-21.",
        "The period is 14 calendar days; its last day is 2027-01-03 (Sunday).",
        "2027-01-03 is a Sunday: the date rolls over to the next business day, "
        "2027-01-04 (Monday).",
    ]
    chinese = [step.zh_hant for step in steps]
    assert "始日不算入" in chinese[2]
    assert "順延" in chinese[4]


def test_a_holiday_is_named_when_a_date_rolls() -> None:
    found = due(RULE, "notification", date(2028, 1, 15), roll="next_business_day")
    text = found.worked_out[3].en
    assert "Martin Luther King" in text
    assert found.due == date(2028, 1, 18)


def test_a_date_that_has_passed_may_roll_over_to_one_that_has_not() -> None:
    found = due(RULE, "notification", date(2028, 1, 16), roll="next_business_day")
    assert found.due == date(2028, 1, 18)
    assert found.worked_out[2].en == (
        "2028-01-15 (Saturday), for 2027Q4, lies before 2028-01-16, but the day it rolls over to "
        "does not."
    )


def test_a_moment_becomes_a_washington_day_first() -> None:
    taipei = datetime(2026, 12, 21, 12, 30, tzinfo=ZoneInfo("Asia/Taipei"))  # 23:30 there
    found = due(RULE, "answer", taipei)
    assert found.start == date(2026, 12, 20)
    assert found.due == date(2027, 1, 19)
    assert "Washington" in found.worked_out[0].en
    assert "華盛頓" in found.worked_out[0].zh_hant
    assert due(RULE, "answer", taipei + timedelta(hours=1)).due == date(2027, 1, 20)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="no time zone"):
        due(RULE, "answer", datetime(2026, 12, 20, 23, 30))  # noqa: DTZ001 - the case itself


@pytest.mark.parametrize(
    ("duty", "roll", "message"),
    [
        ("answr", None, "Did you mean 'answer'"),
        ("answer", "roll_back", "no_roll, next_business_day"),
    ],
)
def test_unknown_duty_and_roll(duty: str, roll: str | None, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        due(RULE, duty, date(2026, 12, 20), roll=roll)


def test_a_regime_without_the_reading_offers_no_roll() -> None:
    law = load_regime("eu-ai-act-gpai")
    assert [
        each.roll for each in due_under_each_reading(law, "notification", date(2027, 1, 1))
    ] == ["no_roll"]
    with pytest.raises(BadInput, match="Known: no_roll"):
        due(law, "notification", date(2027, 1, 1), roll="next_business_day")


@pytest.mark.parametrize("duty", [clock.id for clock in RULE.clocks])
@pytest.mark.parametrize("day", [date.min, date.max, date(2024, 9, 10), date(9999, 10, 16)])
def test_days_without_law_or_calendar_are_refused(duty: str, day: date) -> None:
    if day == date(9999, 10, 16) and RULE.clock(duty).period:
        assert due(RULE, duty, day).due > day
        return
    if day == date(9999, 10, 16) and duty == "extension":
        assert due(RULE, duty, day).due > day
        return
    with pytest.raises(BadInput):
        due(RULE, duty, day)


@given(duties, starts)
def test_a_period_is_its_number_of_days_and_a_roll_ends_on_a_business_day(
    duty: str, start: date
) -> None:
    stands, rolled = due_under_each_reading(RULE, duty, start)
    assert stands.due - start == timedelta(days=DAYS[duty])
    assert rolled.due >= stands.due
    assert why_closed(rolled.due, RULE.holidays) is None
    between = (stands.due + timedelta(days=n) for n in range((rolled.due - stands.due).days))
    assert all(why_closed(day, RULE.holidays) is not None for day in between)


@given(duties, st.integers(0, 75 * 365 * 24 * 60))
def test_a_moment_gives_the_same_as_its_local_day(duty: str, minutes: int) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = moment.astimezone(ZoneInfo("America/New_York")).date()
    assert due(RULE, duty, moment).due == due(RULE, duty, local).due


@given(starts)
def test_the_next_notification_is_the_first_not_before(start: date) -> None:
    found = due(RULE, "notification", start)
    assert found.quarter is not None
    assert found.due == found.quarter.notification_due >= start
    assert found.due - start <= timedelta(days=92)
    assert found.window_end == months_after(found.due, 6)
    if found.quarter > Quarter.parse("2024Q3"):
        assert found.quarter.previous().notification_due < start


@given(starts)
def test_an_affirmation_is_due_when_a_notification_would_be(start: date) -> None:
    for affirmed, notified in zip(
        due_under_each_reading(RULE, "affirmation", start),
        due_under_each_reading(RULE, "notification", start),
        strict=True,
    ):
        assert (affirmed.due, affirmed.quarter) == (notified.due, notified.quarter)
        assert affirmed.window_end is None


def test_quarters() -> None:
    quarter = Quarter.parse("2026Q4")
    assert quarter == Quarter.of(date(2026, 11, 22)) == Quarter.parse(" 2026-q4 ")
    assert str(quarter) == "2026Q4"
    assert quarter.notification_due == date(2027, 1, 15)
    assert quarter.window_end == date(2027, 7, 15)
    assert (quarter.first_day, quarter.last_day) == (date(2026, 10, 1), date(2026, 12, 31))
    assert str(quarter.next()) == "2027Q1"
    assert str(quarter.previous()) == "2026Q3"
    assert quarter.previous() < quarter < quarter.next()


@pytest.mark.parametrize(
    "text", ["", "2026", "2026Q5", "2026Q0", "Q4", "26Q4", "0000Q1", "2026Q4x"]
)
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="2026Q4"):
        Quarter.parse(text)


@pytest.mark.parametrize(("text", "way"), [("0001Q1", "previous"), ("9999Q4", "next")])
def test_quarters_end_with_the_calendar(text: str, way: str) -> None:
    with pytest.raises(BadInput, match="beyond the calendar"):
        getattr(Quarter.parse(text), way)()


def test_quarter_of_a_regime_without_quarters_is_refused() -> None:
    with pytest.raises(BadInput, match="no quarterly dates"):
        Quarter.of(date(2026, 11, 22), load_regime("us-ca-sb53"))


@given(starts)
def test_a_quarter_holds_its_days(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.next().previous() == quarter
    assert quarter.next().first_day == quarter.last_day + timedelta(days=1)


def test_seven_affirmations_follow_a_notification() -> None:
    owed = affirmations_owed(RULE, Quarter.parse("2026Q4"))
    assert [str(quarter) for quarter in owed] == [
        "2027Q1", "2027Q2", "2027Q3", "2027Q4", "2028Q1", "2028Q2", "2028Q3",
    ]  # fmt: skip
    assert owed[-1].notification_due == date(2028, 10, 15)


def test_no_affirmations_where_the_law_knows_none() -> None:
    assert affirmations_owed(load_regime("us-ca-sb53"), Quarter.parse("2026Q4")) == ()


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (
        found.day < day.day and (found + timedelta(days=1)).month != found.month
    )


@pytest.mark.parametrize("months", [12 * 9000, -12 * 9000, 10**12])
def test_months_beyond_the_calendar_are_refused(months: int) -> None:
    with pytest.raises(BadInput, match="beyond the calendar"):
        months_after(date(2026, 1, 1), months)


def test_a_regime_is_not_changed_by_asking() -> None:
    before: Regime = RULE.model_copy(deep=True)
    due_under_each_reading(RULE, "notification", date(2026, 12, 20))
    RULE.on(date(2025, 1, 1))
    assert before == RULE
