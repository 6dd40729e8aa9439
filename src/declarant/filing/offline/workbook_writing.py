"""The workbook that is handed out: instructions, answers, a sheet for each table."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from declarant.filing.exchange.questions import AsksChoice, AsksNumber
from declarant.filing.exchange.wording import condition_said, described
from declarant.filing.offline import instructions
from declarant.filing.offline.entries import Entry, options_by_label
from declarant.filing.offline.handed_out import PUBLIC, Labels, Slip
from declarant.filing.offline.laying_out import KEPT, Prepared, prepare
from declarant.filing.offline.work import Work
from declarant.filing.offline.workbook_cells import Pen
from declarant.filing.offline.workbook_shape import (
    ANSWERS,
    COLUMNS,
    CONTINUED,
    INSTRUCTIONS,
    LISTS,
    SLIP,
    YES,
    pieces,
    shortened,
)
from declarant.filing.offline.workbook_tables import write_table
from declarant.filing.wording import STANDINGS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_HEADER = 3
_PLACES = {key: number for number, key in enumerate(COLUMNS, start=1)}


def write_workbook(work: Work) -> bytes:
    """Return a workbook (.xlsx) with the questions and the answers so far."""
    from openpyxl import Workbook

    slip, prepared = prepare(work)
    book = Workbook()
    made = datetime.combine(work.questions.prepared_on, time.min, UTC)
    book.properties.creator, book.properties.created = "Declarant", made.replace(tzinfo=None)
    book.properties.title = work.questions.heading
    pen = Pen(book)
    first = book.active
    first.title = INSTRUCTIONS
    answers, lists = book.create_sheet(ANSWERS), book.create_sheet(LISTS)
    _instruct(pen, first, work)
    _head(pen, answers, work)
    row = _HEADER + 1
    for item in prepared:
        row = _Rows(pen, book, answers, work, slip.labels).write(item, row)
    _slip(book, slip)
    lists.sheet_state = "hidden"
    for sheet in book.worksheets:
        _lock(sheet)
    book.move_sheet(LISTS, len(book.sheetnames))
    book.active = book.sheetnames.index(ANSWERS)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


class _Rows:
    """Writes the rows of one question after the other."""

    def __init__(
        self, pen: Pen, book: Workbook, sheet: Worksheet, work: Work, labels: Labels
    ) -> None:
        self._pen, self._book, self._sheet, self._work = pen, book, sheet, work
        self._marks = (PUBLIC, *labels.marks)
        self._files = tuple(labels.files)

    def write(self, item: Prepared, row: int) -> int:
        """Write a question from a row on; return the next free row."""
        if item.sheet is None:
            self._question(item, row, "1", "kept")
            self._show(row, "answer", KEPT)
            return row + 1
        first = row
        tables = [entry for entry in item.sheet.entries if entry.kind == "table"]
        for entry in item.sheet.entries:
            if entry.kind != "table":
                row = self._entry(item, entry, row, is_first=row == first)
            elif entry is tables[0]:
                title = write_table(self._pen, self._book, item.question, tables, self._marks)
                self._question(item, row, "", "table", with_text=row == first)
                self._show(row, "answer", f"See the sheet {title}. 請見工作表 {title}。")
                row += 1
        self._beside(item, first)
        return row

    def _entry(self, item: Prepared, entry: Entry, row: int, *, is_first: bool) -> int:
        for number, piece in enumerate(pieces(entry.text)):
            part = f"{entry.part}{CONTINUED * number}"
            self._question(item, row, part, entry.kind, with_text=is_first and not number)
            self._open(row, "answer", piece, self._choices(item, entry))
            if not number:
                self._open(row, "mark", entry.mark, self._marks)
                if entry.kind == "number":
                    asks = item.question.asks
                    units = asks.units if isinstance(asks, AsksNumber) else ()
                    self._open(row, "unit", entry.unit, units)
            row += 1
        return row

    def _choices(self, item: Prepared, entry: Entry) -> tuple[str, ...]:
        asks = item.question.asks
        if entry.kind == "choice" and isinstance(asks, AsksChoice) and not asks.several:
            return tuple(options_by_label(asks))
        return self._files if entry.kind == "file" else ()

    def _beside(self, item: Prepared, row: int) -> None:
        """Write what is marked once for a question, in its first row."""
        if item.sheet:
            self._open(row, "not_known", YES if item.sheet.not_known else "", (YES,))
            self._open(row, "evidence", "\n".join(item.sheet.evidence))
            self._open(row, "added", "")

    def _question(
        self, item: Prepared, row: int, part: str, kind: str, *, with_text: bool = True
    ) -> None:
        for key in COLUMNS:
            self._show(row, key, "")
        asked, draft = item.question, item.draft
        self._show(row, "id", asked.id)
        self._show(row, "part", part)
        self._show(row, "kind", kind)
        if not with_text:
            words = "Words beside it, or a further part. 補充文字或其他部分。"
            self._show(row, "question", words if kind == "words" else described(asked.asks))
            return
        topic = (
            f"{asked.topic_title}: {asked.area_title}" if asked.area_title else asked.topic_title
        )
        self._show(row, "topic", topic)
        self._show(row, "question", asked.text)
        self._show(row, "asks", self._asked(item))
        self._show(row, "due", self._work.due.isoformat() if self._work.due else "")
        self._show(row, "former", draft.former)
        self._show(row, "standing", STANDINGS[draft.standing] if draft.standing else "")
        self._show(row, "notes", draft.notes)

    def _asked(self, item: Prepared) -> str:
        asked = item.question
        known = {each.id: each for each in self._work.questions.questions}
        return "\n".join(
            (
                described(asked.asks),
                *(["Required."] if asked.required else []),
                *([condition_said(asked.condition, known)] if asked.condition else []),
                *(["Evidence is expected."] if asked.evidence_expected else []),
                *([asked.help] if asked.help else []),
            )
        )

    def _show(self, row: int, key: str, text: str) -> None:
        self._pen.shown(self._sheet, row, _PLACES[key], shortened(text))

    def _open(self, row: int, key: str, text: str, choices: tuple[str, ...] = ()) -> None:
        from openpyxl.styles import PatternFill

        self._pen.open(self._sheet, row, _PLACES[key], text, choices)
        self._sheet.cell(row, _PLACES[key]).fill = PatternFill()


def _instruct(pen: Pen, sheet: Worksheet, work: Work) -> None:
    sheet.column_dimensions["A"].width = 60
    sheet.column_dimensions["B"].width = 60
    pen.plain(sheet, 1, 1, shortened(work.questions.heading), bold=True)
    pen.plain(sheet, 2, 1, instructions.TITLE[0], bold=True)
    pen.plain(sheet, 2, 2, instructions.TITLE[1], bold=True)
    for row, pair in enumerate((*instructions.WORKBOOK, *instructions.COMMON), start=3):
        for column, text in enumerate(pair, start=1):
            pen.plain(sheet, row, column, text)


def _head(pen: Pen, sheet: Worksheet, work: Work) -> None:
    from openpyxl.utils import get_column_letter

    about = shortened(f"{work.questions.person_name}. {work.questions.regime.citation}")
    pen.plain(sheet, 1, 1, shortened(work.questions.heading), bold=True, wrap=False)
    pen.plain(sheet, 2, 1, about, wrap=False)
    for key, place in _PLACES.items():
        text, width = COLUMNS[key]
        pen.heading(sheet, _HEADER, place, text)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.column_dimensions[get_column_letter(_PLACES["kind"])].hidden = True
    sheet.freeze_panes = sheet.cell(_HEADER + 1, _PLACES["topic"])
    sheet.print_title_rows = f"{_HEADER}:{_HEADER}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _slip(book: Workbook, slip: Slip) -> None:
    sheet = book.create_sheet(SLIP)
    for row, piece in enumerate(pieces(slip.as_text()), start=1):
        cell = sheet.cell(row, 1)
        cell.value, cell.data_type = piece, "s"
    sheet.sheet_state = "veryHidden"


def _lock(sheet: Worksheet) -> None:
    """Lock all but the open cells, without a password: against slips, not against people."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
