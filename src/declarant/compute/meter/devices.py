"""The GPUs of the telemetry, numbered: a number is all that a sample carries of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from declarant.compute.meter.engine import Engine
from declarant.compute.meter.rates import highest_clock

LABELS = ("gpu", "host", "model", "part")
NO_CEILING = 1e9


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU under one set of labels.

    Attributes:
        id: its number under these labels.
        number: its number under any; the order of its samples goes by it.
        gpu: its identity.
        host: where it is.
        model: as telemetry names it.
        part: its MIG profile, "" for a whole one.
        first: time of its first sample, ms since 1970.
        last: of its last.
        rows: how many it has.
        interval: between them, ms.
    """

    id: int
    number: int
    gpu: str
    host: str
    model: str
    part: str
    first: int = 0
    last: int = 0
    rows: int = 0
    interval: int = 0

    @property
    def until(self) -> int:
        """The end of what its last sample stands for."""
        return self.last + self.interval


def numbered(engine: Engine, table: Any) -> tuple[Any, tuple[Gpu, ...]]:
    """Return the samples with `id` in place of labels, and the GPUs.

    Where a GPU stands under several labels there is `number` as well, of the GPU under any.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = engine.fetch(table.select(*LABELS).distinct()).to_pylist()
    rows.sort(key=lambda row: tuple(row[name] for name in LABELS))
    numbers: dict[str, int] = {}
    gpus = tuple(
        Gpu(place, numbers.setdefault(row["gpu"], len(numbers)), **row)
        for place, row in enumerate(rows)
    )
    path = engine.folder / "devices.parquet"
    columns = {
        **{name: pa.array([getattr(gpu, name) for gpu in gpus], pa.string()) for name in LABELS},
        "id": pa.array([gpu.id for gpu in gpus], pa.int32()),
        "number": pa.array([gpu.number for gpu in gpus], pa.int32()),
    }
    pq.write_table(pa.table({f"device_{name}": held for name, held in columns.items()}), path)
    devices = engine.read([path])
    is_clear = len(numbers) == len(gpus)
    by = LABELS[:1] if is_clear else LABELS
    joined = table.inner_join(devices, [table[name] == devices[f"device_{name}"] for name in by])
    kept = [joined[name] for name in table.columns if name not in LABELS]
    made = joined.select(*kept, id=joined.device_id)
    if not is_clear:
        made = joined.select(*kept, id=joined.device_id, number=joined.device_number)
    return made, gpus


def identity(table: Any) -> str:
    """Return the column that tells GPUs apart."""
    return "number" if "number" in table.columns else "id"


def dated(gpus: Sequence[Gpu], rows: Sequence[dict[str, Any]]) -> tuple[Gpu, ...]:
    """Return the GPUs that have samples, with their first and last, by rows of `inventory`."""
    return tuple(
        replace(gpus[row["id"]], first=row["first"], last=row["last"], rows=row["rows"])
        for row in sorted(rows, key=lambda row: int(row["id"]))
    )


def seen_whole(gpus: Sequence[Gpu]) -> tuple[Gpu, ...]:
    """Return each GPU once, from its first sample under any labels to its last.

    The labels are those of most of its samples.
    """
    found: dict[int, Gpu] = {}
    for gpu in gpus:
        other = found.get(gpu.number)
        if other is not None:
            main = gpu if gpu.rows > other.rows else other
            gpu = replace(  # noqa: PLW2901 - the same GPU, joined with what was known of it
                main,
                first=min(gpu.first, other.first),
                last=max(gpu.last, other.last),
                rows=gpu.rows + other.rows,
            )
        found[gpu.number] = gpu
    return tuple(found.values())


def described(engine: Engine, table: Any, gpus: Sequence[Gpu], *, with_host: bool) -> Any:
    """Return samples with `model`, `part`, `interval`, `ceiling` (MHz) and, if asked, `host`.

    What is the same for all is written down, and not joined.
    """
    import ibis
    import pyarrow as pa
    import pyarrow.parquet as pq

    held = {
        "model": pa.array([gpu.model for gpu in gpus], pa.string()),
        "part": pa.array([gpu.part for gpu in gpus], pa.string()),
        "interval": pa.array([gpu.interval for gpu in gpus], pa.int64()),
        "ceiling": pa.array([_ceiling(gpu.model) for gpu in gpus], pa.float64()),
    }
    if with_host:
        held["host"] = pa.array([gpu.host for gpu in gpus], pa.string())
    same = {name: column[0].as_py() for name, column in held.items() if len(column.unique()) == 1}
    made = table.mutate(
        **{
            name: ibis.literal(value, type={"interval": "int64"}.get(name))
            for name, value in same.items()
        }
    )
    apart = {name: column for name, column in held.items() if name not in same}
    if not apart:
        return made
    path = engine.folder / "described.parquet"
    pq.write_table(
        pa.table({"device_id": pa.array([gpu.id for gpu in gpus], pa.int32()), **apart}), path
    )
    devices = engine.read([path])
    return made.inner_join(devices, made.id == devices.device_id)


def _ceiling(model: str) -> float:
    clock = highest_clock(model)
    return NO_CEILING if clock is None else float(clock)
