"""Looking at a Parquet file of telemetry before any engine does: columns, units, what is empty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declarant.compute.meter.fields import ACTIVITIES, Role, Unit, field
from declarant.compute.meter.layout import Layout, layout, usable
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part
from declarant.compute.meter.units import BLANK, activity_unit, unit_of_time
from declarant.problems import BadInput, Finding, Place, Severity, bad_input

if TYPE_CHECKING:
    import pyarrow.parquet as pq


def part_of(path: Path, shown: str, known: Known, findings: tuple[Finding, ...] = ()) -> Part:
    """Return what a Parquet file of telemetry means.

    Raises:
        BadInput: when it is no Parquet, lacks columns, or the rules of units leave one open.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            found = layout(tuple(file.schema_arrow.names), shown)
            if file.metadata.num_rows == 0:
                raise bad_input(
                    "meter.empty",
                    "holds no samples.",
                    mend="Export a time in which GPUs were watched.",
                    file=shown,
                )
            greatest = _by_metric(file, found) if found.is_long else _by_column(file, found)
            if not usable({held.role for name in greatest if (held := field(name))}):
                raise _no_activity(shown)
            units, said = _units(greatest, shown, known.units)
            time = file.schema_arrow.field(found.labels[Role.TIME]).type
            if pa.types.is_timestamp(time) and time.tz is None:
                said = (*said, zoneless(shown, found.labels[Role.TIME]))
            return Part(
                path,
                shown,
                found,
                units,
                _time_unit(file, found.labels[Role.TIME], shown),
                frozenset(name for name in found.labels.values() if _is_filled(file, name)),
                file.metadata.num_rows,
                (*findings, *said),
            )
    except (pa.ArrowException, OSError) as error:
        raise bad_input(
            "meter.damaged",
            f"cannot be read as Parquet: {str(error).splitlines()[0][:200]}.",
            mend="Copy or export it again.",
            file=shown,
        ) from None


def zoneless(shown: str, column: str | None = None) -> Finding:
    """Return what is said of times without a zone."""
    return Finding(
        "meter.zone",
        "times have no zone and are taken as UTC.",
        Place(shown, field=column),
        "Name it: --zone Europe/Berlin, or write times such as 2026-10-03T12:00:00Z.",
        effect="another zone moves work over the borders of days and jobs; the total stays",
    )


def left_out(shown: str, counts: tuple[tuple[str, int, str], ...]) -> tuple[Finding, ...]:
    """Return what is said of rows that are no samples, by code, how many and why."""
    return tuple(
        Finding(
            code,
            f"{count:,} {what}.",
            Place(shown),
            "Export it again if they matter.",
            Severity.WARNING,
            "left out; their time is missing coverage",
        )
        for code, count, what in counts
        if count
    )


def _no_activity(shown: str) -> BadInput:
    return bad_input(
        "meter.no_activity",
        "holds no tensor-pipe activity.",
        mend="Export DCGM_FI_PROF_PIPE_TENSOR_ACTIVE (field 1004); dcgm-exporter leaves it out "
        "unless its list of counters names it.",
        file=shown,
    )


def _units(
    greatest: Mapping[str, float | None], shown: str, given: Mapping[str, Unit]
) -> tuple[dict[str, Unit], tuple[Finding, ...]]:
    units: dict[str, Unit] = {}
    findings: list[Finding] = []
    refused: list[Finding] = []
    for name, most in greatest.items():
        held = field(name)
        if held is None or held.role not in ACTIVITIES:
            continue
        try:
            decided = activity_unit(name, held, most, shown, given)
        except BadInput as error:
            refused += error.findings
            continue
        units[name] = decided.unit
        findings += decided.findings
    if refused:
        raise BadInput(tuple(refused))
    return units, tuple(findings)


def _by_column(file: pq.ParquetFile, found: Layout) -> dict[str, float | None]:
    return {
        name: _greatest(file, name) if held.role in ACTIVITIES else None
        for name, held in found.readings.items()
    }


def _greatest(file: pq.ParquetFile, name: str) -> float | None:
    """Return the greatest value that is no blank: from the file's statistics, or by looking."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = _statistics(file, name)
    highest = [item.max for item in known if item is not None and item.has_min_max]
    if len(highest) == len(known) and all(0 <= float(most) < BLANK for most in highest):
        return max(map(float, highest), default=None)
    most = None
    for batch in file.iter_batches(columns=[name]):
        values = batch.column(0).cast(pa.float64(), safe=False)
        most = _larger(most, pc.max(values.filter(pc.less(values, float(BLANK)))).as_py())
    return most


def _by_metric(file: pq.ParquetFile, found: Layout) -> dict[str, float | None]:
    import pyarrow as pa
    import pyarrow.compute as pc

    metric, value = found.labels[Role.METRIC], found.labels[Role.VALUE]
    greatest: dict[str, float | None] = {}
    for batch in file.iter_batches(columns=[metric, value]):
        names = batch.column(metric).cast(pa.string())
        values = batch.column(value).cast(pa.float64(), safe=False)
        table = pa.table({"name": names, "value": values})
        held = table.filter(pc.less(values, float(BLANK)))
        for row in held.group_by("name").aggregate([("value", "max")]).to_pylist():
            name = row["name"] or ""
            if field(name) is not None:
                greatest[name] = _larger(greatest.get(name), row["value_max"])
    return greatest


def _larger(known: float | None, other: float | None) -> float | None:
    if other is None or math.isnan(other):
        return known
    return other if known is None else max(known, other)


def _time_unit(file: pq.ParquetFile, name: str, shown: str) -> str:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = file.schema_arrow.field(name).type
    if pa.types.is_timestamp(kind):
        return ""
    bounds = [item for item in _statistics(file, name) if item is not None and item.has_min_max]
    if len(bounds) == file.metadata.num_row_groups:
        low, high = min(item.min for item in bounds), max(item.max for item in bounds)
    else:
        pairs = [pc.min_max(batch.column(0)).as_py() for batch in file.iter_batches(columns=[name])]
        held = [pair for pair in pairs if pair["min"] is not None]
        low = min((pair["min"] for pair in held), default=0)
        high = max((pair["max"] for pair in held), default=0)
    return unit_of_time(float(low), float(high), shown, name)


def _is_filled(file: pq.ParquetFile, name: str) -> bool:
    """Whether the file's statistics say that a column of text is nowhere null or empty."""
    import pyarrow as pa

    if not pa.types.is_string(file.schema_arrow.field(name).type):
        return False
    return all(
        item is not None and item.null_count == 0 and item.has_min_max and item.min
        for item in _statistics(file, name)
    )


def _statistics(file: pq.ParquetFile, name: str) -> list[Any]:
    columns = {file.schema.column(number).path: number for number in range(len(file.schema.names))}
    place = columns[name]
    return [
        file.metadata.row_group(number).column(place).statistics
        for number in range(file.metadata.num_row_groups)
    ]
