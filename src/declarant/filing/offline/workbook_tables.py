"""A sheet for each question that asks for a table: written, and read back by its keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.questions import AsksChoice, AsksTable, Question
from declarant.filing.exchange.wording import column_head, described
from declarant.filing.offline.entries import Entry, options_by_label
from declarant.filing.offline.workbook_cells import Pen
from declarant.filing.offline.workbook_shape import (
    COLUMNS,
    MARK_KEY,
    PART_KEY,
    SPARE_ROWS,
    TABLE_FIRST,
    TABLE_HEAD,
    TABLE_HINTS,
    TABLE_KEYS,
    TABLE_TEXT,
    TABLE_TITLE,
    shortened,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

_WIDTH = 28


def table_keys(asks: AsksTable) -> tuple[str, ...]:
    """Return the hidden keys of a table's columns: place and id, so that no two are alike."""
    return tuple(f"{number}:{column.id}" for number, column in enumerate(asks.columns, start=1))


def write_table(
    pen: Pen, book: Workbook, question: Question, entries: Sequence[Entry], marks: Sequence[str]
) -> str:
    """Write the sheet of a table, with room for more rows; return the sheet's title."""
    from openpyxl.utils import get_column_letter

    asks = question.asks
    assert isinstance(asks, AsksTable)  # noqa: S101 - the caller has seen to it
    number = sum(title.startswith("Table ") for title in book.sheetnames) + 1
    sheet = book.create_sheet(f"Table {number}")
    last = len(asks.columns) + 2
    pen.plain(sheet, TABLE_TITLE, 1, question.id)
    pen.plain(sheet, TABLE_TITLE, 2, question.id, bold=True)
    pen.plain(sheet, TABLE_TEXT, 2, shortened(question.text))
    sheet.merge_cells(start_row=TABLE_TEXT, end_row=TABLE_TEXT, start_column=2, end_column=last)
    heads = [column_head(item.title, item.unit) for item in table_columns(asks)]
    hints = [
        f"{described(column.cell)}{' Required.' if column.required else ''}"
        for column in asks.columns
    ]
    keys = (PART_KEY, *table_keys(asks), MARK_KEY)
    for place, texts in enumerate(
        zip(("", *hints, ""), ("", *heads, COLUMNS["mark"][0]), keys, strict=True), start=1
    ):
        hint, head, key = texts
        pen.shown(sheet, TABLE_HINTS, place, shortened(hint))
        pen.heading(sheet, TABLE_HEAD, place, shortened(head))
        pen.plain(sheet, TABLE_KEYS, place, key)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    filled = [(str(entry.part), entry.mark, row) for entry in entries for row in entry.rows]
    spare = [("", "", ("",) * len(asks.columns))] * SPARE_ROWS
    for row, (part, mark, cells) in enumerate((*filled, *spare), start=TABLE_FIRST):
        pen.open(sheet, row, 1, part)
        for place, (column, cell) in enumerate(zip(asks.columns, cells, strict=True), start=2):
            options = (
                tuple(options_by_label(column.cell)) if isinstance(column.cell, AsksChoice) else ()
            )
            pen.open(sheet, row, place, cell, options)
        pen.open(sheet, row, last, mark, marks)
    sheet.column_dimensions["A"].hidden = True
    sheet.row_dimensions[TABLE_KEYS].hidden = True
    sheet.freeze_panes = sheet.cell(TABLE_FIRST, 2)
    sheet.protection.insertRows = sheet.protection.deleteRows = False
    return str(sheet.title)
