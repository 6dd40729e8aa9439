"""Moments given on the command line, which need a zone to be on any day at all."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from declarant.problems import bad_input

_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_WEEK = re.compile(r"[0-9]{4}-?W[0-9]", re.IGNORECASE)


def iso_day(text: str) -> date:
    """Read a day of the calendar: `2026-12-20` or `20261220`.

    Raises:
        ValueError: when the text is no such day; week dates (`2026-W51-7`) are none, because
            nobody who reads one sees the day.
    """
    if _WEEK.match(text):
        raise ValueError("weeks are not read, only days of months")
    if not _DAY.fullmatch(text):
        raise ValueError("it is not written year, month, day (isoformat)")
    return date.fromisoformat(text)


def read_day_or_moment(text: str, option: str) -> date | datetime:
    """Read a day, or a moment with its offset or zone name, given to `option`.

    `2026-12-20`, `20261220`, `2026-12-20T23:30-05:00`, `2026-12-20 23:30 America/New_York`. A
    moment without a zone is returned without one: whether it can be used is for the reader of the
    day to say.

    Raises:
        BadInput: when the text is no day and no moment, or its zone is unknown.
    """
    given = text.strip()
    moment, _, zone = given.rpartition(" ")
    try:
        if _WEEK.match(given) or _DAY.fullmatch(given):
            return iso_day(given)
        if "/" in zone or zone == "UTC":
            return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
        return datetime.fromisoformat(given)
    except (ZoneInfoNotFoundError, OSError):
        raise bad_input(
            "cli.zone",
            f"{zone!r} is no time zone.",
            mend="Write an offset such as -05:00, or a zone such as America/New_York.",
            field=option,
        ) from None
    except ValueError as error:
        # "day is out of range for month" helps; what the parsers say of their own format does not
        technical = any(word in str(error) for word in ("isoformat", "ZoneInfo"))
        raise bad_input(
            "cli.moment",
            f"{text!r} is no day or moment{'' if technical else f': {error}'}.",
            mend="Write a day that exists, such as 2026-12-20, or a moment with its zone, such as "
            "2026-12-20T23:30-05:00.",
            field=option,
        ) from None
