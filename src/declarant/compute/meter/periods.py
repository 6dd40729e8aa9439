"""The time of each host cut into periods in which the same runs had it, for the engine to join.

A period lies within one day (UTC) and stands in every bucket of time in which a sample may begin
that reaches into it, so that the join is one of equals. The periods of a host cover all of the
time that telemetry covers: what lies outside jobs belongs to no run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from declarant.compute.meter.jobs import Job
from declarant.compute.meter.rules import DAY_MS

if TYPE_CHECKING:
    import pyarrow as pa

SHARED = "\x1f"
"""Between the runs that share a host in a period."""
_BUCKETS = (600_000, 3_600_000, 6 * 3_600_000, DAY_MS)
_MOST_ROWS = 3_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """A time of one host, within one day; `run` is "" where no job had it."""

    host: str
    start: int
    end: int
    run: str
    gpus: int | None = None

    @property
    def day(self) -> int:
        """Days since 1970."""
        return self.start // DAY_MS


def periods(jobs: Iterable[Job], begin: int, end: int) -> tuple[Period, ...]:
    """Return the periods of every host that a job names, from `begin` to `end` (ms)."""
    by_host: dict[str, list[Job]] = {}
    for job in jobs:
        by_host.setdefault(job.host, []).append(job)
    return tuple(
        period
        for host, held in sorted(by_host.items())
        for period in _of_host(host, held, begin, end)
    )


def _of_host(host: str, jobs: list[Job], begin: int, end: int) -> Iterator[Period]:
    changes: dict[int, list[tuple[int, Job]]] = {}
    for job in jobs:
        start, stop = max(job.start, begin), min(end if job.end is None else job.end, end)
        if start < stop:
            changes.setdefault(start, []).append((1, job))
            changes.setdefault(stop, []).append((-1, job))
    borders = sorted({begin, end, *changes, *range((begin // DAY_MS + 1) * DAY_MS, end, DAY_MS)})
    held: dict[str, list[Job]] = {}
    for start, stop in pairwise(borders):
        for sign, job in changes.get(start, ()):
            if sign > 0:
                held.setdefault(job.run, []).append(job)
            else:
                held[job.run].remove(job)
                if not held[job.run]:
                    del held[job.run]
        counts = [job.gpus for running in held.values() for job in running]
        gpus = sum(count for count in counts if count) if counts and all(counts) else None
        yield Period(host, start, stop, SHARED.join(sorted(held)), gpus)


def matched(jobs: Iterable[Job], hosts: Iterable[str]) -> tuple[Job, ...]:
    """Return the jobs with hosts called as telemetry calls them.

    A name is matched whole, or up to its first dot where that means one host only.
    """
    known = set(hosts)
    short: dict[str, set[str]] = {}
    for host in known:
        short.setdefault(host.partition(".")[0], set()).add(host)

    def named(host: str) -> str:
        alike = short.get(host.partition(".")[0], set())
        return host if host in known or len(alike) != 1 else next(iter(alike))

    return tuple(Job(job.run, named(job.host), job.start, job.end, job.gpus) for job in jobs)


def write_periods(held: tuple[Period, ...], path: Path, reach: int) -> int:
    """Write the periods for the join; return the length of a bucket in ms.

    Args:
        held: the periods.
        path: of the Parquet file.
        reach: the longest time a sample stands for, ms.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    bucket = next(
        (
            size
            for size in _BUCKETS
            if sum(_spread(item, size, reach) for item in held) < _MOST_ROWS
        ),
        DAY_MS,
    )
    schema = pa.schema(
        [
            ("host", pa.string()),
            ("bucket", pa.int64()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("run", pa.string()),
            ("day", pa.int64()),
        ]
    )
    with pq.ParquetWriter(path, schema) as writer:
        rows: list[tuple[object, ...]] = []
        for item in held:
            first = (item.start - reach) // bucket
            rows += (
                (item.host, first + number, item.start, item.end, item.run, item.day)
                for number in range(_spread(item, bucket, reach))
            )
            if len(rows) > 100_000:
                writer.write_batch(_batch(rows, schema))
                rows = []
        writer.write_batch(_batch(rows, schema))
    return bucket


def _batch(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.record_batch(
        [pa.array(column, held.type) for column, held in zip(columns, schema, strict=True)],
        schema=schema,
    )


def _spread(item: Period, bucket: int, reach: int) -> int:
    return (item.end - 1) // bucket - (item.start - reach) // bucket + 1
