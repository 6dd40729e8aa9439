"""Writing telemetry as Parquet while it streams by, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from declarant.compute.meter.fields import Role
from declarant.compute.meter.units import unit_of_time

ROWS = 65_536
_MOST_SERIES = 1_000_000


class Stage:
    """A Parquet file in the making: times in ms, labels as text, readings as numbers.

    Counts the rows that stand before an earlier one of the same series, by the way.
    """

    def __init__(self, path: Path, labels: Sequence[str], readings: Sequence[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        self.rows = 0
        self.out_of_order = 0
        self._names = (Role.TIME.value, *labels, *readings)
        self._schema = pa.schema(
            [
                (Role.TIME.value, pa.int64()),
                *((name, pa.string()) for name in labels),
                *((name, pa.float64()) for name in readings),
            ]
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[tuple[Any, ...]] = []
        self._latest: dict[Any, int] = {}

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._flush()
        self._writer.close()

    def add(self, series: Any, moment: int, *values: Any) -> None:
        """Take one row: the time, then labels and readings in the order of the columns."""
        latest = self._latest.get(series)
        if latest is not None and moment < latest:
            self.out_of_order += 1
        elif latest is not None or len(self._latest) < _MOST_SERIES:
            self._latest[series] = moment
        self._held.append((moment, *values))
        if len(self._held) >= ROWS:
            self._flush()

    def add_columns(self, columns: Iterable[Any]) -> None:
        """Take many rows: the columns as Arrow arrays, times in ms first."""
        import pyarrow as pa

        batch = pa.record_batch(list(columns), schema=self._schema)
        self.rows += batch.num_rows
        self._writer.write_batch(batch)

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._held:
            return
        columns = zip(*self._held, strict=True)
        self._held = []
        arrays = [
            pa.array(column, held.type) for column, held in zip(columns, self._schema, strict=True)
        ]
        self.add_columns(arrays)


def milliseconds(text: str) -> int | None:
    """Return a time in any unit since 1970 as ms; None when it is none between 2000 and 2100."""
    from declarant.problems import BadInput

    try:
        value = float(text)
        unit = unit_of_time(value, value, "", "")
    except (ValueError, BadInput):
        return None
    if text.isdigit():
        whole = int(text)
        return whole * 1000 if unit == "s" else whole // {"ms": 1, "us": 1000, "ns": 10**6}[unit]
    return int(value * {"s": 1e3, "ms": 1, "us": 1e-3, "ns": 1e-6}[unit] + 0.5)
