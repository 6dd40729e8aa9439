"""The Word document that is handed out: a heading for each question, boxes to write in below it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.questions import AsksChoice, AsksNumber, AsksTable
from declarant.filing.exchange.wording import column_head, condition_said, described
from declarant.filing.offline import instructions
from declarant.filing.offline.entries import Entry, options_by_label
from declarant.filing.offline.handed_out import PUBLIC, Labels, short_hash
from declarant.filing.offline.laying_out import KEPT, Prepared, prepare
from declarant.filing.offline.values import showable_in_file
from declarant.filing.offline.work import Work
from declarant.filing.wording import STANDINGS

SLIP_TAG = "declarant"
YES, NO = "Yes", "No"
_SPARE_ROWS = 3
_WHAT = {
    "words": "In words 文字",
    "number": "Number 數字",
    "date": "Day 日期 (2027-02-01)",
    "choice": "Choice 選擇",
    "table": "Table 表格",
    "file": "Name of the file 檔名",
}


def tag_of(question: int, field: str, part: int = 0) -> str:
    """Return the tag of a box: 64 characters at most, so a question's number stands for its id."""
    return f"q{question}.{part}.{field}" if part else f"q{question}.{field}"


def write_document(work: Work) -> bytes:
    """Return a Word document (.docx) with the questions and the answers so far."""
    from docx import Document

    from declarant.filing.offline.document_controls import (
        controls,
        hidden_control,
        text_outside,
    )

    slip, prepared = prepare(work)
    document = Document()
    _about(document, work)
    body = document.element.body
    end = body.sectPr
    for number, item in enumerate(prepared, start=1):
        document.add_heading(
            showable_in_file(f"{item.question.id}: {item.question.topic_title}"), level=1
        )
        for style, text in _told(item, work):
            document.add_paragraph(showable_in_file(text), style=style)
        if item.sheet is None:
            document.add_paragraph(KEPT, style="Intense Quote")
            continue
        for box in _boxes(number, item, slip.labels):
            end.addprevious(box)
    boxes = [box for _, box in controls(body)]
    told = tuple(dict.fromkeys(short_hash(text) for _, text in text_outside(body, boxes)))
    slip = slip.model_copy(update={"told": told})
    end.addprevious(hidden_control(SLIP_TAG, slip.as_text()))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _about(document: Any, work: Work) -> None:
    made = datetime.combine(work.questions.prepared_on, time.min, UTC)
    properties = document.core_properties
    properties.author, properties.comments = "Declarant", ""
    properties.title = showable_in_file(work.questions.heading)
    properties.created = properties.modified = made.replace(tzinfo=None)
    document.add_heading(showable_in_file(work.questions.heading), level=0)
    document.add_paragraph(
        showable_in_file(f"{work.questions.person_name}. {work.questions.regime.citation}")
    )
    if work.due:
        document.add_paragraph(f"Due 期限: {work.due}")
    document.add_heading(" ".join(instructions.TITLE), level=2)
    for english, chinese in (*instructions.DOCUMENT, *instructions.COMMON):
        document.add_paragraph(english, style="List Bullet")
        document.add_paragraph(chinese, style="List Continue")


def _told(item: Prepared, work: Work) -> Iterator[tuple[str, str]]:
    """Yield what is said of a question: style and text."""
    asked, draft = item.question, item.draft
    known = {each.id: each for each in work.questions.questions}
    yield "Normal", asked.text
    yield "Quote", described(asked.asks)
    if asked.required:
        yield "Quote", "Required."
    if asked.condition:
        yield "Quote", condition_said(asked.condition, known)
    if asked.evidence_expected:
        yield "Quote", "Evidence is expected."
    if asked.help:
        yield "Quote", asked.help
    if draft.standing:
        yield "Normal", f"Standing 狀態: {STANDINGS[draft.standing]}"
    if draft.former:
        yield "Normal", f"Former answer 前次答覆:\n{draft.former}"
    if draft.notes:
        yield "Normal", f"Notes so far 既有備註:\n{draft.notes}"


def _boxes(number: int, item: Prepared, labels: Labels) -> Iterator[Any]:
    from declarant.filing.offline.document_controls import choice_control, label, text_control

    assert item.sheet is not None  # noqa: S101 - the caller has seen to it
    marks = (PUBLIC, *labels.marks)
    for entry in item.sheet.entries:
        yield from _part(number, item, entry, tuple(labels.files))
        mark = tag_of(number, "mark", entry.part)
        yield choice_control(mark, "Confidential 機密", entry.mark, marks)
    known = YES if item.sheet.not_known else NO
    yield choice_control(tag_of(number, "not_known"), "Not known 不知", known, (NO, YES))
    yield label("Evidence: one name a line 佐證檔案，每行一個檔名")
    yield text_control(tag_of(number, "evidence"), "Evidence", "\n".join(item.sheet.evidence))
    yield label("New note, never sent 新增備註，不會送出")
    yield text_control(tag_of(number, "added"), "New note", "")


def _part(number: int, item: Prepared, entry: Entry, files: tuple[str, ...]) -> Iterator[Any]:
    from declarant.filing.offline.document_controls import (
        choice_control,
        label,
        table_control,
        text_control,
    )

    asks = item.question.asks
    tag, title = tag_of(number, entry.kind, entry.part), _WHAT[entry.kind]
    if entry.kind == "table" and isinstance(asks, AsksTable):
        heads = [column_head(column.title, column.unit) for column in table_columns(asks)]
        spare = [[""] * len(heads)] * _SPARE_ROWS
        yield label(title)
        yield table_control(tag, title, heads, [*entry.rows, *spare])
    elif entry.kind == "choice" and isinstance(asks, AsksChoice) and not asks.several:
        yield choice_control(tag, title, entry.text, tuple(options_by_label(asks)))
    elif entry.kind == "file":
        yield choice_control(tag, title, entry.text, files)
    else:
        yield label(title)
        yield text_control(tag, title, entry.text)
    if entry.kind == "number":
        units = asks.units if isinstance(asks, AsksNumber) else ()
        yield choice_control(tag_of(number, "unit", entry.part), "Unit 單位", entry.unit, units)
