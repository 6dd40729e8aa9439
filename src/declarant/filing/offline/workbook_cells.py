"""Writing cells: always as text, never as a formula, locked or open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from declarant.filing.offline.workbook_shape import LISTS, cell_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_TEXT = "@"  # number format: what is typed stays as it is typed


class Pen:
    """Writes into the sheets of one workbook, with the few styles there are."""

    def __init__(self, book: Workbook) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        self._book = book
        self._lists: dict[tuple[str, ...], str] = {}
        self._wrap = Alignment(wrap_text=True, vertical="top")
        self._grey = PatternFill("solid", fgColor="F0F0F0")
        self._navy = PatternFill("solid", fgColor="162E51")
        self._white_bold = Font(bold=True, color="FFFFFF")
        self._bold = Font(bold=True)
        line = Side(style="thin", color="A9AEB1")
        self._box = Border(left=line, right=line, top=line, bottom=line)
        self._no_box = Border()
        self._one_line = Alignment(vertical="top")
        self._open = Protection(locked=False)

    def shown(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """Write a locked cell."""
        cell = self._cell(sheet, row, column, text)
        cell.fill = self._grey

    def heading(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """Write a locked cell that heads a column."""
        cell = self._cell(sheet, row, column, text)
        cell.fill, cell.font = self._navy, self._white_bold

    def plain(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        text: str,
        *,
        bold: bool = False,
        wrap: bool = True,
    ) -> None:
        """Write a locked cell without a box around it."""
        cell = self._cell(sheet, row, column, text)
        cell.border, cell.alignment = self._no_box, self._wrap if wrap else self._one_line
        if bold:
            cell.font = self._bold

    def open(
        self, sheet: Worksheet, row: int, column: int, text: str, choices: Sequence[str] = ()
    ) -> None:
        """Write a cell that people fill in; with `choices`, from a list."""
        cell = self._cell(sheet, row, column, text)
        cell.protection = self._open
        if choices:
            self._from_list(sheet, cell.coordinate, choices)

    def _cell(self, sheet: Worksheet, row: int, column: int, text: str) -> Any:
        cell = sheet.cell(row, column)
        if text:
            cell.value = cell_text(text)
            cell.data_type = "s"  # also what begins with = + - @: a formula is never written
            cell.quotePrefix = True
        cell.number_format = _TEXT
        cell.alignment, cell.border = self._wrap, self._box
        return cell

    def _from_list(self, sheet: Worksheet, coordinate: str, choices: Sequence[str]) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        where = self._list(tuple(choices))
        held = next(
            (item for item in sheet.data_validations.dataValidation if item.formula1 == where), None
        )
        if held is None:
            held = DataValidation(type="list", formula1=where, allow_blank=True)
            held.error = "Choose from the list, or leave it empty. 請由清單選取，或留空。"
            held.errorTitle = "Not in the list"
            sheet.add_data_validation(held)
        held.add(coordinate)

    def _list(self, choices: tuple[str, ...]) -> str:
        """Return where a list of choices stands; it is written on first use."""
        if choices not in self._lists:
            from openpyxl.utils import get_column_letter

            sheet = self._book[LISTS]
            column = len(self._lists) + 1
            for row, choice in enumerate(choices, start=1):
                self._cell(sheet, row, column, choice)
            letter = get_column_letter(column)
            self._lists[choices] = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
        return self._lists[choices]
