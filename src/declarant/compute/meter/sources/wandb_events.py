"""W&B system metrics as JSON lines (`wandb-events.jsonl`): one object a moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declarant.compute.meter.columns import gpm_columns, staged_from_batches
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part, telemetry
from declarant.compute.readers.source import Source
from declarant.formats import Sample
from declarant.problems import bad_input

if TYPE_CHECKING:
    import pyarrow as pa

_LINES = 4096


def _is_events(sample: Sample) -> bool:
    return sample.head[:1] == "{" and "gpu." in sample.head and "_timestamp" in sample.head


@telemetry(
    "wandb-events",
    shows="W&B system metrics as JSON lines",
    sniff=_is_events,
    suffixes=(".jsonl",),
)
def read(source: Source, folder: Path, known: Known) -> Part:
    """Write the lines as Parquet, one row a GPU and moment.

    Raises:
        BadInput: when no line holds a GPU's tensor activity.
    """
    names = _names(source)
    if not gpm_columns(names):
        raise bad_input(
            "meter.no_activity",
            "holds no `gpu.N.pipeTensorActive`.",
            mend="W&B writes it for Hopper and later, from version 0.19.",
            file=source.shown,
        )
    return staged_from_batches(_batches(source, names), names, source, folder, known)


def _objects(source: Source) -> Iterator[dict[str, Any]]:
    for _, line in source.lines():
        try:
            held = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(held, dict):
            yield held


def _names(source: Source) -> list[str]:
    names: dict[str, None] = {}
    for held in _objects(source):
        names.update(dict.fromkeys(key for key in held if len(key) < 200))
        if len(names) > 10_000:
            break
    return [name for name in names if name == "_timestamp" or gpm_columns([name])]


def _batches(source: Source, names: list[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    rows: list[dict[str, Any]] = []

    def batch() -> pa.RecordBatch:
        return pa.record_batch(
            {name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names}
        )

    for held in _objects(source):
        rows.append(held)
        if len(rows) >= _LINES:
            yield batch()
            rows.clear()
    if rows:
        yield batch()


def _text(value: Any) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return repr(value) if is_number else None
