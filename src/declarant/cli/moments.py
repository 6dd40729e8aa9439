"""Moments given on the command line, which need a zone to be on any day at all."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from declarant.problems import bad_input


def read_day_or_moment(text: str, option: str) -> date | datetime:
    """Read a day, or a moment with its offset or zone name, given to `option`.

    `2026-12-20`, `2026-12-20T23:30-05:00`, `2026-12-20 23:30 America/New_York`. A moment without
    a zone is returned without one: whether it can be used is for the reader of the day to say.

    Raises:
        BadInput: when the text is no day and no moment, or its zone is unknown.
    """
    given = text.strip()
    moment, _, zone = given.rpartition(" ")
    try:
        if "/" in zone or zone == "UTC":
            return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
        is_day = len(given) == len("2026-12-20")
        return date.fromisoformat(given) if is_day else datetime.fromisoformat(given)
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
