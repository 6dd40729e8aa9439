"""A question set of one question, and what is found in an answer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tests.filing.exchange.conftest import answered, passage

from declarant.filing.exchange import making
from declarant.filing.exchange.checking import check_answers, question_of
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.questions import Question
from declarant.law import Regime
from declarant.problems import Finding

AskOne = Callable[..., tuple[QuestionSet, Question]]


def asker(law: Regime, parties: Parties) -> AskOne:
    """Return what makes a question set of one question, which asks as told."""

    def make(asks: dict[str, Any], **changed: Any) -> tuple[QuestionSet, Question]:
        fields = {
            "id": "q.1",
            "topic": "model_weights",
            "topic_title": "Model weights",
            "area": None,
            "area_title": None,
            "text": "How much?",
            "asks": asks,
            "required": True,
            "evidence_expected": False,
            "condition": None,
            "help": None,
            "references": (),
            "follows": None,
        }
        question = Question.model_validate(fields | changed)
        return making.question_set(law, parties, date(2027, 2, 1), (question,)), question

    return make


def codes(findings: Iterable[Finding]) -> list[str]:
    """Return the codes of findings, in order."""
    return [finding.code for finding in findings]


def found(ask: AskOne, asks: dict[str, Any], *passages: dict[str, Any], **more: Any) -> list[str]:
    """Return the codes of what is found in an answer to one question that asks as told."""
    questions, question = ask(asks)
    findings = check_answers(questions, (answered(question, *passages),), **more)
    assert all(question_of(finding) == "q.1" for finding in findings)
    assert all(finding.mend for finding in findings)
    return codes(findings)


def number(text: str, unit: str | None = None) -> dict[str, Any]:
    return passage("number", number=text, unit=unit)


def asks_number(**changed: Any) -> dict[str, Any]:
    return {"type": "number", "units": (), "least": None, "most": None, "whole": False} | changed
