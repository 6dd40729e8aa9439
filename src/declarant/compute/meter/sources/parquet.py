"""DCGM metrics as Parquet, wide or long: read where they lie, unless their times are text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from declarant.compute.meter.columns import gpm_columns, staged_from_batches
from declarant.compute.meter.parts import part_of
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part, telemetry
from declarant.compute.readers.source import Source
from declarant.formats import Sample
from declarant.problems import bad_input

if TYPE_CHECKING:
    import pyarrow as pa


def _is_parquet(sample: Sample) -> bool:
    return sample.content.startswith(b"PAR1")


@telemetry(
    "parquet", shows="DCGM or W&B metrics as Parquet", sniff=_is_parquet, suffixes=(".parquet",)
)
def read(source: Source, folder: Path, known: Known) -> Part:
    """Return the file itself as a part; one of other types is written again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path) as file:
            schema = file.schema_arrow
            if len(set(schema.names)) == len(schema.names) and (
                gpm_columns(schema.names) or not _is_native(schema, source.shown, known)
            ):
                return staged_from_batches(
                    file.iter_batches(batch_size=65_536), schema.names, source, folder, known
                )
    except (pa.ArrowException, OSError) as error:
        raise bad_input(
            "meter.damaged",
            f"cannot be read as Parquet: {str(error).splitlines()[0][:200]}.",
            mend="Copy or export it again.",
            file=source.shown,
        ) from None
    return part_of(source.path, source.shown, known)


def _is_native(schema: pa.Schema, shown: str, known: Known) -> bool:
    """Whether readings and times are of types that every engine takes as they are."""
    import pyarrow as pa

    from declarant.compute.meter.fields import Role
    from declarant.compute.meter.layout import layout

    found = layout(tuple(schema.names), shown)
    numbers = [*found.readings, *([found.labels[Role.VALUE]] if found.is_long else [])]
    time = schema.field(found.labels[Role.TIME]).type
    if pa.types.is_timestamp(time) and (
        time.unit == "ns" or (time.tz is None and known.zone is not None)
    ):
        return False  # engines do not agree on nanoseconds
    kinds = [schema.field(name).type for name in numbers]
    return all(pa.types.is_floating(kind) or pa.types.is_integer(kind) for kind in kinds) and (
        pa.types.is_timestamp(time) or pa.types.is_integer(time) or pa.types.is_floating(time)
    )
