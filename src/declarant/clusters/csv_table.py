"""A comma-separated file as columns of text: its header understood, its lines counted."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from declarant.clusters.readers.registry import ReadContext
from declarant.problems import Finding, Severity, bad_input

LINE = "line"
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Columns of text by the names the reader knows them by, and findings about the header.

    Every column the reader knows is there, filled with "" when the file lacks it; `line` holds the
    line of each row (of files without line breaks inside quotes).
    """

    rows: pl.DataFrame
    present: frozenset[str]
    findings: tuple[Finding, ...]


def header_of(text: str) -> tuple[list[str], str]:
    """Return the folded names in the first line that is no remark, and the separator."""
    first = next((line for line in text.splitlines() if line and not line.startswith("#")), "")
    separator = max(_SEPARATORS, key=first.count)
    return [_folded(name) for name in first.split(separator)], separator


def named_columns(header: list[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return where each known column stands, the first time it is named."""
    found: dict[str, int] = {}
    for column, aliases in names.items():
        places = [place for place, name in enumerate(header) if name in (column, *aliases)]
        if places:
            found[column] = places[0]
    return found


def read_table(
    content: bytes,
    context: ReadContext,
    names: Mapping[str, tuple[str, ...]],
    required: tuple[str, ...],
) -> CsvTable:
    """Read a file whose first line names its columns.

    Args:
        content: the file.
        context: of the reader.
        names: columns the reader knows, each with the other names it goes by.
        required: those without which nothing can be read.

    Raises:
        BadInput: when a required column is missing, or rows do not fit the header.
    """
    header, separator = header_of(content[:65_536].decode("utf-8", "replace"))
    places = named_columns(header, names)
    missing = [column for column in required if column not in places]
    if missing:
        raise bad_input(
            f"{context.format}.column_missing",
            f"there is no column {missing[0]!r}; the header names {', '.join(header)[:200]}.",
            mend=f"Name the columns in the first line: {', '.join(names)}.",
            file=context.file,
            line=1,
        )
    before = _remarks_before_header(content)
    try:
        raw = pl.read_csv(
            io.BytesIO(content),
            has_header=False,
            skip_lines=before + 1,
            separator=separator,
            infer_schema=False,
            encoding="utf8-lossy",
            comment_prefix="#",
            truncate_ragged_lines=False,
            raise_if_empty=False,
        )
    except (pl.exceptions.PolarsError, OverflowError) as error:
        raise bad_input(
            f"{context.format}.rows",
            f"its rows do not fit the header: {str(error).splitlines()[0][:200]}.",
            mend="Give every row as many cells as the header; quote cells that hold commas.",
            file=context.file,
        ) from None
    if raw.width and raw.width != len(header):
        raise bad_input(
            f"{context.format}.rows",
            f"the header names {len(header)} columns, the rows have {raw.width}.",
            mend="Give every row as many cells as the header; quote cells that hold commas.",
            file=context.file,
            line=before + 2,
        )
    return CsvTable(
        _columns(raw, places, names, before + 2),
        frozenset(places),
        _unknown_columns(header, names, context, before + 1),
    )


def _columns(
    raw: pl.DataFrame, places: Mapping[str, int], names: Mapping[str, tuple[str, ...]], first: int
) -> pl.DataFrame:
    made = {
        column: raw.to_series(places[column]).fill_null("").str.strip_chars()
        if column in places and raw.width
        else pl.repeat("", raw.height, dtype=pl.String, eager=True)
        for column in names
    }
    lines = pl.int_range(first, first + raw.height, eager=True)
    return pl.DataFrame({**made, LINE: lines})


def _remarks_before_header(content: bytes) -> int:
    count = 0
    for line in content[:65_536].splitlines():
        if line and not line.startswith(b"#"):
            break
        count += 1
    return count


def _unknown_columns(
    header: list[str], names: Mapping[str, tuple[str, ...]], context: ReadContext, line: int
) -> tuple[Finding, ...]:
    known = {name for column, aliases in names.items() for name in (column, *aliases)}
    unknown = [name for name in header if name not in known]
    if not unknown:
        return ()
    return (
        context.finding(
            f"{context.format}.columns_ignored",
            f"columns that are not read: {', '.join(unknown)[:200]}.",
            mend=f"Columns that are: {', '.join(names)}.",
            line=line,
            severity=Severity.NOTE,
        ),
    )


def _folded(name: str) -> str:
    return name.strip().strip('"').strip().lower().replace(" ", "_").replace("-", "_")
