"""What day it is where a law is made: a date of the law begins and ends in its own zone."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from declarant.law import Regime


def today(law: Regime) -> date:
    """Return the day it is now in the zone of a law."""
    return day_of(timezone.now(), law)


def day_of(moment: datetime, law: Regime) -> date:
    """Return the day that a moment falls on in the zone of a law."""
    return moment.astimezone(law.zone.info).date()
