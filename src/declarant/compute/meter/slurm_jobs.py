"""Jobs by host and time out of `sacct -P`; rows, times and devices are read as its reader does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from declarant.compute.meter.hosts import host_lists
from declarant.compute.meter.moments import milliseconds_since
from declarant.compute.meter.parts import zoneless
from declarant.compute.readers.slurm.rows import Row, is_nothing, rows
from declarant.compute.readers.slurm.times import Moments
from declarant.compute.readers.slurm.tres import devices_of
from declarant.compute.readers.source import Source
from declarant.problems import Finding, Place, Severity

if TYPE_CHECKING:
    from declarant.compute.meter.jobs import Job


def slurm_jobs(source: Source, zone: tzinfo | None, findings: list[Finding]) -> Iterator[Job]:
    """Yield each attempt of each job, once for every host; steps repeat them and are left out.

    The run is the job's name. Time in which a job was suspended counts as its own: nothing else
    had its hosts.

    Raises:
        BadInput: when there is no header, or a list of hosts cannot be read.
    """
    from declarant.compute.meter.jobs import repeats

    moments = Moments(zone)
    damaged: list[int] = []
    unplaced = repeated = 0
    seen: set[tuple[object, ...]] = set()
    lists = host_lists(source.shown)

    def remark(code: str, what: str, line: int) -> None:
        damaged.append(line)

    for row in rows(source, remark):
        if row.step:
            continue
        start = moments.read(row["start"])
        nodes = row["nodelist"].strip()
        if start is None or is_nothing(nodes) or nodes.lower() == "none assigned":
            unplaced += start is not None
            continue
        end = moments.read(row["end"])
        if end is not None and end < start:
            damaged.append(row.line)
            continue
        key = (row.job, nodes, start, end)
        if key in seen:
            repeated += 1
            continue
        seen.add(key)
        yield from _on_hosts(row, lists.expand(nodes, row.line), milliseconds_since(start), end)
    if repeated:
        findings.append(repeats(source.shown, repeated))
    if moments.without_zone:
        findings.append(zoneless(source.shown))
    for code, count, what in (
        ("meter.jobs_damaged", len(damaged) + moments.unreadable, "rows or times cannot be read"),
        ("meter.jobs_unplaced", unplaced, "jobs name no hosts"),
    ):
        if count:
            findings.append(
                Finding(
                    code,
                    f"{count:,} {what}.",
                    Place(source.shown, damaged[0] if damaged else None),
                    "Export them again with NodeList, Start and End.",
                    Severity.WARNING,
                    "their work is in the total of no run",
                )
            )


def _on_hosts(row: Row, hosts: tuple[str, ...], start: int, end: datetime | None) -> Iterator[Job]:
    from declarant.compute.meter.jobs import Job

    devices = devices_of(row["alloctres"]).bounds[2]
    if not hosts:
        return
    each = devices // len(hosts) if devices and devices % len(hosts) == 0 else None
    until = milliseconds_since(end) if end is not None else None
    run = row["jobname"].strip() or row.job
    for host in hosts:
        yield Job(run, host, start, until, each)
