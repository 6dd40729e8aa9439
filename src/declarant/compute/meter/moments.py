"""Times written as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=65_536)
def milliseconds_of(text: str | None, zone: tzinfo | None = None) -> tuple[int | None, bool]:
    """Return a date with time as ms since 1970, and whether its zone is known.

    `zone` is that of dates without one; UTC is taken when None. The time is None when the text is
    no date between the years 2000 and 2100.
    """
    if text is None:
        return None, False
    is_utc = text.rstrip().endswith(" UTC")
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
        if not 2000 <= moment.year < 2100:
            return None, False
        zoned = moment.tzinfo is not None or is_utc or zone is not None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if is_utc or zone is None else zone)
        return int((moment - _EPOCH) // _MILLISECOND), zoned
    except (ValueError, OverflowError):
        return None, False


def milliseconds_since(moment: datetime) -> int:
    """Return a moment with its zone as ms since 1970."""
    return int((moment - _EPOCH) // _MILLISECOND)
