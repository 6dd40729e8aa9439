"""Former answers under new questions, and how an answer stands against the former one.

A question asked again keeps its id; by it the former answer is found. Only what the answer says is
compared: another wording of the question is told, and is no change of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from declarant.filing.activities import Change
from declarant.filing.exchange.answers import Answer, AnswerStanding, FormerAnswer, Passage
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.exchange.questions import Question
from declarant.filing.exchange.wording import passage_said


@dataclass(frozen=True, slots=True)
class CarriedAnswer:
    """A draft made from a former answer.

    Attributes:
        answer: the draft; it stands as `same` until it is changed.
        evidence: the files of the former set that it names.
        was_asked: the question as it was worded then.
        text_changed: whether it is worded otherwise now: read it again before it is approved.
    """

    answer: Answer
    evidence: tuple[AttachedEvidence, ...]
    was_asked: str
    text_changed: bool


def carried_over(
    questions: QuestionSet | Iterable[Question], formers: Iterable[AnswerSet]
) -> tuple[CarriedAnswer, ...]:
    """Return a draft for each question that was answered before, from its latest answer.

    A former answer of another type than is asked now is not carried over. A set that another one
    supersedes is not looked at.
    """
    asked = questions.questions if isinstance(questions, QuestionSet) else tuple(questions)
    held = list(formers)
    replaced = {item.supersedes.id for item in held if item.supersedes}
    standing_sets = [item for item in held if item.id not in replaced]
    latest_first = sorted(
        standing_sets, key=lambda item: (item.prepared_on, item.version), reverse=True
    )
    found = (_carried(question, latest_first) for question in asked)
    return tuple(item for item in found if item is not None)


def standing(answer: Answer, former: Answer | None) -> tuple[AnswerStanding, tuple[Change, ...]]:
    """Return how an answer stands against the former one, and what differs."""
    if former is None:
        return "new", ()
    differing = changes(former, answer)
    return ("changed" if differing else "same"), differing


def changes(
    former: Answer, answer: Answer, files: Iterable[AttachedEvidence] = ()
) -> tuple[Change, ...]:
    """Return each field that differs, as text; `files` gives names to evidence."""
    names = {file.sha256: file.name for file in files}
    before, after = dict(_compared(former, names)), dict(_compared(answer, names))
    return tuple(
        Change(field=field, before=before.get(field), after=after.get(field))
        for field in dict.fromkeys((*before, *after))
        if before.get(field) != after.get(field)
    )


def _carried(question: Question, formers: list[AnswerSet]) -> CarriedAnswer | None:
    for former in formers:
        answer = former.answer(question.id)
        if answer is None:
            continue
        if not _of_type(answer, question.asks.type):
            return None
        named = {*answer.evidence, *(p.file for p in answer.passages if p.type == "file")}
        draft = answer.model_copy(
            update={
                "asked": question.text,
                "topic": question.topic,
                "topic_title": question.topic_title,
                "standing": "same",
                "former": FormerAnswer(
                    answer_set=former.id, sha256=former.sha256, question=question.id
                ),
            }
        )
        evidence = tuple(file for file in former.evidence if file.sha256 in named)
        return CarriedAnswer(draft, evidence, answer.asked, answer.asked != question.text)
    return None


def _of_type(answer: Answer, kind: str) -> bool:
    held = {passage.type for passage in answer.passages}
    return held <= {kind, "text"} and (kind in held or answer.not_known)


def _compared(answer: Answer, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    if answer.not_known:
        yield "Known", "not known"
    for number, passage in enumerate(answer.passages, start=1):
        yield f"Passage {number}", passage_said(passage, names)
        yield f"Passage {number}, confidentiality", _mark(passage)
    for digest in sorted(answer.evidence):
        yield f"Evidence {names.get(digest, digest)}", digest


def _mark(passage: Passage) -> str:
    if not passage.confidential:
        return "public"
    return f"confidential: {passage.basis.text}" if passage.basis else "confidential"
