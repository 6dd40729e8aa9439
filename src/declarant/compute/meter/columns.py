"""Tables of telemetry that come as batches of columns: types mended, one row a GPU, written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declarant.compute.meter.fields import Role, gpm_column, labels
from declarant.compute.meter.layout import layout
from declarant.compute.meter.parts import left_out, part_of, zoneless
from declarant.compute.meter.rules import Known
from declarant.compute.meter.stage import Stage
from declarant.compute.meter.units import unit_of_time
from declarant.compute.readers.source import Source
from declarant.problems import Finding, bad_input

if TYPE_CHECKING:
    import pyarrow as pa

    from declarant.compute.meter.sources.registry import Part

NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$"
ZONED = r"(Z|[+-]\d\d:?\d\d)\s*$"


def gpm_columns(names: Sequence[str]) -> bool:
    """Whether a table has W&B's columns, a set for each GPU."""
    return any(gpm_column(name) for name in names)


def staged_from_batches(
    batches: Iterable[pa.RecordBatch],
    names: Sequence[str],
    source: Source,
    folder: Path,
    known: Known,
) -> Part:
    """Write batches of a table as Parquet with numbers and times in ms.

    Raises:
        BadInput: when columns are missing or times cannot be read.
    """
    spread = gpm_columns(names)
    mended = Mended(source.shown, known.zone)
    if spread:
        held, readings, rows = _spread(names, source)
    else:
        found = layout(tuple(names), source.shown)
        held = {role.value: name for role, name in found.labels.items()}
        numbers = [held.pop(Role.VALUE.value)] if found.is_long else list(found.readings)
        readings = [Role.VALUE.value] if found.is_long else numbers
        held = {role: name for role, name in held.items() if role != Role.TIME.value}

        def rows(batch: pa.RecordBatch) -> Iterator[list[Any]]:
            yield [
                mended.times(batch.column(found.labels[Role.TIME]), found.labels[Role.TIME]),
                *(mended.text(batch.column(name)) for name in held.values()),
                *(mended.numbers(batch.column(name)) for name in numbers),
            ]

    with Stage(folder / "part.parquet", list(held), readings) as stage:
        for batch in batches:
            for columns in rows(batch) if not spread else rows(batch, mended):
                stage.add_columns(_dated(columns))
    return part_of(stage.path, source.shown, known, mended.findings())


def _spread(names: Sequence[str], source: Source) -> Any:
    """Return labels, readings and a maker of rows for a table with columns for each GPU."""
    import pyarrow as pa

    devices: dict[tuple[str, str], dict[str, str]] = {}
    for name in names:
        held = gpm_column(name)
        if held is not None:
            index, host, _ = held
            reading = name.strip().split(".")[-1].partition("/l:")[0]
            devices.setdefault((index, host), {})[reading] = name
    readings = sorted({reading for columns in devices.values() for reading in columns})
    found = labels(tuple(name for name in names if gpm_column(name) is None))
    if Role.TIME not in found:
        raise bad_input(
            "meter.columns",
            "has no `_timestamp`, so that nothing in it is dated.",
            mend="Export the system metrics with `_timestamp` (seconds since 1970).",
            file=source.shown,
        )
    stem = source.path.name.partition(".")[0]

    def rows(batch: pa.RecordBatch, mended: Mended) -> Iterator[list[Any]]:
        times = mended.times(batch.column(found[Role.TIME]), found[Role.TIME])
        empty = pa.nulls(batch.num_rows, pa.float64())

        def label(role: Role, otherwise: str) -> Any:
            if role in found:
                return mended.text(batch.column(found[role]))
            return pa.repeat(pa.scalar(otherwise), batch.num_rows)

        for (index, host), columns in devices.items():
            yield [
                times,
                label(Role.HOST, host or stem) if not host else pa.repeat(host, batch.num_rows),
                pa.repeat(index, batch.num_rows),
                label(Role.MODEL, ""),
                label(Role.RUN, stem),
                *(
                    mended.numbers(batch.column(columns[reading])) if reading in columns else empty
                    for reading in readings
                ),
            ]

    made = [role.value for role in (Role.HOST, Role.INDEX, Role.MODEL, Role.RUN)]
    return made, readings, rows


