"""Whether answers fit the questions: every required one answered, each as it is asked.

Syntactic and validity findings are errors and block; quality and cross-record findings are
warnings, which stand when they are confirmed with a reason (`filing/check_classes.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from declarant.filing.exchange.answers import Answer, ChoicePassage
from declarant.filing.exchange.checking_evidence import check_evidence_named
from declarant.filing.exchange.checking_passages import At, check_marks, check_passages
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.exchange.questions import Condition, Question
from declarant.filing.exchange.wording import condition_said
from declarant.problems import Finding, Severity

_QUESTION = re.compile(r"^answers\.([^\[]+?)(?:\.passages\[.*)?$")


Asked = QuestionSet | Iterable[Question]
"""What is asked: a question set, or questions of one."""


def check_answers(
    asked: Asked,
    answers: Iterable[Answer],
    evidence: Iterable[AttachedEvidence] = (),
    *,
    left_for_later: Iterable[str] = (),
    earlier: Iterable[Answer] = (),
    complete: bool = True,
    prepared_on: date | None = None,
) -> tuple[Finding, ...]:
    """Return what keeps answers from being sent, and what must be confirmed.

    Args:
        asked: the question set, or questions of it.
        answers: what is answered now.
        evidence: the files that travel with these answers.
        left_for_later: questions that a later set will answer.
        earlier: answers of earlier sets that stand beside these.
        complete: whether `earlier` holds all of them; if not, what is missing is not looked for.
        prepared_on: the day of the answers, which no evidence is later than.
    """
    questions = _by_id(asked)
    given, before = list(answers), list(earlier)
    files = tuple(evidence)
    later = tuple(left_for_later)
    findings = [
        *answered_once(given, later),
        *_known(questions, given, later),
        *(_complete(questions, given, before, later) if complete else ()),
    ]
    by_hash = {file.sha256: file for file in files}
    for answer in given:
        question = questions.get(answer.question)
        if question is not None:
            findings += _as_asked(question, answer)
            if complete:
                findings += _conditioned(questions, question, [*before, *given])
            findings += check_passages(question, answer, by_hash)
            findings += _with_evidence(question, answer)
        findings += check_marks(answer)
    findings += check_evidence_named(given, files, prepared_on)
    return tuple(dict.fromkeys(findings))


def asked_now(asked: Asked, answers: Iterable[Answer]) -> tuple[Question, ...]:
    """Return the questions that are put, given the answers so far: conditions met, or none."""
    given = {answer.question: answer for answer in answers}
    return tuple(item for item in _by_id(asked).values() if _is_met(item.condition, given))


def answered_once(answers: Iterable[Answer], later: Iterable[str]) -> Iterator[Finding]:
    """Yield questions that are answered more than once, or answered and left for later."""
    counted = Counter(answer.question for answer in answers)
    for question, count in counted.items():
        if count > 1:
            what = f"is answered {count} times."
            yield At(question).wrong("twice", what, "Keep one answer; it may have many passages.")
    for question in dict.fromkeys(later):
        if question in counted:
            what = "is answered, and left for later all the same."
            yield At(question).wrong("left_and_answered", what, "Take it off what is left.")


def question_of(finding: Finding) -> str | None:
    """Return the id of the question at whose answer a finding stands; None for another place."""
    found = _QUESTION.match(finding.where.field or "")
    return found[1] if found else None


def _by_id(asked: Asked) -> dict[str, Question]:
    questions = asked.questions if isinstance(asked, QuestionSet) else asked
    return {question.id: question for question in questions}


def _is_met(condition: Condition | None, given: dict[str, Answer]) -> bool:
    if condition is None:
        return True
    answer = given.get(condition.question)
    if answer is None or not condition.any_of:
        return answer is not None
    chosen = {
        option.id
        for passage in answer.passages
        if isinstance(passage, ChoicePassage)
        for option in passage.chosen
    }
    return not chosen.isdisjoint(condition.any_of)


def _known(
    questions: dict[str, Question], given: list[Answer], later: tuple[str, ...]
) -> Iterator[Finding]:
    for question in dict.fromkeys(answer.question for answer in given):
        if question not in questions:
            what = f"no question {question!r} is asked."
            yield At(question).wrong("unknown_question", what, "Take the answer away.")
    for question in dict.fromkeys(later):
        if question not in questions:
            what = "is left for later, but no such question is asked."
            yield At(question).wrong("unknown_question", what, "Leave it out.")


def _complete(
    questions: dict[str, Question],
    given: list[Answer],
    before: list[Answer],
    later: tuple[str, ...],
) -> Iterator[Finding]:
    answered = {answer.question for answer in (*before, *given)}
    for question in asked_now(questions.values(), (*before, *given)):
        if question.required and question.id not in answered and question.id not in later:
            what = "an answer is required, and there is none."
            mend = "Answer it, say that it is not known and why, or leave it for a later set."
            yield At(question.id).wrong("missing", what, mend)


def _as_asked(question: Question, answer: Answer) -> Iterator[Finding]:
    if (answer.asked, answer.topic) != (question.text, question.topic):
        what = "the answer was written to another wording of the question."
        mend = "Read the question as it is asked now, and save the answer to it."
        yield At(question.id).wrong("other_wording", what, mend)


def _conditioned(
    questions: dict[str, Question], question: Question, answers: list[Answer]
) -> Iterator[Finding]:
    given = {answer.question: answer for answer in answers}
    if question.condition and not _is_met(question.condition, given):
        said = condition_said(question.condition, questions)
        what = f"is answered, but it is not asked here. {said}"
        mend = "Take this answer away, or correct the answer it depends on."
        yield At(question.id).wrong("condition", what, mend)


def _with_evidence(question: Question, answer: Answer) -> Iterator[Finding]:
    has_file = answer.evidence or any(passage.type == "file" for passage in answer.passages)
    if question.evidence_expected and not has_file and not answer.not_known:
        yield Finding(
            "answer.no_evidence",
            "evidence is expected with this answer, and none is attached.",
            At(question.id).place,
            "Attach it, or confirm with the reason why there is none.",
            Severity.WARNING,
        )
