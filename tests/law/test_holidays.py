"""Federal holidays by the rules of 5 U.S.C. 6103, against the published lists of some years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from declarant.law import load_regime
from declarant.law.holidays import Holiday, why_closed

HOLIDAYS = load_regime("us-bis-702-7").holidays

# U.S. Office of Personnel Management, federal holidays, days on which they are kept
KEPT = {
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}


def kept_in(year: int) -> str:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return " ".join(
        f"{day:%m-%d}" for day in days if any(holiday.falls_on(day) for holiday in HOLIDAYS)
    )


@pytest.mark.parametrize("year", sorted(KEPT))
def test_published_lists(year: int) -> None:
    assert kept_in(year) == KEPT[year]


def test_juneteenth_since_its_law() -> None:
    assert why_closed(date(2020, 6, 19), HOLIDAYS) is None
    closed = why_closed(date(2024, 6, 19), HOLIDAYS)
    assert closed is not None
    assert "Juneteenth" in closed.en


def test_weekends_are_closed_and_other_days_are_not() -> None:
    saturday, monday = why_closed(date(2026, 11, 21), HOLIDAYS), date(2026, 11, 23)
    assert saturday is not None
    assert saturday.en == "a Saturday"
    assert why_closed(monday, HOLIDAYS) is None


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar(day: date) -> None:
    why_closed(day, HOLIDAYS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": 4, "weekday": "monday", "nth": 1},
        {"weekday": "monday"},
        {"nth": 1},
        {},
        {"day": 31, "month": 6},
    ],
)
def test_a_holiday_has_one_rule(wrong: dict[str, object]) -> None:
    words = {"en": "a day", "zh-Hant": "某日"}
    fields = {"id": "x", "title": words, "month": 5, "citation": {"text": "x"}, **wrong}
    with pytest.raises(ValueError, match=r"holiday has|no day"):
        Holiday.model_validate(fields)
