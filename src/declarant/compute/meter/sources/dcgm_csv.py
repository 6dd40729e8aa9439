"""Telemetry as comma-separated values: DCGM metrics wide or long, or W&B's system metrics."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declarant.compute.meter.columns import Mended, gpm_columns, staged_from_batches
from declarant.compute.meter.fields import Role, field, labels
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part, telemetry
from declarant.compute.readers.source import Source, opened
from declarant.formats import Sample
from declarant.problems import Finding, bad_input

if TYPE_CHECKING:
    import pyarrow as pa


def _header(text: str) -> list[str]:
    first = text.lstrip("\ufeff").partition("\n")[0].strip()
    try:
        return next(csv.reader([first]), [])
    except csv.Error:
        return []


def _is_csv(sample: Sample) -> bool:
    if sample.head.lstrip("\ufeff")[:1] in ("", "{", "[", "#"):
        return False
    names = _header(sample.head)
    if len(names) < 2 or len(names) > 10_000:
        return False
    found = labels(tuple(names))
    return gpm_columns(names) or (
        Role.TIME in found
        and (any(field(name) for name in names) or {Role.METRIC, Role.VALUE} <= found.keys())
    )


@telemetry("csv", shows="DCGM or W&B metrics as CSV", sniff=_is_csv, suffixes=(".csv",))
def read(source: Source, folder: Path, known: Known) -> Part:
    """Write the table as Parquet.

    Raises:
        BadInput: when it is no table, two columns have one name, or columns are missing.
    """
    import pyarrow as pa
    import pyarrow.csv as pacsv

    names = _header(source.sample().head)
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise bad_input(
            "meter.columns",
            f"has two columns {min(doubled)!r}.",
            mend="Give each column a name of its own.",
            file=source.shown,
        )
    skipped = [0]

    def skip(row: Any) -> str:
        skipped[0] += 1
        return "skip"

    try:
        with opened(source.path) as raw:
            reader = pacsv.open_csv(
                raw,
                read_options=pacsv.ReadOptions(block_size=4 << 20),
                parse_options=pacsv.ParseOptions(invalid_row_handler=skip),
                convert_options=pacsv.ConvertOptions(
                    column_types={name: pa.string() for name in names}, strings_can_be_null=False
                ),
            )
            part = staged_from_batches(_batches(reader), reader.schema.names, source, folder, known)
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        raise bad_input(
            "meter.damaged",
            f"cannot be read as CSV: {str(error).splitlines()[0][:200]}.",
            mend="Export it again.",
            file=source.shown,
        ) from None
    mended = Mended(source.shown)
    mended.skipped = skipped[0]
    return _with(part, mended.findings())


def _batches(reader: Any) -> Iterator[pa.RecordBatch]:
    while True:
        try:
            yield reader.read_next_batch()
        except StopIteration:
            return


def _with(part: Part, findings: tuple[Finding, ...]) -> Part:
    from dataclasses import replace

    return replace(part, findings=(*part.findings, *findings)) if findings else part
