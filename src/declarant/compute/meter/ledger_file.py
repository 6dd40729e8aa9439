"""What the meter found, kept as Parquet: one row a run, day (UTC), model and part.

Columns:
    schema           "declarant.metered/1"
    run              "" for work that belongs to no run
    day              date
    model            as telemetry names it, "" unknown
    part             MIG profile, "" for whole devices
    devices          ids in the catalogue that the model may be, joined by spaces
    number_formats   that were taken, joined by spaces: one where the run's is known
    low, best, high  executed operations, decimal(38, 0), rounded outwards; null: not known
    samples          that were counted
    samples_expected that should be there
    duplicates       that were not counted
    measured_ms, carried_ms, missing_ms   device time, see the rules of the meter
    kilocycles       thousands of active cycles of the tensor pipe in the measured and carried time
    interval_ms      between samples, the longest of the devices; 0 where there are none
    shared_with      other runs that had the same host; the row then bounds what is this run's share
    reason           what makes the interval wide

The file's metadata holds `declarant.metered`: JSON with the version of the formula, the evidence
(path and SHA-256 of each source) and the findings.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from declarant.compute.ledger import Evidence
from declarant.compute.meter.rules import FORMULA_VERSION
from declarant.problems import BadInput, Finding, Place, Severity, bad_input
from declarant.quantities import Interval

SCHEMA = "declarant.metered/1"
METADATA = b"declarant.metered"
_MOST_ROWS = 5_000_000


@dataclass(frozen=True, slots=True)
class MeteredSegment:
    """The work of one run on one day on one kind of device; see the module for the columns."""

    run: str
    day: date
    model: str
    part: str
    devices: tuple[str, ...]
    number_formats: tuple[str, ...]
    operations: Interval
    samples: int
    samples_expected: int
    duplicates: int
    measured_ms: int
    carried_ms: int
    missing_ms: int
    kilocycles: int
    interval_ms: int
    shared_with: tuple[str, ...] = ()

    @property
    def coverage(self) -> Fraction | None:
        """Measured time over the time that samples should cover; None when that is none."""
        whole = self.measured_ms + self.carried_ms + self.missing_ms
        return Fraction(self.measured_ms, whole) if whole else None


@dataclass(frozen=True, slots=True)
class Metering:
    """All that the meter found.

    Attributes:
        segments: in order of run, day and model; work of no run has the run "".
        evidence: the sources with their SHA-256.
        findings: each with its effect on the total.
        rows: samples read, those that do not count included.
        version: of the rules.
    """

    segments: tuple[MeteredSegment, ...]
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    rows: int
    version: str = FORMULA_VERSION

    def of_run(self, run: str) -> tuple[MeteredSegment, ...]:
        """Return the segments of a run; "" for what belongs to none."""
        return tuple(item for item in self.segments if item.run == run)

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs, without the one that is none."""
        return tuple(dict.fromkeys(item.run for item in self.segments if item.run))


def write_metered(metering: Metering, path: Path) -> None:
    """Write a metering; a file that is there is replaced when all is written.

    Raises:
        BadInput: when the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [_row(item) for item in metering.segments]
    table = pa.Table.from_pylist(rows, _schema(metering))
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, partial, compression={"schema": "none"})
        partial.replace(path)
    except OSError as error:
        raise bad_input(
            "file.unwritable",
            f"cannot be written: {error.strerror}.",
            mend="Name a folder that can be written to.",
            file=str(path),
        ) from None


def read_metered(path: Path, shown: str) -> Metering:
    """Read a metering.

    Raises:
        BadInput: when the file is no metering, or is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            metadata = (file.schema_arrow.metadata or {}).get(METADATA)
            if metadata is None or file.metadata.num_rows > _MOST_ROWS:
                raise _no_metering(shown, "lacks the metadata of one")
            held = json.loads(metadata)
            segments = tuple(_segment(row) for row in file.read().to_pylist())
        return Metering(
            segments,
            tuple(Evidence(str(item["path"]), str(item["sha256"])) for item in held["evidence"]),
            tuple(_finding(item) for item in held["findings"]),
            int(held["rows"]),
            str(held["version"]),
        )
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise _no_metering(shown, str(error).splitlines()[0][:200] if str(error) else "") from None


