"""The records that begin and end a process's section of a file, and what a kill before it cost."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from datetime import datetime
from typing import Any

from declarant import __version__
from declarant.compute.tracker.entries import entry_of, moment
from declarant.compute.tracker.loss import Pace
from declarant.compute.tracker.rank_file import RankFile
from declarant.compute.tracker.record import FORMAT, Body, Record


def opening_bodies(file: RankFile, identity: dict[str, Any], now: datetime) -> list[Body]:
    """Return the records that begin a section: `resumed` where the one before has no end."""
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    opened: Body = {
        "type": "opened",
        "at": at,
        "format": FORMAT,
        "file_number": file.number,
        "locked": file.locked,
        "host": platform.node(),
        "pid": os.getpid(),
        "versions": {"declarant": __version__, "python": platform.python_version()},
        **identity,
    }
    unclosed = file.records and file.records[-1].type not in ("closed", "resumed")
    return [_resumed(file.records, at, now), opened] if unclosed else [opened]


def _resumed(records: tuple[Record, ...], at: str, now: datetime) -> Body:
    """Say what the section before, which has no end, may have lost; from the end of the file."""
    pace = Pace()
    for record in records:
        with suppress(ValueError):  # whoever reads the ledger is told of it
            pace.take(entry_of(record))
    before = moment(records[-1])
    gap = None if before is None or before > now else (now - before).total_seconds()
    seconds = pace.window(gap)
    return {
        "type": "resumed",
        "at": at,
        "since": str(records[-1].fields.get("at", "")),
        "window_ms": None if seconds is None else round(seconds * 1000),
        "steps_high": pace.most_steps(seconds),
        "last_step": pace.last_step,
    }
