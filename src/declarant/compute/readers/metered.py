"""What `declarant meter` wrote: executed operations of runs from hardware counters, as Parquet.

The columns are those of `declarant.compute.meter.ledger_file`. A run becomes one piece; what each
of its days holds stands in the facts. Work of no run and the rows of other runs are told in facts
and findings, and are no pieces: only work that a file says is a run's is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from declarant.compute.ledger import Method
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece, Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, Severity, bad_input
from declarant.quantities import Interval, show_interval

if TYPE_CHECKING:
    from declarant.compute.meter.ledger_file import MeteredSegment, Metering

_NOBODY = "work of no run"


def _is_metered(sample: Sample) -> bool:
    return sample.content.startswith(b"PAR1") and b"declarant.metered/" in sample.content[:4096]


@reader("metered", shows="Result of declarant meter", suffixes=(".parquet",), sniff=_is_metered)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Return the runs of a metering.

    Raises:
        BadInput: when it is damaged, or several are named: two of them may hold the same work.
    """
    from declarant.compute.meter.ledger_file import read_metered

    if len(sources) > 1:
        raise bad_input(
            "metered.several",
            "is the second of several meterings, which may hold the same work.",
            mend="Meter all sources at once, and name that one file.",
            file=sources[1].shown,
        )
    source = sources[0]
    metering = read_metered(source.path, source.shown)
    pieces = tuple(_piece(run, metering.of_run(run), source.shown) for run in metering.runs)
    nobody = metering.of_run("")
    formats = {item.number_formats for item in metering.segments if item.run}
    only = next(iter(formats)) if len(formats) == 1 else ()
    return Recording(
        "metered",
        metering.version,
        Method.HARDWARE_COUNTER,
        source.evidence,
        pieces,
        number_format=only[0] if len(only) == 1 else None,
        facts=tuple(_facts(metering)),
        findings=(*metering.findings, *_of_nobody(nobody, source.shown)),
    )


def _piece(run: str, held: tuple[MeteredSegment, ...], shown: str) -> Piece:
    amount = Interval.total(item.operations for item in held)
    seconds = Fraction(sum(item.measured_ms for item in held), 1000)
    whole = sum(item.measured_ms + item.carried_ms + item.missing_ms for item in held)
    most = max(
        (sum(_whole(item) for item in held if item.day == day) for day in {i.day for i in held}),
        default=0,
    )
    models = dict.fromkeys(item.model for item in held if item.model)
    return Piece(
        f"run/{run}",
        start=_begin(min(item.day for item in held)),
        end=_begin(max(item.day for item in held)) + timedelta(days=1) - timedelta(microseconds=1),
        executed_operations=amount,
        device_seconds=Interval.between(seconds, Fraction(whole, 1000), Fraction(whole, 1000)),
        devices=-(-most // 86_400_000) or None,
        device=", ".join(models),
        formula="tensor-pipe activity x clock / reference clock x dense peak x seconds of each "
        f"sample; {sum(item.kilocycles for item in held):,} thousand active cycles",
        includes="executed work of the tensor pipe: recomputation, padding and lost steps as well; "
        "not the work of other pipes",
        run=run,
        findings=tuple(_coverage(run, held, whole, shown)),
    )


def _coverage(run: str, held: tuple[MeteredSegment, ...], whole: int, shown: str) -> list[Finding]:
    present = sum(item.measured_ms for item in held)
    if present == whole or not whole:
        return []
    samples = sum(item.samples for item in held)
    due = sum(item.samples_expected for item in held)
    amount = Interval.total(item.operations for item in held)
    return [
        Finding(
            "metered.coverage",
            f"run {run!r}: {samples:,} of {due:,} samples are there; they cover "
            f"{present / whole:.2%} of its device time.",
            Place(shown),
            "Add the telemetry of the missing time, and meter it again.",
            Severity.WARNING if (whole - present) * 1000 > whole else Severity.NOTE,
            f"executed operations are {show_interval(amount)}",
        )
    ]


def _whole(item: MeteredSegment) -> int:
    return item.measured_ms + item.carried_ms + item.missing_ms


def _facts(metering: Metering) -> list[tuple[str, str]]:
    days: dict[tuple[str, date], list[MeteredSegment]] = {}
    for item in metering.segments:
        days.setdefault((item.run, item.day), []).append(item)
    facts = [("samples read", f"{metering.rows:,}")]
    for (run, day), held in days.items():
        amount = Interval.total(item.operations for item in held)
        whole = sum(_whole(item) for item in held)
        covered = sum(item.measured_ms for item in held)
        share = f", {covered / whole:.2%} covered" if whole else ""
        facts.append((f"{run or _NOBODY}, {day.isoformat()}", f"{show_interval(amount)}{share}"))
    return facts


def _of_nobody(held: tuple[MeteredSegment, ...], shown: str) -> list[Finding]:
    if not held:
        return []
    amount = Interval.total(item.operations for item in held)
    return [
        Finding(
            "metered.no_run",
            "some work belongs to no run, and is in no piece.",
            Place(shown),
            "Name its run with --jobs, --run-label or --run, and meter it again.",
            Severity.WARNING if amount.high != 0 else Severity.NOTE,
            f"adds {show_interval(amount)} operations if it is counted",
        )
    ]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
