"""Which runs had which hosts when: a table, or what Slurm accounted for.

A table is CSV with the columns `run`, `host`, `start`, `end`, and `gpus` where it is known how many
GPUs the job had on each host. `host` may be a list as Slurm writes it (gpu[001-016]). An `end` that
is empty or "Unknown" is still running. The output of `sacct -P` is read as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from declarant.compute.meter.hosts import host_lists, refused
from declarant.compute.meter.moments import milliseconds_of
from declarant.compute.meter.parts import zoneless
from declarant.compute.meter.stage import milliseconds
from declarant.compute.readers.source import Source
from declarant.host_lists import HostLists
from declarant.problems import Finding, Place, Severity, bad_input

_RUNNING = ("", "unknown", "none", "running")
_WANTED = ("run", "host", "start", "end")


@dataclass(frozen=True, slots=True)
class Job:
    """One run on one host for a time.

    Attributes:
        run: whose work it was.
        host: as the scheduler calls it.
        start: ms since 1970.
        end: the same, None while it runs.
        gpus: how many it had there, None when not said.
    """

    run: str
    host: str
    start: int
    end: int | None
    gpus: int | None = None


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs, each once for every host, and what was noticed while reading them."""

    jobs: tuple[Job, ...]
    findings: tuple[Finding, ...] = ()
    source: Source | None = None


def read_jobs(
    path: Path, zone: tzinfo | None = None, run_of_job: Mapping[str, str] | None = None
) -> Jobs:
    """Read a table of jobs, or the output of `sacct -P`.

    Args:
        path: the file.
        zone: of times without one; UTC is taken, and said, when None.
        run_of_job: run by job name, where the jobs of one run have several names.

    Raises:
        BadInput: when columns are missing, a cell cannot be read, or no job is named.
    """
    from declarant.compute.meter.slurm_jobs import slurm_jobs
    from declarant.compute.readers.slurm.rows import columns_of

    source = Source(path)
    first = source.sample().head.lstrip("\ufeff").partition("\n")[0]
    findings: list[Finding] = []
    is_slurm = "|" in first and columns_of(first) is not None
    found = slurm_jobs(source, zone, findings) if is_slurm else _table(source, zone, findings)
    jobs: list[Job] = []
    seen: set[tuple[object, ...]] = set()
    repeated = 0
    for job in found:
        key = (job.run, job.host, job.start, job.end)
        if not is_slurm and key in seen:  # jobs of Slurm are told apart by their numbers
            repeated += 1
            continue
        seen.add(key)
        run = job.run if run_of_job is None else run_of_job.get(job.run, job.run)
        jobs.append(replace(job, run=run))
    if repeated:
        findings.append(repeats(source.shown, repeated))
    if not jobs:
        raise bad_input(
            "meter.jobs_empty",
            "names no job with hosts and times.",
            mend="Name jobs that ran: run,host,start,end; or sacct -P with NodeList, Start, End.",
            file=source.shown,
        )
    return Jobs(tuple(jobs), tuple(findings), source)


def repeats(shown: str, count: int) -> Finding:
    """Return what is said of jobs that stand more than once."""
    return Finding(
        "meter.jobs_repeated",
        f"{count:,} rows repeat a job with its host, start and end.",
        Place(shown),
        "Name each job once on each host, with all of its GPUs.",
        Severity.WARNING,
        "counted once; counted again, the run would lack samples of as many GPUs more",
    )


def _table(source: Source, zone: tzinfo | None, findings: list[Finding]) -> Iterator[Job]:
    numbers = [1]
    lists = host_lists(source.shown)

    def lines() -> Iterator[str]:
        for number, line in source.lines():
            if line.strip():
                numbers[0] = number
                yield line.decode("utf-8", "replace").lstrip("\ufeff")

    reader = csv.DictReader(lines())
    try:
        names = {name: name.strip().lower() for name in reader.fieldnames or () if name}
        missing = [name for name in _WANTED if name not in names.values()]
        if missing:
            raise bad_input(
                "meter.jobs_columns",
                f"has no column {', '.join(missing)}.",
                mend="Write run,host,start,end (and gpus), or name the output of sacct -P.",
                file=source.shown,
                line=1,
            )
        without_zone = False
        for cells in reader:
            row = {
                names[name]: value.strip()
                for name, value in cells.items()
                if name in names and isinstance(value, str)
            }
            row = {**dict.fromkeys(_WANTED, ""), **row}
            start, zoned = _moment(row["start"], zone, source.shown, numbers[0], "start")
            end = None
            if row["end"].lower() not in _RUNNING:
                end, end_zoned = _moment(row["end"], zone, source.shown, numbers[0], "end")
                zoned = zoned and end_zoned
            without_zone = without_zone or not zoned
            yield from _jobs(row, start, end, lists, numbers[0])
        if without_zone:
            findings.append(zoneless(source.shown))
    except csv.Error as error:
        raise refused(source.shown, numbers[0], f"cannot be read: {error}.") from None


def _jobs(
    row: dict[str, str], start: int, end: int | None, lists: HostLists, line: int
) -> Iterator[Job]:
    shown = lists.context.file
    if not row["run"]:
        raise refused(shown, line, "names no run.", "run")
    if end is not None and end < start:
        raise refused(shown, line, "ends before it starts.", "end")
    gpus = row.get("gpus", "")
    if gpus and not (gpus.isascii() and gpus.isdigit() and len(gpus) < 5):
        raise refused(shown, line, f"{gpus[:40]!r} is no number of GPUs.", "gpus")
    hosts = lists.expand(row["host"], line)
    if not hosts:
        raise refused(shown, line, "names no host.", "host")
    for host in hosts:
        yield Job(row["run"], host, start, end, int(gpus) if gpus else None)


def _moment(text: str, zone: tzinfo | None, shown: str, line: int, field: str) -> tuple[int, bool]:
    found, zoned = milliseconds_of(text, zone)
    if found is None:
        found, zoned = milliseconds(text), True
    if found is None:
        raise refused(shown, line, f"{text[:40]!r} is no time.", field)
    return found, zoned