class Mended:
    """Columns made numbers, text and times, with a count of what was not."""

    def __init__(self, shown: str, zone: tzinfo | None = None) -> None:
        self._shown = shown
        self._zone = zone
        self._unreadable = 0
        self._undated = 0
        self._zoneless = ""
        self._unit: str | None = None
        self.skipped = 0

    def numbers(self, column: Any) -> Any:
        """Return a column as floating-point numbers; what is none becomes null, and is counted."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            return column.cast(pa.float64(), safe=False)
        text = column.cast(pa.string())
        good = pc.match_substring_regex(text, NUMBER)
        empty = pc.match_substring_regex(text, r"(?i)^\s*(nan|null|none|n/a)?\s*$")
        bad = pc.and_(pc.invert(good), pc.invert(empty))
        self._unreadable += pc.sum(bad).as_py() or 0
        kept = pc.utf8_trim_whitespace(pc.if_else(good, text, None))
        return kept.cast(pa.float64())

    def text(self, column: Any) -> Any:
        """Return a column as text."""
        import pyarrow as pa

        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        return column.cast(pa.string())

    def times(self, column: Any, name: str) -> Any:
        """Return a column as ms since 1970; null where a time cannot be read, and counted.

        Raises:
            BadInput: when numbers are in no one unit.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        before = column.null_count
        if pa.types.is_timestamp(column.type):
            if column.type.tz is None and self._zone is None:
                self._zoneless = name
            elif column.type.tz is None:
                column = pc.assume_timezone(
                    column, str(self._zone), ambiguous="earliest", nonexistent="latest"
                )
            found = column.cast(pa.timestamp("ms"), safe=False).cast(pa.int64())
        else:
            text = column.cast(pa.string()) if not pa.types.is_string(column.type) else column
            numeric = pc.match_substring_regex(text, NUMBER)
            if pc.any(numeric).as_py():
                kept = pc.utf8_trim_whitespace(pc.if_else(numeric, text, None))
                found = self._from_numbers(kept.cast(pa.float64()), name)
            else:
                found = self._from_text(text, name)
        self._undated += found.null_count - before
        return found

    def _from_numbers(self, values: Any, name: str) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        bounds = pc.min_max(values).as_py()
        unit = unit_of_time(bounds["min"], bounds["max"], self._shown, name)
        if self._unit not in (None, unit):
            raise bad_input(
                "meter.time",
                f"times are in {self._unit} first and in {unit} later.",
                mend="Write all of them in one unit.",
                file=self._shown,
                field=name,
            )
        self._unit = unit
        scaled = pc.multiply(values, {"s": 1e3, "ms": 1.0, "us": 1e-3, "ns": 1e-6}[unit])
        return pc.floor(pc.add(scaled, 0.5)).cast(pa.int64())

    def _from_text(self, text: Any, name: str) -> Any:
        import pyarrow as pa

        from declarant.compute.meter.moments import milliseconds_of

        values = []
        for item in text.to_pylist():
            moment, zoned = milliseconds_of(item, self._zone)
            if moment is not None and not zoned:
                self._zoneless = name
            values.append(moment)
        return pa.array(values, pa.int64())

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed."""
        found = (zoneless(self._shown, self._zoneless),) if self._zoneless else ()
        return found + left_out(
            self._shown,
            (
                ("meter.unreadable", self._unreadable, "values are no numbers and are no samples"),
                ("meter.undated", self._undated, "rows have no time that can be read"),
                ("meter.ragged", self.skipped, "rows have more or fewer cells than the header"),
            ),
        )


def _dated(columns: list[Any]) -> list[Any]:
    """Return the rows that have a time."""
    import pyarrow.compute as pc

    if not columns[0].null_count:
        return columns
    kept = pc.is_valid(columns[0])
    return [column.filter(kept) for column in columns]
