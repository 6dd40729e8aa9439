"""The Word document that came back: every box, and every paragraph that stands outside of one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.questions import AsksTable
from declarant.filing.exchange.wording import column_head
from declarant.filing.offline.document_writing import SLIP_TAG, tag_of
from declarant.filing.offline.entries import Entry, Kind, Sheet
from declarant.filing.offline.handed_out import HandedOut, Slip, read_slip, short_hash
from declarant.filing.offline.laying_out import reading
from declarant.filing.offline.packages import opened_package
from declarant.filing.offline.reading_entries import Reading, in_order
from declarant.filing.offline.values import NO_WORDS
from declarant.filing.offline.work import Returned, ReturnedAnswer, Work
from declarant.problems import Finding, Place, Severity, bad_input

_TAG = re.compile(r"q\d{1,6}\.(?:\d{1,6}\.)?[a-z_]{1,20}", re.ASCII)
_KINDS: tuple[Kind, ...] = ("words", "number", "date", "choice", "table", "file")
_GONE_MARK = "(the box is gone)"


def read_document(data: bytes, name: str, work: Work) -> Returned:
    """Return what a Word document says in answer to the questions of `work`.

    Raises:
        BadInput: when it cannot be opened safely, or was made for other questions.
    """
    from docx import Document

    from declarant.filing.offline.document_controls import controls, text_in

    findings = list(opened_package(data, name, "word/document.xml", ".docx"))
    try:
        body = Document(io.BytesIO(data)).element.body
        boxes = list(controls(body))
        slip_text = next((text_in(box) for tag, box in boxes if tag == SLIP_TAG), "")
    except Exception:  # whatever the reader of a foreign format stumbles over
        raise bad_input(
            "offline.damaged",
            "cannot be read as a Word document.",
            mend="Open it in the program that wrote it, save it as .docx, and upload that.",
            file=name,
        ) from None
    slip = read_slip(slip_text, work.questions, name)
    return _Document(work, slip, name, body, findings).returned(boxes)


@dataclass(slots=True)
class _Document:
    work: Work
    slip: Slip
    name: str
    body: Any
    findings: list[Finding]
    unread: list[str] = field(default_factory=list)

    def returned(self, boxes: list[tuple[str, Any]]) -> Returned:
        ours: dict[str, list[Any]] = {}
        for tag, box in boxes:
            if _TAG.fullmatch(tag) or tag == SLIP_TAG:
                ours.setdefault(tag, []).append(box)
        answers = []
        read_tags = {SLIP_TAG}
        by_id = {item.id: number for number, item in enumerate(self.slip.questions, start=1)}
        for question in self.work.questions.questions:
            number = by_id.get(question.id)
            if number is None or self.slip.questions[number - 1].kept:
                continue
            read = reading(self.work, self.slip.labels, question, self.name)
            filled = _Boxes(read, number, ours)
            answer = filled.answer(self.slip.questions[number - 1])
            read_tags |= filled.seen
            self.findings += read.findings
            if answer is None:
                self.unread += read.unread
            else:
                answers.append(answer)
        self._elsewhere(ours, read_tags)
        return Returned(tuple(answers), tuple(dict.fromkeys(self.findings)), tuple(self.unread))

    def _elsewhere(self, ours: dict[str, list[Any]], read_tags: set[str]) -> None:
        """Keep what stands in boxes of no question, and outside of boxes."""
        from declarant.filing.offline.document_controls import text_in, text_outside

        for tag in sorted(set(ours) - read_tags):
            for box in ours[tag]:
                self._lost(f"box {tag}", text_in(box), "no question of this file")
        known = {box for boxes in ours.values() for box in boxes}
        told = frozenset(self.slip.told)
        for number, text in text_outside(self.body, known):
            if short_hash(text) not in told:
                self._lost(f"paragraph {number}", text, "no box")

    def _lost(self, where: str, text: str, beside: str) -> None:
        if not text.strip():
            return
        what = f"{text[:80]!r} belongs to {beside}: it is not taken over."
        mend = "Write it into the box of its question."
        place = Place(file=self.name, field=where)
        self.findings.append(Finding("offline.no_question", what, place, mend, Severity.ERROR))
        self.unread.append(f"{where}: {text}")


@dataclass(slots=True)
class _Boxes:
    """The boxes of one question."""

    read: Reading
    number: int
    ours: dict[str, list[Any]]
    seen: set[str] = field(default_factory=set)

    def answer(self, handed: HandedOut) -> ReturnedAnswer | None:
        """Return the answer in the boxes; None when some of them are gone."""
        entries = list(self._entries(handed))
        for part in (*handed.parts, *handed.tables):  # marks and units of what is gone say nothing
            self.seen |= {tag_of(self.number, name, part) for name in ("mark", "unit")}
        found = {entry.part for entry in entries}
        beside = {name: self._text(name, 0) for name in ("not_known", "evidence", "added")}
        gone = [f"part {part}" for part in (*handed.parts, *handed.tables) if part not in found]
        gone += [name.replace("_", " ") for name, text in beside.items() if text is None]
        if gone:
            for entry in entries:
                said = entry.text or "\n".join(" | ".join(row) for row in entry.rows)
                if said.strip():
                    self.read.unread.append(f"{entry.where}: {said}")
            what = (
                f"boxes of the question {self.read.question.id} are gone ({', '.join(gone)}): its "
                "answer at the desk is left as it is."
            )
            mend = "Take the file anew, or write the answer at the desk; what stands here is shown."
            place = Place(file=self.read.name, field=self.read.question.id)
            self.read.findings.append(
                Finding("offline.boxes_gone", what, place, mend, Severity.ERROR)
            )
            return None
        not_known = (beside["not_known"] or "").strip().casefold() not in NO_WORDS
        evidence = [line.strip() for line in (beside["evidence"] or "").splitlines()]
        sheet = Sheet(
            in_order(entries), not_known, tuple(filter(None, evidence)), beside["added"] or ""
        )
        return self.read.answer(sheet, handed)

    def _entries(self, handed: HandedOut) -> Iterator[Entry]:
        for part in sorted({*handed.parts, *handed.tables}):
            for kind in _KINDS:
                if tag_of(self.number, kind, part) not in self.ours:
                    continue
                where = self._where(part)
                mark = self._text("mark", part)
                entry = Entry(part, kind, where=where, mark=_GONE_MARK if mark is None else mark)
                if kind == "table":
                    rows = tuple(self._rows(part, where))
                    yield Entry(part, kind, mark=entry.mark, rows=rows, where=where)
                else:
                    text, unit = self._text(kind, part) or "", self._text("unit", part) or ""
                    yield Entry(part, kind, text, unit, entry.mark, (), where)

    def _text(self, name: str, part: int) -> str | None:
        """Return the text of a box; None when it is gone. A second one of its name is told."""
        from declarant.filing.offline.document_controls import left_aside_in, text_in

        tag = tag_of(self.number, name, part)
        boxes = self.ours.get(tag)
        if not boxes:
            return None
        self.seen.add(tag)
        text, *others = (text_in(box) for box in boxes)
        for other in others:
            if other.strip() and other != text:
                what = "stands in a second box of the same name."
                self.read.lost(self._where(part), other, what, "Keep one of the two boxes.")
        for what in left_aside_in(boxes[0]):
            mend = "Attach it at the desk as evidence, or say it in words."
            self.read.noted(
                self._where(part), "left_aside", f"holds {what}, which is left aside.", mend
            )
        return text

    def _rows(self, part: int, where: str) -> Iterator[tuple[str, ...]]:
        from declarant.filing.offline.document_controls import rows_in, text_beside_table

        asks = self.read.question.asks
        assert isinstance(asks, AsksTable)  # noqa: S101 - only such a question has tables
        heads = [column_head(column.title, column.unit) for column in table_columns(asks)]
        tag = tag_of(self.number, "table", part)
        self._text("table", part)  # a second table of the same name is told
        box = self.ours[tag][0]
        if beside := text_beside_table(box):
            self.read.lost(where, beside, "stands beside the table, in no cell of it.")
        for row in rows_in(box):
            if row == heads or not any(cell.strip() for cell in row):
                continue
            if len(row) == len(heads):
                yield tuple(row)
            else:
                said = " | ".join(row)
                what = f"is a row of {len(row)} cells; the table has {len(heads)} columns."
                self.read.lost(where, said, what, "Give one cell for each column.")

    def _where(self, part: int) -> str:
        return f"{self.read.question.id}, part {part}" if part else self.read.question.id
