"""Documents of the exchange with their head filled in: law and status, parties, clock, product.

Days and moments are arguments: the same arguments give the same document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from declarant import __version__
from declarant.filing.build_head import law_on
from declarant.filing.exchange.answers import Answer
from declarant.filing.exchange.clocks import started_clock
from declarant.filing.exchange.duties import ANSWER, CLARIFICATION, CORRECTION
from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    ReturnedAnswer,
)
from declarant.filing.exchange.from_person import AnswerSet, Extended, ExtensionRequest
from declarant.filing.exchange.head import ExchangeHead
from declarant.filing.exchange.parts import (
    AttachedEvidence,
    Reference,
    StartedClock,
)
from declarant.filing.exchange.questions import Question
from declarant.filing.exchange.statements import NOTICES, answer_statements
from declarant.filing.parts import Agency, Contact, Contacts, Person, Product, Remark
from declarant.filing.pdf import renderer
from declarant.filing.published import Published
from declarant.law import Regime
from declarant.problems import bad_input

NOBODY = Contacts(preparer=None, certifying_officer=None, others=())


@dataclass(frozen=True, slots=True)
class Parties:
    """Who reports, who asks, and the agency's number for their exchange."""

    person: Person | None
    contacts: Contacts
    agency: Agency
    officer: Contact | None = None
    case: str | None = None

    @classmethod
    def of(cls, document: ExchangeHead) -> Parties:
        """Return the parties of a document, for the reply to it."""
        return cls(
            document.person, document.contacts, document.agency, document.officer, document.case
        )


def question_set(
    law: Regime,
    parties: Parties,
    prepared_on: date,
    questions: Iterable[Question],
    *,
    replies_to: Published | None = None,
    letter: str | None = None,
    evidence: Iterable[AttachedEvidence] = (),
) -> QuestionSet:
    """Return questions; they are clarifications when they reply to an answer set.

    Raises:
        BadInput: when the law at hand says nothing for that day.
        pydantic.ValidationError: when a field does not fit the schema.
    """
    follows = isinstance(replies_to, AnswerSet)
    duty = CLARIFICATION if follows else ANSWER
    about = f"questions of {prepared_on}"
    clock = started_clock(law, duty, prepared_on, about, supposed=True)
    return QuestionSet.made(
        **head(law, parties, prepared_on, replies_to, clock, evidence),
        stage="clarification" if follows else "initial",
        letter=letter,
        questions=tuple(questions),
    )


def answer_set(
    law: Regime,
    parties: Parties,
    prepared_on: date,
    questions: QuestionSet,
    received: date | datetime,
    answers: Iterable[Answer],
    *,
    evidence: Iterable[AttachedEvidence] = (),
    version: int = 1,
    supersedes: AnswerSet | None = None,
    corrects: CorrectionNotice | None = None,
    extended: ExtensionDecision | None = None,
    left_for_later: Iterable[str] = (),
    remarks: Iterable[Remark] = (),
    ticked: Collection[str] = (),
) -> AnswerSet:
    """Return answers to `questions`.

    Args:
        law: the regime.
        parties: of the questions, with the person's present contacts.
        prepared_on: the day.
        questions: what is answered.
        received: the day or moment at which the person received what is answered: the correction
            notice when there is one, else the questions. The clock runs from it.
        answers: in the order of the questions.
        evidence: the files that the answers name.
        version: which of the sets that answer these questions this is, from 1.
        supersedes: the set that this one replaces.
        corrects: the notice that asked for the correction.
        extended: the decision that granted more time.
        left_for_later: ids of questions that a later set will answer.
        remarks: findings about the answers, each with the reason for which it stands.
        ticked: ids of the statements that the certifying officer makes, or "all".

    Raises:
        BadInput: when a statement is not known, the extension was refused, or the law at hand says
            nothing for that day.
        pydantic.ValidationError: when a field does not fit the schema.
    """
    clock = answer_clock(law, questions, received, corrects)
    if extended is not None and extended.until is None:
        raise bad_input(
            "answer.not_extended",
            f"the decision of {extended.prepared_on} grants no extension.",
            mend="Answer by the day that was due.",
            field="extended",
        )
    person = parties.person.name if parties.person else "the person"
    return AnswerSet.made(
        **head(law, parties, prepared_on, questions, clock, evidence),
        version=version,
        supersedes=Reference.to(supersedes) if supersedes else None,
        corrects=Reference.to(corrects) if corrects else None,
        extended=Extended(decision=Reference.to(extended), until=extended.until)
        if extended and extended.until
        else None,
        answers=tuple(answers),
        left_for_later=tuple(left_for_later),
        remarks=tuple(remarks),
        statements=answer_statements(person, ticked),
    )


