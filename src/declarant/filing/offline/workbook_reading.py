"""The workbook that came back: every answer it holds, and every cell that cannot be read."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from declarant.filing.exchange.questions import AsksTable, Question
from declarant.filing.offline.entries import Entry, Kind, Sheet
from declarant.filing.offline.handed_out import PUBLIC, HandedOut, Slip, not_ours, read_slip
from declarant.filing.offline.laying_out import reading
from declarant.filing.offline.packages import opened_package
from declarant.filing.offline.reading_entries import Reading, in_order
from declarant.filing.offline.values import NO_WORDS
from declarant.filing.offline.work import Returned, ReturnedAnswer, Work
from declarant.filing.offline.workbook_rows import Row, rows_of, slip_text, tables_of
from declarant.filing.offline.workbook_shape import CONTINUED
from declarant.filing.offline.workbook_tables import table_keys
from declarant.problems import BadInput, Finding, Place, Severity, bad_input

if TYPE_CHECKING:
    from openpyxl import Workbook

_KINDS: dict[str, Kind] = {
    "number": "number",
    "date": "date",
    "choice": "choice",
    "file": "file",
}


def read_workbook(data: bytes, name: str, work: Work) -> Returned:
    """Return what a workbook says in answer to the questions of `work`.

    Raises:
        BadInput: when it cannot be opened safely, or was made for other questions.
    """
    findings = list(opened_package(data, name, "xl/workbook.xml", ".xlsx"))
    book = _opened(data, name)
    try:
        text, rows, tables = slip_text(book), list(rows_of(book)), tables_of(book)
    except Exception:  # whatever the reader of a foreign format stumbles over
        raise _damaged(name) from None
    slip = read_slip(text or "", work.questions, name)
    if not rows:
        raise not_ours(name)
    return _Workbook(work, slip, name, rows[1:], tables).returned(findings)


@dataclass(slots=True)
class _Workbook:
    work: Work
    slip: Slip
    name: str
    rows: list[Row]
    tables: dict[str, dict[str, list[Row]]]

    def returned(self, findings: list[Finding]) -> Returned:
        by_question: dict[str, list[Row]] = defaultdict(list)
        unread: list[str] = []
        handed = {item.id: item for item in self.slip.questions}
        for row in self.rows:
            asked = row.text("id").strip()
            if asked in handed:
                by_question[asked].append(row)
            elif said := row.all_text():
                unread.append(f"{row.at('answer')}: {said}")
                findings.append(
                    _lost(
                        f"holds {said[:80]!r} beside no question of this file.",
                        Place(file=self.name, field=row.at("id")),
                        "Copy it into the row of its question.",
                    )
                )
        answers = []
        for question in self.work.questions.questions:
            item = handed.get(question.id)
            if item is None or item.kept:
                continue
            read = reading(self.work, self.slip.labels, question, self.name)
            answer = self._answer(read, item, by_question[question.id])
            findings += read.findings
            if answer is None:
                unread += read.unread
            else:
                answers.append(answer)
        return Returned(tuple(answers), tuple(dict.fromkeys(findings)), tuple(unread))

    def _answer(self, read: Reading, handed: HandedOut, rows: list[Row]) -> ReturnedAnswer | None:
        """Return the answer in the rows of a question; None when some of them are gone."""
        parts = _parts(read, rows)
        sheets = list(self.tables.get(read.question.id, {}).values())
        gone = [str(part) for part in handed.parts if part not in parts]
        if handed.tables and not sheets:
            gone.append("the sheet of its table")
        if gone:
            for row in rows:
                if said := row.all_text():
                    read.unread.append(f"{row.at('answer')}: {said}")
            read.findings.append(_gone(self.name, read.question, gone))
            return None
        entries = list(parts.values())
        if isinstance(read.question.asks, AsksTable) and sheets:
            entries += _table_entries(read, read.question.asks, sheets[0])
            for copied in sheets[1:]:
                _refuse_copy(read, table_keys(read.question.asks), sheets[0], copied)
        return read.answer(_beside(read, rows, tuple(in_order(entries))), handed)


def _parts(read: Reading, rows: list[Row]) -> dict[int, Entry]:
    """Return the parts in the rows of a question; a part in several pieces is put together."""
    pieces: dict[tuple[int, int], tuple[Row, str]] = {}
    added = 0
    for row in rows:
        for text in row.beside(()):
            read.lost(row.at("answer"), text, "stands outside the columns of this sheet.")
        if row.text("kind") == "table":
            continue
        written = row.text("part").strip()
        number, further = written.rstrip(CONTINUED), len(written) - len(written.rstrip(CONTINUED))
        text = _plain(read, row, "answer")
        if not (number.isascii() and number.isdecimal() and len(number) < 6):
            added += 1  # a row that somebody put in
            pieces[(10**6 + added, 0)] = (row, text)
        elif (int(number), further) not in pieces:
            pieces[(int(number), further)] = (row, text)
        elif text.strip() and text != pieces[(int(number), further)][1]:
            other = pieces[(int(number), further)][0].at("answer")
            what = f"stands a second time, beside {other}, and says something else."
            read.lost(row.at("answer"), text, what, "Keep one of the two rows.")
    parts: dict[int, Entry] = {}
    for (part, further), (row, text) in sorted(pieces.items(), key=lambda item: item[0]):
        if further and part in parts:
            parts[part] = replace(parts[part], text=parts[part].text + text)
            continue
        kind = _KINDS.get(row.text("kind"), "words")
        unit, mark = _plain(read, row, "unit"), _plain(read, row, "mark")
        parts[part] = Entry(part, kind, text, unit, mark, (), row.at("answer"))
    return parts


def _beside(read: Reading, rows: list[Row], entries: tuple[Entry, ...]) -> Sheet:
    """Return the parts with what is marked once for the question, in whichever of its rows."""

    def first(key: str) -> tuple[str, str]:
        for row in rows:
            text = _plain(read, row, key)
            if text.strip():
                return text, row.at(key)
        return "", ""

    not_known = first("not_known")[0].strip().casefold() not in NO_WORDS
    evidence = tuple(filter(None, (line.strip() for line in first("evidence")[0].splitlines())))
    return Sheet(entries, not_known, evidence, first("added")[0])


def _plain(read: Reading, row: Row, key: str) -> str:
    """Return the text of a cell; a formula is never worked out, and kept as what could not be read.

    What a formula last came to stands beside it in the file, and is not looked at: anybody can
    write anything there.
    """
    if row.is_formula(key):
        if row.at(key) not in read.places:
            mend = "Write the text or the number itself."
            read.lost(row.at(key), row.text(key), "is a formula.", mend)
        return ""
    return row.text(key)


def _table_entries(read: Reading, asks: AsksTable, rows: list[Row]) -> Iterator[Entry]:
    """Yield a part for the rows of each passage; rows that were added join those marked alike."""
    keys = table_keys(asks)
    grouped: dict[tuple[int, str], list[tuple[str, ...]]] = {}
    latest: dict[str, tuple[int, str]] = {}  # the group of each mark that rows join
    for row in rows:
        cells = tuple(_plain(read, row, key) for key in keys)
        for text in row.beside(keys):
            read.lost(row.at(keys[0]), text, "stands outside the columns of the table.")
        if not any(cell.strip() for cell in cells):
            continue
        number = row.text("part").strip()
        mark = " ".join(_plain(read, row, "mark").split()) or PUBLIC
        part = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
        group = (part, mark) if part else latest.get(mark, (part, mark))
        latest[mark] = group
        grouped.setdefault(group, []).append(cells)
    for (part, mark), cells_of in grouped.items():
        where = rows[0].sheet
        yield Entry(part or 10**7, "table", mark=mark, rows=tuple(cells_of), where=where)


def _refuse_copy(read: Reading, keys: tuple[str, ...], first: list[Row], copied: list[Row]) -> None:
    """Keep what a second sheet of the same table says, unless it says the same."""

    def content(rows: list[Row]) -> list[list[str]]:
        return [[cell.text for cell in row.cells.values()] for row in rows]

    if content(first) != content(copied):
        for row in copied:
            if said := " | ".join(filter(str.strip, map(row.text, keys))):
                what = "stands in a second sheet of the same table."
                read.lost(f"{row.sheet}!{row.number}", said, what, "Keep one of the two sheets.")


def _opened(data: bytes, name: str) -> Workbook:
    from openpyxl import load_workbook

    try:
        # formulas as they are written, never what they came to; links to other files are not kept
        return load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False, rich_text=False
        )
    except Exception:  # whatever the reader of a foreign format stumbles over
        raise _damaged(name) from None


def _damaged(name: str) -> BadInput:
    return bad_input(
        "offline.damaged",
        "cannot be read as a workbook.",
        mend="Open it in the program that wrote it, save it as .xlsx, and upload that.",
        file=name,
    )


def _gone(name: str, question: Question, parts: list[str]) -> Finding:
    what = (
        f"rows of the question {question.id} are gone ({', '.join(parts)}): its answer at the desk "
        "is left as it is."
    )
    mend = "Take the file anew, or write the answer at the desk; what stands here is shown there."
    return Finding(
        "offline.rows_gone", what, Place(file=name, field=question.id), mend, Severity.ERROR
    )


def _lost(what: str, where: Place, mend: str) -> Finding:
    return Finding("offline.no_question", what, where, mend, Severity.ERROR)
