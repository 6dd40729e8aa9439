"""Rows of a workbook by the keys of their columns, wherever somebody moved the columns to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from declarant.filing.offline.packages import MOST_ROWS
from declarant.filing.offline.values import in_words
from declarant.filing.offline.workbook_shape import (
    ANSWERS,
    COLUMNS,
    EDITED,
    HEADER_WITHIN,
    MARK_KEY,
    MOST_COLUMNS,
    PART_KEY,
    SLIP,
    TABLE_KEYS,
    TABLE_TITLE,
    text_of_cell,
)

if TYPE_CHECKING:
    from openpyxl import Workbook


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and whether it is a formula (then the text is the formula)."""

    text: str
    formula: bool


_EMPTY = Cell("", False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells by column number from 1, and the column of each key."""

    sheet: str
    number: int
    cells: Mapping[int, Cell]
    columns: Mapping[str, int]

    def text(self, key: str) -> str:
        """Return the text of a cell; "" where it is empty or the column is gone."""
        return self.cells.get(self.columns.get(key, 0), _EMPTY).text

    def is_formula(self, key: str) -> bool:
        """Whether a cell holds a formula."""
        return self.cells.get(self.columns.get(key, 0), _EMPTY).formula

    def at(self, key: str) -> str:
        """Return the name of a cell: `Answers!I12`."""
        from openpyxl.utils import get_column_letter

        column = self.columns.get(key)
        return f"{self.sheet}!{get_column_letter(column) if column else ''}{self.number}"

    def all_text(self) -> str:
        """Return everything that people wrote into the row."""
        placed = {column for key, column in self.columns.items() if key not in ("answer", "added")}
        said = [cell.text for column, cell in self.cells.items() if column not in placed]
        return " | ".join(filter(None, (text.strip() for text in said)))

    def beside(self, keys: Sequence[str]) -> list[str]:
        """Return what stands in columns that have none of the keys, nor any other."""
        known = {*self.columns.values()}
        return [
            cell.text for column, cell in self.cells.items()
            if column not in known and cell.text.strip()
        ]  # fmt: skip


def slip_text(book: Workbook) -> str | None:
    """Return what the file says about itself; None when it says nothing."""
    if SLIP not in book.sheetnames:
        return None
    rows = _rows(book[SLIP], MOST_ROWS)
    return "".join(cells.get(1, _EMPTY).text for _, cells in rows)


def rows_of(book: Workbook) -> Iterator[Row]:
    """Yield the header of the answers and every row below it; nothing when there is no header."""
    if ANSWERS not in book.sheetnames:
        return
    columns: dict[str, int] = {}
    headings = {text: key for key, (text, _) in COLUMNS.items()}
    for number, cells in _rows(book[ANSWERS], MOST_ROWS):
        if columns:
            yield Row(ANSWERS, number, cells, columns)
            continue
        if number > HEADER_WITHIN:
            return
        found = {headings[cell.text]: column for column, cell in cells.items()
                 if cell.text in headings}  # fmt: skip
        if {"id", "part", "kind", *EDITED} <= found.keys():
            columns = found
            yield Row(ANSWERS, number, cells, columns)


def tables_of(book: Workbook) -> dict[str, dict[str, list[Row]]]:
    """Return the rows of each sheet that holds a table, by question and by sheet."""
    tables: dict[str, dict[str, list[Row]]] = {}
    for sheet in book.worksheets:
        if sheet.title in (ANSWERS, SLIP):
            continue
        rows = dict(_rows(sheet, MOST_ROWS))
        keys = rows.get(TABLE_KEYS, {})
        columns = {cell.text: column for column, cell in keys.items() if cell.text}
        if not {PART_KEY, MARK_KEY} <= columns.keys():
            continue
        question = rows.get(TABLE_TITLE, {}).get(columns[PART_KEY], _EMPTY).text
        tables.setdefault(question, {})[sheet.title] = [
            Row(sheet.title, number, cells, columns)
            for number, cells in rows.items()
            if number > TABLE_KEYS
        ]
    return tables


def _rows(sheet: Any, most: int) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Yield rows that hold something, with their numbers."""
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    read = sheet.iter_rows(min_row=1, max_row=most, max_col=MOST_COLUMNS)
    for number, row in enumerate(read, start=1):
        cells = {
            column: Cell(_text(cell), cell.data_type == "f")
            for column, cell in enumerate(row, start=1)
            if cell.value is not None
        }
        if cells:
            yield number, cells


def _text(cell: Any) -> str:
    value = cell.value
    if cell.data_type == "f":
        return str(getattr(value, "text", None) or value)
    return text_of_cell(in_words(value))
