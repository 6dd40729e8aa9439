"""The meter: sources in, segments of the ledger out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from declarant.compute.ledger import Evidence
from declarant.compute.meter import spans as spanned
from declarant.compute.meter.book import Book
from declarant.compute.meter.devices import Gpu, dated, described, numbered, seen_whole
from declarant.compute.meter.engine import Engine, engine
from declarant.compute.meter.fields import Role, Unit
from declarant.compute.meter.jobs import Jobs
from declarant.compute.meter.ledger_file import Metering
from declarant.compute.meter.periods import Period, matched, periods, write_periods
from declarant.compute.meter.remarks import remarks
from declarant.compute.meter.rules import CARRIED_INTERVALS, LEAST_DISTANCES, Known
from declarant.compute.meter.samples import samples
from declarant.compute.meter.sources.registry import FORMATS, Part
from declarant.compute.meter.totals import Attribution, gaps, totals
from declarant.compute.meter.units import in_one_unit
from declarant.compute.readers.source import Source
from declarant.problems import Finding, Severity, bad_input

Stage = Callable[[str, int, int], None]
"""Called as stage(title, done, total) while the meter works."""
NOTHING_KNOWN = Known()


def _silent(title: str, done: int, total: int) -> None:
    """Report nothing."""


def meter(
    sources: Sequence[Path],
    known: Known = NOTHING_KNOWN,
    *,
    jobs: Jobs | None = None,
    on: str = "duckdb",
    memory_limit: str | None = None,
    work: Path | None = None,
    stage: Stage = _silent,
) -> Metering:
    """Return the executed operations that GPU telemetry shows, by run and day.

    Args:
        sources: files of telemetry, and folders of Parquet files.
        known: what is known beside them.
        jobs: which runs had which hosts when; None to go by labels, or by nothing.
        on: the engine: "duckdb", "spark://HOST:PORT" or "local-cluster".
        memory_limit: for DuckDB, such as "2GB"; what does not fit goes to the work folder.
        work: a folder for tables on the way; a temporary one when None. Workers of a cluster must
            see it under the same path.
        stage: told how far the work is.

    Raises:
        BadInput: when a source cannot be read, a unit is open, or the engine does not start.
    """
    with tempfile.TemporaryDirectory(prefix="declarant-meter-", dir=work) as name:
        folder = Path(name)
        files = _files(sources)
        parts, evidence = _read(files, folder, known, stage)
        if jobs is not None and jobs.source is not None:
            evidence = (*evidence, *jobs.source.evidence)
        with engine(
            on, folder, memory_limit, lambda done, of: stage("Metering", done, of)
        ) as started:
            return metered_on(started, parts, evidence, known, jobs)


def _files(sources: Sequence[Path]) -> list[Source]:
    """Return the files that are named, and the Parquet files of folders."""
    found: list[Source] = []
    for path in sources:
        if not path.is_dir():
            found.append(Source(path))
            continue
        inside = sorted(item for item in path.rglob("*.parquet") if item.is_file())
        if not inside:
            raise bad_input(
                "meter.folder_empty",
                "holds no Parquet file.",
                mend="Name the folder of the export, or the files themselves.",
                file=str(path),
            )
        found += [Source(item) for item in inside]
    if not found:
        raise bad_input("file.none", "no file is named.", mend="Name telemetry.")
    return found


def _read(
    files: list[Source], folder: Path, known: Known, stage: Stage
) -> tuple[list[Part], tuple[Evidence, ...]]:
    parts, evidence = [], []
    seen: dict[str, str] = {}
    for number, source in enumerate(files):
        stage("Reading", number, len(files))
        reader = FORMATS.sniffed(source.sample(), source.shown)
        own = folder / f"source-{number}"
        own.mkdir()
        part = reader.read(source, own, known)
        held = source.evidence[0]
        if held.sha256 in seen:
            finding = Finding(
                "meter.repeated_source",
                f"is the same file as {seen[held.sha256]}.",
                mend="Name each file once.",
                severity=Severity.NOTE,
                effect="none: samples of one GPU at one time count once",
            )
            part = replace(part, findings=(*part.findings, finding))
        seen[held.sha256] = source.shown
        parts.append(part)
        evidence.append(held)
    return _in_one_unit(parts, known), tuple(evidence)


def _in_one_unit(parts: list[Part], known: Known) -> list[Part]:
    """Return the parts with each column in the same unit in all of them."""
    in_percent = {
        name.lower(): part.shown
        for part in reversed(parts)
        for name, unit in part.units.items()
        if unit is Unit.PERCENT
    }
    made = []
    for part in parts:
        changed = [
            name
            for name, unit in part.units.items()
            if unit is Unit.RATIO
            and name.lower() in in_percent
            and not known.units.keys() & {name, "activity"}
        ]
        said = (in_one_unit(name, part.shown, in_percent[name.lower()]) for name in changed)
        units = {**part.units, **dict.fromkeys(changed, Unit.PERCENT)}
        made.append(replace(part, units=units, findings=(*part.findings, *said)))
    return made


def metered_on(
    started: Engine,
    parts: list[Part],
    evidence: tuple[Evidence, ...],
    known: Known,
    jobs: Jobs | None,
) -> Metering:
    """Meter parts on an engine that runs; see `meter`."""
    labelled = known.run_label is not None and jobs is None and known.run is None
    one = samples(started, parts, known)
    table, listed = numbered(started, one.table)
    table = spanned.ordered(started, table, is_split=one.is_split, labelled=labelled)
    gpus, found = _timed(started, table, listed, known)
    held = _periods(jobs, gpus)
    with_spans = spanned.spans(described(started, table, gpus, with_host=held is not None))
    attribution = _attribution(started, held, gpus, labelled)
    book = Book(known, one.is_split)
    book.add(totals(started, with_spans, attribution, is_split=one.is_split))
    for gpu in gpus:
        _note_interval(book, gpu)
    if labelled:
        book.add_gaps(gaps(started, with_spans))
    elif held is None:
        book.expect_seen(seen_whole(gpus))
    else:
        book.expect_jobs(held, seen_whole(gpus))
    segments = book.segments()
    findings = (
        *(item for part in parts for item in part.findings),
        *(jobs.findings if jobs is not None else ()),
        *_identity(parts),
        *_restarts(started, one),
        *found,
        *remarks(book, segments),
    )
    return Metering(segments, evidence, findings, sum(part.rows for part in parts))


def _restarts(started: Engine, one: Any) -> tuple[Finding, ...]:
    """Return what is to be said of counters that went back."""
    count = sum(started.fetch(item).to_pylist()[0]["restarts"] or 0 for item in one.restarts)
    if not count:
        return ()
    return (
        Finding(
            "meter.restarts",
            f"counters of cycles went back {count:,} times: their exporter was restarted.",
            severity=Severity.NOTE,
            effect="the time around each restart is missing coverage",
        ),
    )


def _timed(
    started: Engine, table: Any, listed: tuple[Gpu, ...], known: Known
) -> tuple[tuple[Gpu, ...], tuple[Finding, ...]]:
    """Return the GPUs with their times and intervals, and what is to be said of these."""
    if not listed:
        raise bad_input(
            "meter.no_samples",
            "no source holds a sample: every value is blank, negative or undated.",
            mend="Export a time in which GPUs were watched.",
            field="SOURCE",
        )
    gpus = dated(listed, started.fetch(spanned.inventory(table)).to_pylist())
    own: dict[int, int] = {}
    common = known.interval_ms
    if common is None:
        medians = started.fetch(spanned.medians(table)).to_pylist()
        common = _median([(row["interval"], row["distances"]) for row in medians])
        own = {
            row["number"]: row["interval"] for row in medians if row["distances"] >= LEAST_DISTANCES
        }
    gpus = tuple(replace(gpu, interval=max(1, own.get(gpu.number, common))) for gpu in gpus)
    intervals = sorted({gpu.interval for gpu in gpus})
    shown = f"{intervals[0] / 1000:g} s" + (
        "" if len(intervals) == 1 else f" to {intervals[-1] / 1000:g} s"
    )
    finding = Finding(
        "meter.interval",
        f"samples of a GPU are {shown} apart"
        + (", as given." if known.interval_ms is not None else ", the median of each."),
        severity=Severity.NOTE,
        effect=f"{len({gpu.number for gpu in gpus}):,} GPUs; each sample stands for the time to "
        f"the next, at most {CARRIED_INTERVALS} intervals",
    )
    return gpus, (finding,)


def _median(weights: list[tuple[int, int]]) -> int:
    total = sum(weight for _, weight in weights)
    if not total:
        raise bad_input(
            "meter.interval_unknown",
            "no GPU has two samples, so that the scrape interval cannot be found.",
            mend="Give it: --interval 15s.",
            field="--interval",
        )
    passed = 0
    for value, weight in sorted(weights):
        passed += weight
        if passed * 2 >= total:
            return value
    raise AssertionError("a median lies among its values")


def _periods(jobs: Jobs | None, gpus: tuple[Gpu, ...]) -> tuple[Period, ...] | None:
    if jobs is None:
        return None
    begin, end = min(gpu.first for gpu in gpus), max(gpu.until for gpu in gpus)
    named = matched(jobs.jobs, {gpu.host for gpu in gpus})
    starts = [job.start for job in named]
    ends = [job.end for job in named if job.end is not None]
    return periods(named, min(begin, *starts), max(end, *ends, end))


def _attribution(
    started: Engine, held: tuple[Period, ...] | None, gpus: tuple[Gpu, ...], labelled: bool
) -> Attribution:
    if held is None:
        return Attribution(by_label=labelled)
    path = started.folder / "periods.parquet"
    reach = CARRIED_INTERVALS * max(gpu.interval for gpu in gpus)
    hosts = {gpu.host for gpu in gpus}
    inside = tuple(item for item in held if item.host in hosts)
    bucket = write_periods(inside, path, reach)
    return Attribution(periods=started.read([path]), bucket=bucket)


def _note_interval(book: Book, gpu: Gpu) -> None:
    for (_, _, model, part), tally in book.tallies.items():
        if model == gpu.model and part == gpu.part:
            tally.interval_ms = max(tally.interval_ms, gpu.interval)


def _identity(parts: list[Part]) -> tuple[Finding, ...]:
    with_uuid = {Role.UUID in part.layout.labels for part in parts}
    if len(with_uuid) == 1:
        return ()
    return (
        Finding(
            "meter.identity",
            "some sources name GPUs by UUID and others only by host and index.",
            mend="Export the label UUID in all of them.",
            effect="a GPU that stands in both for the same time is counted twice",
        ),
    )
