"""Small telemetry, written in every format, with the operations worked out by hand beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from declarant.compute.meter import Known, Metering, meter
from declarant.quantities import Interval, NumberFormat

START = 1_790_985_600_000  # 2026-10-03T00:00:00Z
H100 = "NVIDIA H100 80GB HBM3"
TENSOR, CLOCK = "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "DCGM_FI_DEV_SM_CLOCK"
BF16 = Known(formats={"": NumberFormat.FP16})
PER_KILOCYCLE = Fraction(989_400_000_000_000, 1_830_000)
"""Operations of an H100 SXM in a thousand cycles, at BF16: 989.4e12 / s at 1,830 MHz."""
HIGHEST = 1980


@dataclass(frozen=True)
class Row:
    """A sample: seconds after the start, activity, MHz (None: no clock)."""

    second: float
    tensor: float | None
    clock: float | None = 1830.0
    gpu: int = 0
    host: str = "node1"
    model: str = H100
    pod: str = ""
    uuid: str | None = None

    @property
    def moment(self) -> int:
        return START + round(self.second * 1000)

    @property
    def identity(self) -> str:
        return f"GPU-{self.host}-{self.gpu}" if self.uuid is None else self.uuid


def every(
    seconds: int, count: int, tensor: float = 0.5, begin: float = 0, **held: Any
) -> list[Row]:
    """Return so many samples, so far apart."""
    return [Row(begin + number * seconds, tensor, **held) for number in range(count)]


def columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {
        "timestamp": [row.moment for row in rows],
        "Hostname": [row.host for row in rows],
        "gpu": [str(row.gpu) for row in rows],
        "UUID": [row.identity for row in rows],
        "modelName": [row.model for row in rows],
        "pod": [row.pod for row in rows],
        TENSOR: [row.tensor for row in rows],
        CLOCK: [row.clock for row in rows],
    }


def parquet(path: Path, rows: Sequence[Row], **changed: Any) -> Path:
    """Write the samples wide; `changed` replaces columns, or leaves them out with None."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = {**columns(rows), **changed}
    table = {
        name: pa.array(values, pa.float64() if name in (TENSOR, CLOCK) else None)
        for name, values in held.items()
        if values is not None
    }
    pq.write_table(pa.table(table), path)
    return path


def csv(path: Path, rows: Sequence[Row]) -> Path:
    held = columns(rows)
    lines = [",".join(held)]
    for values in zip(*held.values(), strict=True):
        lines.append(",".join("" if value is None else str(value) for value in values))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _series(rows: Sequence[Row]) -> Iterable[tuple[str, dict[str, str], Row, float | None]]:
    for name, reading in ((TENSOR, "tensor"), (CLOCK, "clock")):
        for row in rows:
            labels = {
                "gpu": str(row.gpu),
                "UUID": row.identity,
                "modelName": row.model,
                "Hostname": row.host,
                **({"pod": row.pod} if row.pod else {}),
            }
            yield name, labels, row, getattr(row, reading)


def long_parquet(path: Path, rows: Sequence[Row]) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(
        pa.Table.from_pylist(
            [
                {"time": row.moment / 1000, "metric": name, "value": value, **labels}
                for name, labels, row, value in _series(rows)
                if value is not None
            ]
        ),
        path,
    )
    return path


def exposition(path: Path, rows: Sequence[Row]) -> Path:
    """Write scrapes one after another, as dcgm-exporter serves them, with times."""
    lines = []
    for moment in dict.fromkeys(row.moment for row in rows):
        now = [row for row in rows if row.moment == moment]
        for name in (TENSOR, CLOCK):
            lines += [f"# HELP {name} words", f"# TYPE {name} gauge"]
            for metric, labels, row, value in _series(now):
                if metric == name and value is not None:
                    held = ",".join(f'{key}="{text}"' for key, text in labels.items())
                    lines.append(f"{name}{{{held}}} {value} {row.moment}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def matrix(path: Path, rows: Sequence[Row]) -> Path:
    """Write the answer to a range query."""
    found: dict[str, dict[str, Any]] = {}
    for name, labels, row, value in _series(rows):
        held = {"__name__": name, **labels}
        series = found.setdefault(json.dumps(held), {"metric": held, "values": []})
        if value is not None:
            series["values"].append([row.moment / 1000, str(value)])
    document = {
        "status": "success",
        "data": {"resultType": "matrix", "result": list(found.values())},
    }
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return path


def metered(paths: Sequence[Path] | Path, known: Known = BF16, **more: Any) -> Metering:
    return meter([paths] if isinstance(paths, Path) else paths, known, **more)


def total(found: Metering, run: str | None = None) -> Interval:
    """Return the operations of a run, or of all."""
    return Interval.total(
        item.operations for item in found.segments if run is None or item.run == run
    )


def codes(found: Metering) -> set[str]:
    return {finding.code for finding in found.findings}


def finding(found: Metering, code: str) -> Any:
    return next(item for item in found.findings if item.code == code)


def operations(activity: float, seconds: float, clock: int = 1830) -> Fraction:
    """Return what an H100 does at BF16 in a time."""
    cycles = Fraction(str(activity)) * clock * Fraction(str(seconds)) * 1000
    return cycles * PER_KILOCYCLE
