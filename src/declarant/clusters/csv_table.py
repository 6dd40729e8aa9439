"""A comma-separated file in columns: its header understood, each different text held once.

A list of ten million links holds a million names and a handful of rates: texts are numbered while
they are read, and everything about a text is worked out once.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.readers.registry import Content, ReadContext
from declarant.problems import BadInput, Finding, Severity, bad_input

_HEAD = 65_536
_PIECE = 16 << 20
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `code` is the row in `texts` of each cell, shape (rows,).

    `texts` holds each different text once, without blanks around it; "" for an empty cell.
    """

    code: NDArray[np.int32]
    texts: pl.Series

    def where(self, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return the cells whose text is wanted; each different text is asked about once."""
        answers = np.array([wanted(text) for text in self.texts.to_list()], np.bool_)
        if answers.all() or not answers.any():  # most questions: nothing is wrong
            return np.full(len(self.code), bool(answers.any()))
        return answers[self.code]

    def numbers(self, value: Callable[[str], int]) -> NDArray[np.int64]:
        """Return a number for each cell; each different text is read once."""
        values = np.array([value(text) for text in self.texts.to_list()], np.int64)
        return values[self.code]

    def rows(self, kept: NDArray[np.bool_]) -> Column:
        """Return some rows of the column."""
        return Column(self.code[kept], self.texts)

    def series(self) -> pl.Series:
        """Return every cell as text."""
        return self.texts[self.code] if len(self.code) else pl.Series([], dtype=pl.String)


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The columns a reader asked for, each filled with "" when the file lacks it.

    Attributes:
        columns: by the name the reader knows them by.
        present: those that the file has.
        first_line: line of the first row. Lines are exact while no cell holds a line break.
        findings: about header and text.
    """

    columns: Mapping[str, Column]
    present: frozenset[str]
    first_line: int
    findings: tuple[Finding, ...]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def line(self, row: int) -> int:
        """Return the line on which a row stands."""
        return self.first_line + row


def header_of(text: str) -> tuple[list[str], str]:
    """Return the folded names in the first line that is no remark, and the separator."""
    first = next((line for line in text.splitlines() if not _is_remark(line)), "")
    separator = max(_SEPARATORS, key=first.count)
    cells = next(csv.reader([first], delimiter=separator), [])
    return [_folded(name) for name in cells], separator


def named_columns(header: list[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return where each known column stands, the first time it is named."""
    found: dict[str, int] = {}
    for column, aliases in names.items():
        places = [place for place, name in enumerate(header) if name in (column, *aliases)]
        if places:
            found[column] = places[0]
    return found


def read_table(
    content: Content,
    context: ReadContext,
    names: Mapping[str, tuple[str, ...]],
    required: tuple[str, ...],
    together: tuple[str, ...] = (),
) -> CsvTable:
    """Read a file whose first line names its columns. Lines that begin with `#` are remarks.

    Args:
        content: the file.
        context: of the reader.
        names: columns the reader knows, each with the other names it goes by.
        required: those without which nothing can be read.
        together: columns that number their texts alike, such as both ends of a link.

    Raises:
        BadInput: when a required column is missing, or a row has more cells than the header.
    """
    header, separator = header_of(content[:_HEAD].decode("utf-8", "replace"))
    places = named_columns(header, names)
    missing = [column for column in required if column not in places]
    skipped = _lines_to_header(content)
    if missing:
        raise bad_input(
            f"{context.format}.column_missing",
            f"there is no column {missing[0]!r}; the header names {', '.join(header)[:200]}.",
            mend=f"Name the columns in the first line: {', '.join(names)}.",
            file=context.file,
            line=skipped + 1,
        )
    kinds = _kinds(header, places, together)
    findings = list(_unknown_columns(header, names, context, skipped + 1))
    wrong = _first_not_utf8(content)
    source: Any = Path(context.file) if isinstance(content, mmap.mmap) else content
    if wrong is not None:
        source = content[:].decode("latin-1").encode()
        findings.append(
            context.finding(
                f"{context.format}.not_utf8",
                "is not UTF-8; it is read as Latin-1.",
                mend="Save it as UTF-8.",
                line=content[:wrong].count(b"\n") + 1,
                effect="names with accents may not be found in other files",
            )
        )
    try:
        raw = _parsed(source, skipped + 1, separator, kinds)
    except (pl.exceptions.PolarsError, OverflowError) as error:
        text = content[:].decode("utf-8" if wrong is None else "latin-1")
        raise _not_fitting(text, skipped, separator, len(header), context, str(error)) from None
    columns = _columns(raw, kinds, places, names, together)
    return CsvTable(columns, frozenset(places), skipped + 2, tuple(findings))


def _first_not_utf8(content: Content) -> int | None:
    """Return where the first byte stands that is no UTF-8; None where all of it is.

    Looked at in pieces, and only where there is more than ASCII.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for begin in range(0, len(content), _PIECE):
        piece = content[begin : begin + _PIECE]
        if piece.isascii() and not decoder.getstate()[0]:
            continue
        try:
            decoder.decode(piece, final=begin + _PIECE >= len(content))
        except UnicodeDecodeError as error:
            return begin + error.start
    return None


def _parsed(
    source: Any, skipped: int, separator: str, kinds: Mapping[str, pl.Categorical]
) -> pl.DataFrame:
    return pl.read_csv(
        source,
        has_header=False,
        skip_lines=skipped,
        separator=separator,
        schema=dict(kinds),
        raise_if_empty=False,
    )


def _kinds(
    header: list[str], places: Mapping[str, int], together: tuple[str, ...]
) -> dict[str, pl.Categorical]:
    """Return how each column of the file numbers its texts: by itself, or as others do."""
    shared = pl.Categorical(pl.Categories.random())
    by_place = {place: name for name, place in places.items()}
    return {
        str(place): shared
        if by_place.get(place) in together
        else pl.Categorical(pl.Categories.random())
        for place in range(len(header))
    }


def _columns(
    raw: pl.DataFrame,
    kinds: Mapping[str, pl.Categorical],
    places: Mapping[str, int],
    names: Mapping[str, tuple[str, ...]],
    together: tuple[str, ...],
) -> dict[str, Column]:
    height = raw.height
    nothing = Column(np.zeros(height, np.int32), pl.Series([""]))
    made = dict.fromkeys(names, nothing)
    shared = [name for name in together if name in places]
    for group in (shared, *([name] for name in places if name not in together)):
        if not group:
            continue
        cells = [raw.to_series(places[name]).to_physical() for name in group]
        codes, texts = _renumbered(cells, kinds[str(places[group[0]])])
        made |= {name: Column(code, texts) for name, code in zip(group, codes, strict=True)}
    return made


def _renumbered(
    cells: list[pl.Series], kind: pl.Categorical
) -> tuple[list[NDArray[np.int32]], pl.Series]:
    """Return the numbers of cells after blanks around texts are gone, and the texts."""
    last = max((int(each.drop_nulls().to_numpy().max(initial=0)) for each in cells), default=0)
    codes = [each.fill_null(last + 1).to_numpy().astype(np.int32) for each in cells]
    used = np.zeros(last + 2, np.bool_)
    for code in codes:
        used[code] = True
    used[last + 1] = False
    present = np.flatnonzero(used)
    written = pl.Series(present.astype(np.uint32)).cat.to(kind).cast(pl.String)
    stripped = written.str.strip_chars()
    place = np.zeros(last + 2, np.int32)  # an empty cell is the first text, ""
    if (stripped == written).all() and not (stripped == "").any():
        place[present] = np.arange(1, len(present) + 1, dtype=np.int32)
        texts = pl.concat([pl.Series([""]), stripped])
    else:
        texts = pl.concat([pl.Series([""]), stripped]).unique(maintain_order=True)
        numbered = dict(zip(texts.to_list(), range(len(texts)), strict=True))
        place[present] = [numbered[text] for text in stripped.to_list()]
    return [place[code] for code in codes], texts


def _is_remark(line: str) -> bool:
    return not line.strip() or line.startswith("#")


def _lines_to_header(content: Content) -> int:
    lines = content[:_HEAD].decode("utf-8", "replace").splitlines()
    return next((number for number, line in enumerate(lines) if not _is_remark(line)), 0)


def _not_fitting(
    text: str, skipped: int, separator: str, width: int, context: ReadContext, why: str
) -> BadInput:
    """Return the report on rows that do not fit the header, with the line of the first."""
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    line = None
    what = f"its rows cannot be read: {why.splitlines()[0][:200]}."
    try:
        for row in rows:
            if rows.line_num > skipped + 1 and row and len(row) != width:
                line = rows.line_num
                what = f"the header names {width} columns, this row has {len(row)}."
                break
    except csv.Error as error:
        line, what = rows.line_num, f"cannot be read: {error}."
    return bad_input(
        f"{context.format}.rows",
        what,
        mend="Give every row as many cells as the header; quote cells that hold the separator.",
        file=context.file,
        line=line,
    )


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