def _no_metering(shown: str, why: str) -> BadInput:
    return bad_input(
        "metered.damaged",
        f"is no file of `declarant meter`: {why}.",
        mend="Name the file that `declarant meter --out` wrote, or write it again.",
        file=shown,
    )


def _schema(metering: Metering) -> Any:
    import pyarrow as pa

    amount, whole, text = pa.decimal128(38, 0), pa.int64(), pa.string()
    held = {
        "version": metering.version,
        "rows": metering.rows,
        "evidence": [{"path": item.path, "sha256": item.sha256} for item in metering.evidence],
        "findings": [item.as_json() for item in metering.findings],
    }
    return pa.schema(
        [
            ("schema", text),
            ("run", text),
            ("day", pa.date32()),
            ("model", text),
            ("part", text),
            ("devices", text),
            ("number_formats", text),
            ("low", amount),
            ("best", amount),
            ("high", amount),
            ("samples", whole),
            ("samples_expected", whole),
            ("duplicates", whole),
            ("measured_ms", whole),
            ("carried_ms", whole),
            ("missing_ms", whole),
            ("kilocycles", whole),
            ("interval_ms", whole),
            ("shared_with", text),
            ("reason", text),
        ],
        {METADATA: json.dumps(held, ensure_ascii=False).encode()},
    )


def _row(item: MeteredSegment) -> dict[str, Any]:
    amount = item.operations
    return {
        "schema": SCHEMA,
        "run": item.run,
        "day": item.day,
        "model": item.model,
        "part": item.part,
        "devices": " ".join(item.devices),
        "number_formats": " ".join(item.number_formats),
        "low": Decimal(math.floor(amount.low)),
        "best": None if amount.best is None else Decimal(round(amount.best)),
        "high": None if amount.high is None else Decimal(math.ceil(amount.high)),
        "samples": item.samples,
        "samples_expected": item.samples_expected,
        "duplicates": item.duplicates,
        "measured_ms": item.measured_ms,
        "carried_ms": item.carried_ms,
        "missing_ms": item.missing_ms,
        "kilocycles": item.kilocycles,
        "interval_ms": item.interval_ms,
        "shared_with": json.dumps(item.shared_with, ensure_ascii=False),
        "reason": amount.reason,
    }


def _segment(row: dict[str, Any]) -> MeteredSegment:
    if row["schema"] != SCHEMA:
        raise ValueError(f"its schema is {row['schema']!r}, not {SCHEMA!r}")
    bounds = {
        name: None if row[name] is None else Fraction(row[name]) for name in ("low", "best", "high")
    }
    if bounds["low"] is None:
        raise ValueError("a lower bound is missing")
    return MeteredSegment(
        str(row["run"]),
        row["day"],
        str(row["model"]),
        str(row["part"]),
        tuple(str(row["devices"]).split()),
        tuple(str(row["number_formats"]).split()),
        Interval(bounds["low"], bounds["best"], bounds["high"], str(row["reason"])),
        int(row["samples"]),
        int(row["samples_expected"]),
        int(row["duplicates"]),
        int(row["measured_ms"]),
        int(row["carried_ms"]),
        int(row["missing_ms"]),
        int(row["kilocycles"]),
        int(row["interval_ms"]),
        tuple(map(str, json.loads(row["shared_with"]))),
    )


def _finding(held: dict[str, str]) -> Finding:
    return Finding(
        held["code"],
        held["what"],
        Place(held.get("where") or None),
        held.get("mend", ""),
        Severity(held["severity"]),
        held.get("effect", ""),
    )
