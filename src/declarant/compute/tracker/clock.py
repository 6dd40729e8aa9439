"""The clocks of the trainer's process: the one place of this room that asks for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

monotonic = time.monotonic
"""Seconds that never go back; durations are measured with it alone."""


def now() -> datetime:
    """Return the wall clock's moment, in UTC."""
    return datetime.now(UTC)


def zone() -> str:
    """Return the machine's own offset from UTC ("+0100"), for people who compare logs."""
    return time.strftime("%z")
