"""Exported system metrics of Weights & Biases: CSV or JSON lines, a row a sample.

Columns such as `system.gpu.0.gpu` or `gpu.0.smClock`, with `_timestamp` or `_runtime` in seconds;
`run.history(stream="system")` gives them, and the file wandb-events.jsonl holds them. This reader
says which devices were watched, when and how closely; it counts no operations (see
`stores.wandb_metrics`).
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from declarant.compute.ledger import Method
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.readers.stores.scalar_track import as_moment
from declarant.compute.readers.stores.wandb_metrics import SystemMetrics
from declarant.compute.recording import Piece, Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, Severity
from declarant.quantities import Interval

VERSION = "wandb-system/1"
_COLUMN = re.compile(r"(?:^|[,\"])(?:system\.)?gpu\.\d{1,4}\.\w+", re.A)
_TIME = re.compile(r"(?:^|[,\"])_(?:timestamp|runtime)\b")
_LONGEST_NUMBER = 64

_Row = tuple[int, dict[str, float]]


def _is_metrics(sample: Sample) -> bool:
    first = sample.head.lstrip("\ufeff\r\n ").partition("\n")[0]
    return bool(_COLUMN.search(first) and _TIME.search(first))


@reader("wandb-system", shows="W&B system metrics, CSV or JSON lines", sniff=_is_metrics)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read exports of one run's system metrics."""
    metrics = SystemMetrics()
    findings: list[Finding] = []
    for source in sources:
        damaged: list[int] = []
        for _, row in _rows(source, damaged):
            metrics.add(_moment(row), row)
        if damaged:
            findings.append(
                Finding(
                    "wandb-system.row_damaged",
                    f"{len(damaged):,} rows cannot be read; passed over.",
                    Place(source.shown, damaged[0]),
                    "Export the metrics again.",
                    Severity.WARNING,
                    f"leaves out {len(damaged):,} samples",
                )
            )
    findings += metrics.findings("wandb-system", sources[0].shown)
    if not metrics.samples:
        findings.append(
            Finding(
                "wandb-system.no_samples",
                "holds no sample of a GPU.",
                Place(sources[0].shown),
                "Export the columns system.gpu.N.….",
                effect="nothing is counted",
            )
        )
    return Recording(
        "wandb-system",
        VERSION,
        Method.HARDWARE_COUNTER,
        tuple(item for source in sources for item in source.evidence),
        tuple(_pieces(metrics, given)),
        facts=tuple(metrics.facts()),
        findings=tuple(findings),
    )


def _pieces(metrics: SystemMetrics, given: Given) -> Iterator[Piece]:
    if not metrics.samples:
        return
    span, gpus = Fraction(metrics.span), len(metrics.gpus)
    sampled = max(span - Fraction(metrics.missing), Fraction(0))
    known = metrics.first is not None and span > 0
    yield Piece(
        "telemetry",
        start=as_moment(metrics.first),
        end=as_moment(metrics.last),
        devices=gpus,
        device=given.device or "",
        device_seconds=_watched(sampled * gpus, span * gpus) if known else None,
        formula=f"{gpus:,} GPUs x {float(span):,.0f} s from the first sample to the last",
        includes="the time in which GPUs were watched; no operations: tensor activity is for "
        "`declarant meter`, and gpu.N.gpu is no work",
    )


def _watched(sampled: Fraction, span: Fraction) -> Interval:
    if sampled == span:
        return Interval.exactly(span)
    return Interval.between(sampled, span, reason="time in gaps between samples")


def _moment(row: Mapping[str, float]) -> float | None:
    moment = row.get("_timestamp", row.get("_runtime"))
    if moment is None or not 0 <= moment < 1e14:
        return None
    return moment / 1000 if moment > 1e11 else moment  # some exports are in milliseconds


def _rows(source: Source, damaged: list[int]) -> Iterator[_Row]:
    columns: list[str] | None = None
    for number, raw in source.lines():
        line = raw.decode("utf-8", "replace").strip("\ufeff \r")
        if not line:
            continue
        if line.startswith("{"):
            row = _from_json(line)
        elif columns is None:
            columns = _split(line)
            continue
        else:
            row = _from_csv(line, columns)
        if row is None:
            damaged.append(number)
        else:
            yield number, row


def _from_json(line: str) -> dict[str, float] | None:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict):
        return None
    return {
        name: float(value)
        for name, value in held.items()
        if isinstance(value, (int, float)) and abs(value) < 1e40
    }


def _from_csv(line: str, columns: list[str]) -> dict[str, float] | None:
    fields = _split(line)
    if len(fields) != len(columns):
        return None
    row = {}
    for name, text in zip(columns, fields, strict=True):
        value = _number(text)
        if value is not None:
            row[name] = value
    return row


def _split(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _number(text: str) -> float | None:
    if not text or len(text) > _LONGEST_NUMBER:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e40 else None
