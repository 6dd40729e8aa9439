"""What the checks of the exchange say of one answer as it stands now."""

from __future__ import annotations

from typing import Any

from declarant.desk.filer.questions.checks import Check, checks_of
from declarant.desk.filer.questions.evidence import described_for
from declarant.desk.filer.questions.models import Question
from declarant.filing.exchange.checking import check_answers, question_of
from declarant.filing.exchange.from_agency import QuestionSet


def findings_of(question: Question) -> tuple[Check, ...]:
    """Return what blocks the answer to a question or waits for a reason; nothing while it is empty.

    Only the answer itself is looked at: whether others are missing is said when a set is composed.
    """
    current = question.draft.current
    answer = current.answer.answers(question.asked, None) if current else None
    if answer is None:
        return ()
    alone: dict[str, Any] = {
        "id": question.question_set.ref,
        "questions": (question.asked.model_copy(update={"condition": None}),),
    }
    asked = QuestionSet.model_construct(**alone)
    files = described_for(question, answer)
    found = check_answers(asked, [answer], files, complete=False)
    mine = {item.name for item in files}
    return checks_of(
        [
            item
            for item in found
            if question_of(item) == question.key
            or (item.where.field or "").removeprefix("evidence.") in mine
        ],
        {},
    )
