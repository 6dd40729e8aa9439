"""What is handed out for work off line, and what comes back: values, whatever the file's format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from declarant.filing.canonical import canonical, sha256
from declarant.filing.exchange.answers import AnswerStanding, Passage
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.questions import Question
from declarant.filing.exchange.wording import passage_said
from declarant.filing.parts import Ground
from declarant.problems import Finding


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """An answer as it stands when it is handed out.

    Attributes:
        question: id of the question.
        passages: what it says so far; may be empty.
        not_known: whether the person does not know what was asked.
        evidence: SHA-256 of the files it rests on.
        version: which version this is, in whatever way the desk counts; it comes back as it is.
        standing: against the former answer; None when that was not looked at.
        former: the former answer in words (`said`); "" when there is none.
        notes: remarks between the people who work on it; never sent.
    """

    question: str
    passages: tuple[Passage, ...] = ()
    not_known: bool = False
    evidence: tuple[str, ...] = ()
    version: int = 0
    standing: AnswerStanding | None = None
    former: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """Questions with what is known of them, to be handed out and read back.

    Attributes:
        questions: the set. A file made for another one is refused.
        drafts: answers so far; a question without one is handed out empty.
        files: names of the evidence at hand, by SHA-256.
        grounds: what confidentiality may rest on, as the law's data lists it.
        only: ids of the questions handed out; empty: all of them.
        due: the last day for the answers, when it is known.
    """

    questions: QuestionSet
    drafts: tuple[DraftAnswer, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[Ground, ...] = ()
    only: tuple[str, ...] = ()
    due: date | None = None

    @property
    def handed_out(self) -> tuple[Question, ...]:
        """The questions in this file, in their order."""
        asked = self.questions.questions
        return tuple(item for item in asked if not self.only or item.id in self.only)

    def draft(self, question: str) -> DraftAnswer:
        """Return the answer to a question so far."""
        empty = DraftAnswer(question)
        return next((item for item in self.drafts if item.question == question), empty)


@dataclass(frozen=True, slots=True)
class ReturnedAnswer:
    """What a file says in answer to one question.

    Attributes:
        question: id of the question.
        passages: what it says now.
        not_known: as marked.
        evidence: SHA-256 of the files named.
        version: the version it was written over.
        touched: whether it says something else than what was handed out.
        notes: what somebody added to the remarks between people; "" when nothing was.
        unread: what stands in the file and could not be read as an answer, with its place. While
            there is any, nobody should take the answer over without looking.
    """

    question: str
    passages: tuple[Passage, ...]
    not_known: bool
    evidence: tuple[str, ...]
    version: int
    touched: bool
    notes: str = ""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that came back.

    Attributes:
        answers: in the order of the questions. A question that is missing here is to be left as it
            is: its place in the file is gone, or it was not handed out for editing.
        findings: what is wrong where, by cell or paragraph.
        unread: what stands in the file at no question of the set.
    """

    answers: tuple[ReturnedAnswer, ...]
    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()


def said(passages: Iterable[Passage], files: Mapping[str, str]) -> str:
    """Return passages in words, for a former answer; `files` gives names by SHA-256."""
    return "\n\n".join(passage_said(passage, files) for passage in passages)


def fingerprint(passages: Iterable[Passage], not_known: bool, evidence: Iterable[str]) -> str:
    """Return a hash of what an answer says, by which a touched one is told from an untouched."""
    content = {
        "passages": [passage.model_dump(mode="json") for passage in passages],
        "not_known": not_known,
        "evidence": list(evidence),
    }
    return sha256(canonical(content))
