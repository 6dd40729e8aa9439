"""What day it is where a law is made: a date of the law begins and ends in its own zone."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from declarant.law import Regime


def today(law: Regime) -> date:
    """Return the day it is now in the zone of a law."""
    return timezone.now().astimezone(law.zone.info).date()
