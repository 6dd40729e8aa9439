"""What the form says of each answer, by topic: its passages, each marked when confidential."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from declarant.filing.exchange.answers import Answer, Passage, TablePassage
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.exchange.wording import (
    column_head,
    passage_said,
    table_rows,
)
from declarant.filing.parts import Ground
from declarant.filing.wording import cited


def answered_topics(
    answers: Iterable[Answer], evidence: Iterable[AttachedEvidence]
) -> list[dict[str, Any]]:
    """Return the answers under the topic of each, topics in the order they first come."""
    files = {file.sha256: file.name for file in evidence}
    topics: dict[str, dict[str, Any]] = {}
    for answer in answers:
        topic = topics.setdefault(answer.topic, {"title": answer.topic_title, "answers": []})
        topic["answers"].append(_answer(answer, files))
    return list(topics.values())


def basis_said(basis: Ground | None) -> str:
    """Return on what confidentiality rests."""
    return f"Basis: {basis.text}{cited(basis.citation)}" if basis else "No basis is named."


def _answer(answer: Answer, files: dict[str, str]) -> dict[str, Any]:
    return {
        "id": answer.question,
        "asked": answer.asked,
        "standing": _standing(answer),
        "not_known": "The person states that this is not known." if answer.not_known else "",
        "passages": [_passage(item, files) for item in answer.passages],
        "evidence": [files.get(digest, digest) for digest in answer.evidence],
    }


def _standing(answer: Answer) -> str:
    former = f"{answer.former.question} in {answer.former.answer_set}" if answer.former else ""
    match answer.standing:
        case "new":
            return "A new answer."
        case "changed":
            return f"Changed since the answer to {former}."
        case "same":
            return f"The same as the answer to {former}."


def _passage(passage: Passage, files: dict[str, str]) -> dict[str, Any]:
    is_table = isinstance(passage, TablePassage)
    return {
        "confidential": passage.confidential,
        "basis": basis_said(passage.basis) if passage.confidential else "",
        "text": "" if is_table else _labelled(passage, files),
        "columns": [column_head(item.title, item.unit) for item in passage.columns]
        if isinstance(passage, TablePassage)
        else [],
        "rows": table_rows(passage) if isinstance(passage, TablePassage) else [],
    }


def _labelled(passage: Passage, files: dict[str, str]) -> str:
    said = passage_said(passage, files)
    return f"File: {said}" if passage.type == "file" else said
