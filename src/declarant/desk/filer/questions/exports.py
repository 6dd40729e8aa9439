"""A question set or one answer as JSON, CSV or PDF, as it stands now."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from declarant.desk.filer.questions.attaching import described
from declarant.desk.filer.questions.carrying import formers_of
from declarant.desk.filer.questions.composing import Item, questions_of, sent_packages
from declarant.desk.filer.questions.differences import text_of
from declarant.desk.filer.questions.evidence import gather
from declarant.desk.filer.questions.models import Question, QuestionSetRecord
from declarant.desk.filer.questions.preparing import parties
from declarant.desk.today import today
from declarant.filing.exchange import making
from declarant.filing.exchange.carrying_over import standing
from declarant.filing.pdf import render
from declarant.law import load_regime

COLUMNS = (
    "question", "topic", "text", "type", "required", "state", "assignee", "version",
    "author", "written", "not_known", "confidential", "answer", "evidence",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(record: QuestionSetRecord, questions: list[Question]) -> bytes:
    """Return the questions with their answers as they stand."""
    content = {
        "question_set": record.document.content(),
        "received": record.arrival.received.isoformat(),
        "answers": [_as_json(item) for item in questions],
        "sent": [package.ref for package in sent_packages(record)],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def as_csv(questions: list[Question]) -> bytes:
    """Return one line a question; cells that a spreadsheet would work out are made text."""
    written = io.StringIO()
    lines = csv.DictWriter(written, COLUMNS)
    lines.writeheader()
    for item in questions:
        lines.writerow({name: _text(value) for name, value in _row(item).items()})
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_pdf(record: QuestionSetRecord, questions: list[Question], person: Any) -> bytes:
    """Return the questions, or their answers as far as there are any, as a form; no statement made.

    It is for reading: nobody certified it, and it says so by its empty statements.
    """
    items = _items(questions)
    if not items:
        return render(record.document).pdf
    law = load_regime(record.regime)
    answers = making.answer_set(
        law,
        parties(record, person, None),
        today(law),
        record.document,
        record.arrival.received,
        [item.answer for item in items],
        evidence=gather(record, items, None).attached,
    )
    return render(answers).pdf


def exported(record: QuestionSetRecord, form: str, person: Any, only: int | None = None) -> bytes:
    """Return a set, or one question of it (`only`, its row), in a form: json, csv or pdf."""
    questions = [item for item in questions_of(record) if only in (None, item.pk)]
    if form == "json":
        return as_json(record, questions) if only is None else _one(questions[0])
    if form == "csv":
        return as_csv(questions)
    return as_pdf(record, questions, person)


def _items(questions: list[Question]) -> list[Item]:
    formers = formers_of(questions)
    items = []
    for item in questions:
        version, former = item.draft.current, formers.get(item.pk)
        if version is None:
            continue
        answer = version.answer.answers(item.asked, former.reference if former else None)
        if answer is None:
            continue
        state, _changes = standing(answer, former.answer if former else None)
        items.append(Item(item, version, answer.model_copy(update={"standing": state})))
    return items


def _one(question: Question) -> bytes:
    content = {"question": question.content, **_as_json(question)}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _as_json(question: Question) -> dict[str, Any]:
    draft, current = question.draft, question.draft.current
    files = described(draft)
    return {
        "id": question.key,
        "state": draft.state,
        "assignee": draft.assignee.email if draft.assignee else None,
        "version": draft.number,
        "answer": current.content if current else None,
        "evidence": [
            {"sha256": digest, "name": row.name, "dated": str(row.dated or "") or None}
            for digest, row in files.items()
            if current and digest in current.answer.evidence
        ],
    }


def _row(question: Question) -> dict[str, Any]:
    draft, current = question.draft, question.draft.current
    names = {digest: row.name for digest, row in described(draft).items()}
    answer = current.answer if current else None
    return {
        "question": question.key,
        "topic": question.topic,
        "text": question.text,
        "type": question.kind,
        "required": "yes" if question.content.get("required") else "no",
        "state": draft.state,
        "assignee": draft.assignee.email if draft.assignee else "",
        "version": draft.number or "",
        "author": current.author.name if current else "",
        "written": current.made.isoformat(timespec="seconds") if current else "",
        "not_known": "yes" if answer and answer.not_known else "no",
        "confidential": "yes"
        if answer and any(passage.confidential for passage in answer.passages)
        else "no",
        "answer": text_of(answer.with_evidence(()), names) if answer else "",
        "evidence": "; ".join(names.get(d, d) for d in answer.evidence) if answer else "",
    }


def _text(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
