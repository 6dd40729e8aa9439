"""How amounts, days and sizes are written: short, and exact behind it."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from declarant.desk.site.templatetags import desk_amounts as write
from declarant.quantities import Interval

WASHINGTON = "America/New_York"


def test_an_amount_is_short_and_its_digits_are_at_hand() -> None:
    text = write.operations(123456 * 10**21)
    assert ">1.23e26<" in text
    assert 'title="123,456,000,000,000,000,000,000,000"' in text


def test_an_amount_that_is_not_whole_is_a_fraction() -> None:
    assert write.exact(Fraction(10, 3)) == "10 / 3"


def test_unknown_is_unknown() -> None:
    for written in (write.operations, write.rate, write.bits, write.interval, write.size):
        assert str(written(None)) == "unknown"
    assert str(write.day(None)) == str(write.moment(None)) == "unknown"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Interval(Fraction(5), Fraction(5), Fraction(5)), ["5.00e0"]),
        (
            Interval(Fraction(8), Fraction(10), Fraction(12)),
            ["1.00e1", "(", "8.00e0", "to", "1.20e1"],
        ),
        (Interval(Fraction(8), None, Fraction(12)), ["8.00e0", "to", "1.20e1"]),
        (Interval(Fraction(8), None, None), ["at least", "8.00e0"]),
    ],
)
def test_an_interval_shows_every_bound_that_is_known(amount: Interval, words: list[str]) -> None:
    text = str(write.interval(amount))
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert text.count("<abbr") == sum("e" in word and word[0].isdigit() for word in words)


@pytest.mark.parametrize(
    ("value", "zone", "said"),
    [
        (
            datetime(2027, 4, 15, 16, 0, tzinfo=UTC),
            WASHINGTON,
            "15 April 2027 12:00 (EDT, UTC−04:00)",
        ),
        (
            datetime(2027, 1, 15, 17, 0, tzinfo=UTC),
            WASHINGTON,
            "15 January 2027 12:00 (EST, UTC−05:00)",
        ),
        (
            datetime(2027, 1, 1, 3, 0, tzinfo=UTC),
            WASHINGTON,
            "31 December 2026 22:00 (EST, UTC−05:00)",
        ),
        (datetime(2027, 1, 1, 3, 0, tzinfo=UTC), "", "1 January 2027 03:00 (UTC)"),
        (datetime(2027, 1, 1, 3, 0, tzinfo=ZoneInfo("Asia/Taipei")), "", "(CST, UTC+08:00)"),
        (datetime(2027, 1, 1, 3, 0, tzinfo=ZoneInfo("Asia/Kolkata")), "", "(IST, UTC+05:30)"),
    ],
)
def test_a_moment_names_its_zone_and_how_far_it_is_from_utc(
    value: datetime, zone: str, said: str
) -> None:
    assert said in write.moment(value, zone)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        write.moment(datetime(2027, 1, 1))  # noqa: DTZ001 - what is refused


def test_days_follow_the_language() -> None:
    assert "15 April 2027" in write.day(date(2027, 4, 15))
    with translation.override("zh-hant"):
        assert "2027年4月15日" in write.day(date(2027, 4, 15))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (2 * 10**9, "2.0 GB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_sizes(value: int, said: str) -> None:
    assert write.size(value) == said


def test_a_hash_is_there_as_a_whole() -> None:
    held: dict[str, Any] = write.hash("ab" * 32)
    assert held["value"] == "ab" * 32
    assert held["short"] == "abababababab"
