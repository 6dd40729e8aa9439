"""What the form says of each question, by topic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from declarant.filing.exchange.questions import AsksTable, Question
from declarant.filing.exchange.wording import condition_said, described
from declarant.filing.presentation_activities import Rows


def asked_topics(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return the questions under the topic of each, topics in the order they first come."""
    asked = list(questions)
    known = {question.id: question for question in asked}
    topics: dict[str, dict[str, Any]] = {}
    for question in asked:
        topic = topics.setdefault(question.topic, {"title": question.topic_title, "questions": []})
        topic["questions"].append(
            {"id": question.id, "text": question.text, "rows": _rows(question, known)}
        )
    return list(topics.values())


def _rows(question: Question, known: dict[str, Question]) -> Rows:
    rows = [["Answer", described(question.asks)]]
    if isinstance(question.asks, AsksTable):
        for column in question.asks.columns:
            optional = "" if column.required else " May be left empty."
            rows.append([f"Column: {column.title}", f"{described(column.cell)}{optional}"])
    rows.append(["Required", "yes" if question.required else "no"])
    if question.condition:
        rows.append(["Asked", condition_said(question.condition, known)])
    if question.area_title:
        rows.append(["Area", question.area_title])
    if question.follows:
        rows.append(["Follows", f"the answer to {question.follows}"])
    if question.evidence_expected:
        rows.append(["Evidence", "expected with the answer"])
    if question.help:
        rows.append(["Help", question.help])
    for source in question.references:
        rows.append(["See", f"{source.text}, {source.url}" if source.url else source.text])
    return rows
