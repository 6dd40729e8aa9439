"""Approved answers become an answer set: what it would hold, what is wrong with it, its document.

Planning changes nothing. Preparing makes the document with its form, to be read by the certifying
officer; until it is signed it can be discarded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from declarant.desk.filer.questions.carrying import Former, formers_of
from declarant.desk.filer.questions.evidence import Gathered, gather
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    AnswerVersion,
    CorrectionRecord,
    Draft,
    Question,
    QuestionSetRecord,
)
from declarant.desk.today import today
from declarant.filing.exchange.answers import Answer, FormerAnswer
from declarant.filing.exchange.carrying_over import standing
from declarant.filing.exchange.checking import asked_now, check_answers
from declarant.filing.exchange.checking_former import check_against_former
from declarant.law import load_regime
from declarant.problems import Finding

STANDING = (AnswerPackage.State.SENT, AnswerPackage.State.RECEIVED)


@dataclass(frozen=True, slots=True)
class Item:
    """One answer of a set: the version it is taken from, and what it says."""

    question: Question
    version: AnswerVersion
    answer: Answer


@dataclass(frozen=True, slots=True)
class Plan:
    """What an answer set would hold.

    Attributes:
        record: the questions.
        day: the day it is prepared on, in the law's zone.
        items: the answers, in the order of the questions.
        evidence: the files that go with them.
        left_for_later: keys of questions that are put and are not answered here or before.
        corrects: the notice it answers; None: nobody asked for a correction.
        supersedes: the set that it replaces; None: it is the first, or one more part.
        number: its version among the sets that answer these questions.
        findings: everything that was found in it.
    """

    record: QuestionSetRecord
    day: date
    items: tuple[Item, ...]
    evidence: Gathered
    left_for_later: tuple[str, ...]
    corrects: CorrectionRecord | None
    supersedes: AnswerPackage | None
    number: int
    findings: tuple[Finding, ...]


def questions_of(record: QuestionSetRecord) -> list[Question]:
    """Return the questions of a set with all that planning needs."""
    rows = record.questions.select_related(
        "question_set", "draft__current__author", "draft__assignee"
    ).prefetch_related("draft__attachments__file")
    return list(rows)


def sent_packages(record: QuestionSetRecord) -> list[AnswerPackage]:
    """Return the answer sets that were sent to these questions, the first one first."""
    rows = record.packages.filter(state__in=STANDING).select_related("document")
    return list(rows.order_by("number"))


def open_correction(record: QuestionSetRecord) -> CorrectionRecord | None:
    """Return the notice that is to be answered next; None when there is none."""
    notices = record.corrections.select_related("package__document", "arrival").order_by(
        "arrival__received"
    )
    answered = {package.corrects_id for package in sent_packages(record)}
    return next((item for item in notices if item.pk not in answered), None)


def sendable(record: QuestionSetRecord, questions: list[Question]) -> list[Question]:
    """Return the questions whose approved answers stand in no set that was sent."""
    approved = [item for item in questions if item.draft.state == Draft.State.APPROVED]
    return [item for item in approved if item.draft.current is not None]


def plan(
    record: QuestionSetRecord,
    keys: Collection[str],
    *,
    supersedes: AnswerPackage | None = None,
    corrects: CorrectionRecord | None = None,
    questions: list[Question] | None = None,
) -> Plan:
    """Return the answer set that answers the questions of `keys`; what is not approved is left out.

    A correction holds every answer of the set it replaces: those of `keys` that were approved anew,
    the others as they were sent. `questions` are those of `questions_of`, when they are at hand.
    """
    questions = questions_of(record) if questions is None else questions
    day = today(load_regime(record.regime))
    before = sent_packages(record)
    if corrects is not None:
        supersedes = corrects.package
    formers = formers_of(questions)
    if supersedes is None:
        items = _fresh(sendable(record, questions), keys, formers)
        earlier = _answers_of(before)
    else:
        items = _corrected(supersedes, questions, keys)
        earlier = _answers_of([item for item in before if item.pk != supersedes.pk])
    answers = [item.answer for item in items]
    evidence = gather(record, items, supersedes)
    given = {answer.question for answer in (*earlier, *answers)}
    put = asked_now(record.document, (*earlier, *answers))
    left = tuple(item.id for item in put if item.id not in given)
    findings = (
        *check_answers(
            record.document,
            answers,
            evidence.attached,
            left_for_later=left,
            earlier=earlier,
            prepared_on=day,
        ),
        *check_against_former(
            answers,
            _former_sets(formers, supersedes),
            corrects.document if corrects else None,
        ),
    )
    return Plan(
        record=record,
        day=day,
        items=tuple(items),
        evidence=evidence,
        left_for_later=left,
        corrects=corrects,
        supersedes=supersedes,
        number=max((item.number for item in before), default=0) + 1,
        findings=tuple(dict.fromkeys(findings)),
    )


def _fresh(
    approved: list[Question], keys: Collection[str], formers: Mapping[int, Former]
) -> list[Item]:
    items = []
    for question in approved:
        version = question.draft.current
        former = formers.get(question.pk)
        if question.key not in keys or version is None:
            continue
        answer = version.answer.answers(question.asked, former.reference if former else None)
        if answer is not None:
            items.append(Item(question, version, _standing(answer, former)))
    return items


def _corrected(
    package: AnswerPackage, questions: list[Question], keys: Collection[str]
) -> list[Item]:
    by_row = {item.pk: item for item in questions}
    document = package.answer_set
    items = []
    for sent in package.answers.select_related("version", "question"):
        question = by_row[sent.question_id]
        former = document.answer(question.key)
        assert former is not None  # noqa: S101 - the row was made from it
        named = {
            "answer_set": document.id,
            "sha256": document.sha256,
            "question": question.key,
        }
        draft = question.draft
        if draft.state == Draft.State.APPROVED and question.key in keys:
            answer = draft.current.answer.answers(question.asked, named)
            if answer is not None:
                state, _changes = standing(answer, former)
                made = answer.model_copy(update={"standing": state})
                items.append(Item(question, draft.current, made))
            continue
        kept = former.model_copy(
            update={"standing": "same", "former": FormerAnswer.model_validate(named)}
        )
        items.append(Item(question, sent.version, kept))
    return items


def _standing(answer: Answer, former: Former | None) -> Answer:
    state, _changes = standing(answer, former.answer if former else None)
    return answer.model_copy(update={"standing": state})


def _answers_of(packages: list[AnswerPackage]) -> list[Answer]:
    """Return the answers that stand, of each question the one sent last."""
    last: dict[str, Answer] = {}
    for package in packages:
        last |= {answer.question: answer for answer in package.answer_set.answers}
    return list(last.values())


def _former_sets(formers: Mapping[int, Former], supersedes: AnswerPackage | None) -> list[Any]:
    packages = {item.sent.package_id: item.sent.package for item in formers.values()}
    if supersedes is not None:
        packages[supersedes.pk] = supersedes
    return [package.answer_set for package in packages.values()]
