"""Lists of hosts in a table of jobs, as schedulers write them: gpu[001-016]."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.host_lists import HostLists
from declarant.problems import BadInput, bad_input

MOST = 1_000_000
"""Hosts and times that the jobs of one file may name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The file that is read, for messages."""

    file: str
    format: str = "meter"


def host_lists(shown: str) -> HostLists:
    """Return what expands the lists of one file, within a bound for all of it."""
    return HostLists(Reading(shown), MOST)


def refused(shown: str, line: int | None, what: str, field: str | None = None) -> BadInput:
    """Return the refusal of a table of jobs."""
    return bad_input(
        "meter.jobs",
        what,
        mend="Write times such as 2026-10-03T12:00:00Z and hosts such as gpu[001-016].",
        file=shown,
        line=line,
        field=field,
    )