def answer_clock(
    law: Regime,
    questions: QuestionSet,
    received: date | datetime,
    corrects: CorrectionNotice | None = None,
) -> StartedClock | None:
    """Return the clock under which questions, or a correction, are answered; None: no period.

    `received` is the day or moment at which the person received the one or the other.
    """
    if corrects is not None:
        about = f"notice of {corrects.prepared_on}"
        return started_clock(law, CORRECTION, received, about)
    duty = CLARIFICATION if questions.stage == "clarification" else ANSWER
    return started_clock(law, duty, received, f"questions of {questions.prepared_on}")


def correction_notice(
    law: Regime,
    parties: Parties,
    prepared_on: date,
    answers: AnswerSet,
    returned: Iterable[ReturnedAnswer],
    *,
    letter: str | None = None,
    evidence: Iterable[AttachedEvidence] = (),
) -> CorrectionNotice:
    """Return the notice that answers are returned for correction."""
    about = f"notice of {prepared_on}"
    clock = started_clock(law, CORRECTION, prepared_on, about, supposed=True)
    return CorrectionNotice.made(
        **head(law, parties, prepared_on, answers, clock, evidence),
        letter=letter,
        returned=tuple(returned),
    )


def extension_request(
    law: Regime,
    parties: Parties,
    prepared_on: date,
    asked: QuestionSet | CorrectionNotice,
    clock: StartedClock | None,
    until: date,
    reason: str,
    *,
    questions: Iterable[str] = (),
    evidence: Iterable[AttachedEvidence] = (),
) -> ExtensionRequest:
    """Return the request to answer `asked` later than its `clock` says.

    The clock is the one that `answer_clock` gives from the day `asked` was received.
    """
    return ExtensionRequest.made(
        **head(law, parties, prepared_on, asked, clock, evidence),
        questions=tuple(questions),
        until=until,
        reason=reason,
    )


def extension_decision(
    law: Regime,
    parties: Parties,
    prepared_on: date,
    request: ExtensionRequest,
    *,
    until: date | None,
    reason: str | None = None,
) -> ExtensionDecision:
    """Return the decision on a request: granted until a day, or refused (None) with a reason."""
    return ExtensionDecision.made(
        **head(law, parties, prepared_on, request, request.clock, ()),
        granted=until is not None,
        until=until,
        reason=reason,
    )


def head(
    law: Regime,
    parties: Parties,
    prepared_on: date,
    replies_to: Published | None,
    clock: StartedClock | None,
    evidence: Iterable[AttachedEvidence],
) -> dict[str, Any]:
    """Return the fields that every document of the exchange begins with."""
    return {
        "regime": law_on(law, prepared_on),
        "case": parties.case,
        "person": parties.person,
        "contacts": parties.contacts,
        "agency": parties.agency,
        "officer": parties.officer,
        "replies_to": Reference.to(replies_to) if replies_to else None,
        "clock": clock,
        "evidence": tuple(evidence),
        "prepared_on": prepared_on,
        "notices": NOTICES,
        "product": Product(name="Declarant", version=__version__, renderer=renderer()),
    }
