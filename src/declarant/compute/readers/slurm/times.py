"""Moments as sacct writes them: without a zone, unless SLURM_TIME_FORMAT asked for one.

Sources: sacct(1), SLURM_TIME_FORMAT ("standard" is ISO 8601 without a zone; otherwise strftime(3)).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timezone, tzinfo

from declarant.compute.readers.slurm.rows import is_nothing

_STANDARD = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})?", re.A
)
_EPOCH = re.compile(r"\d{9,11}", re.A)


class Moments:
    """Reads the moments of one export, and notes what they leave open.

    Attributes:
        without_zone: how many were read as UTC because nobody named their zone.
        unreadable: how many were in another form.
        example: one of the unreadable.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self.without_zone = 0
        self.unreadable = 0
        self.example = ""

    def read(self, text: str) -> datetime | None:
        """Return the moment with its zone; None when sacct knows none or it cannot be read."""
        if is_nothing(text):
            return None
        moment = _moment(text)
        if moment is None:
            self.unreadable += 1
            self.example = self.example or text[:40]
            return None
        if moment.tzinfo is not None:
            return moment
        if self._zone is None:
            self.without_zone += 1
            return moment.replace(tzinfo=UTC)
        local = moment.replace(tzinfo=self._zone)
        offset = local.utcoffset()  # a fixed one, so that differences hold when clocks change
        return local if offset is None else moment.replace(tzinfo=timezone(offset))


def _moment(text: str) -> datetime | None:
    try:
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if _STANDARD.fullmatch(text):
            moment = datetime.fromisoformat(text)
            # far ends of the calendar cannot be moved between zones
            return moment if 1970 <= moment.year < 9000 else None
    except (ValueError, OverflowError):
        pass
    return None
