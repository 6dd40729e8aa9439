"""An exchange from questions to receipt, as two sides would write it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from declarant.filing.exchange import making, receipting
from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.answers import Answer
from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
    ReturnedAnswer,
)
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.exchange.question_file import read_questions
from declarant.filing.exchange.questions import AsksTable, Question
from declarant.filing.parts import Agency, Contact, Contacts, Person
from declarant.law import Regime, load_regime

QUESTIONS = Path(__file__).parents[3] / "examples" / "questions" / "us-bis-702-7.yaml"
ASKED = date(2027, 2, 1)
RECEIVED = datetime(2027, 2, 1, 15, 30, tzinfo=UTC)
ANSWERED = date(2027, 2, 26)
PLAN = b'{"system-security-plan": {"uuid": "5b6d6f8e"}}\n'
REPORT = b"%PDF-1.7 red-team report, 14 January 2027\n"
BASIS = {
    "id": "business_information",
    "text": "Business confidential information",
    "citation": "15 C.F.R. 702.3; 50 U.S.C. 4555(d)",
}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


FILES = {digest(PLAN): PLAN, digest(REPORT): REPORT}


def passage(kind: str, *, secret: bool = False, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "confidential": secret, "basis": BASIS if secret else None, **fields}


def sent_at(document: Any) -> datetime:
    """The moment at which a document is sent: on the evening of its day."""
    day = document.prepared_on
    return datetime(day.year, day.month, day.day, 20, 0, tzinfo=UTC)


def made_evidence(**changed: Any) -> tuple[AttachedEvidence, ...]:
    plan = {
        "name": "系統安全計畫 harbor-ssp.json",
        "sha256": digest(PLAN),
        "size": len(PLAN),
        "media_type": "application/json",
        "dated": date(2026, 11, 20),
        "about": "System security plan of the Harbor cluster, OSCAL 1.1",
        "confidential": True,
        "basis": BASIS,
    }
    report = {
        "name": "red-team-report-2027-01.pdf",
        "sha256": digest(REPORT),
        "size": len(REPORT),
        "media_type": "application/pdf",
        "dated": date(2027, 1, 14),
        "about": None,
        "confidential": False,
        "basis": None,
    }
    return tuple(AttachedEvidence.model_validate(item | changed) for item in (plan, report))


def answered(question: Question, *passages: dict[str, Any], **changed: Any) -> Answer:
    return Answer.model_validate(
        {
            "question": question.id,
            "topic": question.topic,
            "topic_title": question.topic_title,
            "asked": question.text,
            "passages": passages,
            "not_known": False,
            "evidence": (),
            "standing": "new",
            "former": None,
        }
        | changed
    )


def chosen(question: Question, *options: str) -> dict[str, Any]:
    words = {option.id: option for option in question.asks.options}  # type: ignore[union-attr]
    return passage("choice", chosen=tuple(words[name].model_dump() for name in options))


def table(
    question: Question, *rows: tuple[str | None, ...], secret: bool = False
) -> dict[str, Any]:
    assert isinstance(question.asks, AsksTable)
    columns = [column.model_dump() for column in table_columns(question.asks)]
    return passage("table", secret=secret, columns=columns, rows=rows)


def made_answers(questions: QuestionSet) -> tuple[Answer, ...]:
    """An answer of every type; every one but the optional last."""
    by_id = {question.id: question for question in questions.questions}
    plan, report = digest(PLAN), digest(REPORT)
    activities, possession = by_id["training-activities"], by_id["weights-possession"]
    results = by_id["red-team-results"]
    return (
        answered(
            activities,
            table(activities, ("Aurora 3", "pre_training", "2026-08-03", "2027-04-02", "124.7")),
            table(activities, ("Borealis", "planned", "2027-06-01", None, None), secret=True),
        ),
        answered(
            by_id["training-physical-security"],
            chosen(by_id["training-physical-security"], "perimeter", "access_control"),
            passage("text", text="The rule of two persons is introduced at Quincy in March."),
        ),
        answered(
            by_id["training-security-plan"], passage("file", secret=True, file=plan), evidence=()
        ),
        answered(
            by_id["training-integrity"],
            passage("text", text="Data sets are signed; each checkpoint is hashed and compared."),
            passage("text", secret=True, text="Keys lie in two modules at Quincy.\n\nOne is cold."),
            passage("text", text="已於二〇二六年第四季完成內部稽核。"),
        ),
        answered(
            possession,
            table(possession, ("Aurora 2", "Meridian", "Meridian", "United States")),
        ),
        answered(by_id["weights-security-level"], chosen(by_id["weights-security-level"], "sl3")),
        answered(
            by_id["weights-assessed-on"], passage("date", date="2027-01-14"), evidence=(report,)
        ),
        answered(by_id["weights-access"], passage("number", number="14", unit="persons")),
        answered(by_id["red-team-done"], chosen(by_id["red-team-done"], "yes")),
        answered(
            results,
            table(results, ("Aurora 2", "biology", "2027-01-12", "2.5")),
            evidence=(report,),
        ),
        answered(
            by_id["red-team-biology"],
            passage("text", text="Uplift was not found above that of public search engines."),
        ),
        answered(
            by_id["safety-incidents"],
            passage("text", text="Incidents of this kind are not told apart in our records yet."),
            not_known=True,
        ),
    )


@pytest.fixture(scope="session")
def law() -> Regime:
    return load_regime("us-bis-702-7")


@pytest.fixture(scope="session")
def parties() -> Parties:
    preparer = Contact(
        name="陳怡君 (Chen Yi-chun)",
        title="Senior Counsel",
        email="yichun.chen@meridian.example",
        phone=None,
    )
    officer = Contact(
        name="Dana R. Whitfield",
        title="Chief Compliance Officer",
        email="dana.whitfield@meridian.example",
        phone=None,
    )
    return Parties(
        person=Person(
            name="Meridian Frontier Laboratories, Inc. (子午前沿實驗室)",
            kind="legal",
            address="1200 Harbor Way, Wilmington, Delaware 19801",
            identifiers={"LEI": "529900EXAMPLE0000001"},
            covered=True,
            grounds=(),
        ),
        contacts=Contacts(preparer=preparer, certifying_officer=officer, others=()),
        agency=Agency(name="Bureau of Industry and Security", email="filings@agency.example"),
        officer=Contact(name="R. Okafor", title="Intake officer", email=None, phone=None),
        case="BIS-2027-0012",
    )


@pytest.fixture(scope="session")
def questions(law: Regime, parties: Parties) -> QuestionSet:
    read = read_questions(QUESTIONS)
    return making.question_set(law, parties, ASKED, read.questions, letter=read.letter)


@pytest.fixture(scope="session")
def make_answer_set(
    law: Regime, parties: Parties, questions: QuestionSet
) -> Callable[..., AnswerSet]:
    def make(answers: tuple[Answer, ...] | None = None, **changed: Any) -> AnswerSet:
        fields: dict[str, Any] = {"evidence": made_evidence(), "ticked": ("all",)} | changed
        on = fields.pop("on", ANSWERED)
        return making.answer_set(
            law,
            fields.pop("parties", parties),
            on,
            fields.pop("questions", questions),
            fields.pop("received", RECEIVED),
            made_answers(questions) if answers is None else answers,
            **fields,
        )

    return make


@pytest.fixture(scope="session")
def answers(make_answer_set: Callable[..., AnswerSet]) -> AnswerSet:
    return make_answer_set()


@pytest.fixture(scope="session")
def notice(law: Regime, parties: Parties, answers: AnswerSet) -> CorrectionNotice:
    returned = ReturnedAnswer(
        question="weights-access",
        why="The number leaves out contractors.",
        asks_for="Count every person, whoever employs them.",
    )
    return making.correction_notice(law, parties, date(2027, 3, 3), answers, (returned,))


@pytest.fixture(scope="session")
def clarification(law: Regime, parties: Parties, answers: AnswerSet) -> QuestionSet:
    question = Question.model_validate(
        {
            "id": "weights-access-contractors",
            "topic": "model_weights",
            "topic_title": "Model weights",
            "area": None,
            "area_title": None,
            "text": "Which of these persons are employed by contractors?",
            "asks": {"type": "text", "longest": None},
            "required": True,
            "evidence_expected": False,
            "condition": None,
            "help": None,
            "references": (),
            "follows": "weights-access",
        }
    )
    return making.question_set(law, parties, date(2027, 3, 5), (question,), replies_to=answers)


@pytest.fixture(scope="session")
def request_for_time(law: Regime, parties: Parties, clarification: QuestionSet) -> ExtensionRequest:
    clock = making.answer_clock(law, clarification, date(2027, 3, 5))
    return making.extension_request(
        law,
        parties,
        date(2027, 3, 9),
        clarification,
        clock,
        date(2027, 3, 26),
        "The contractor keeps the lists, and answers to written requests alone.",
    )


@pytest.fixture(scope="session")
def decision(
    law: Regime, parties: Parties, request_for_time: ExtensionRequest
) -> ExtensionDecision:
    return making.extension_decision(
        law, parties, date(2027, 3, 10), request_for_time, until=date(2027, 3, 19)
    )


@pytest.fixture(scope="session")
def receipt(law: Regime, parties: Parties, answers: AnswerSet) -> Receipt:
    return receipting.receipt(
        law,
        parties,
        datetime(2027, 2, 26, 21, 4, 11, tzinfo=UTC),
        answers,
        by="agency",
        message_sha256="d" * 64,
        message_id="<answer_set.2027-02-26@meridian.example>",
    )


@pytest.fixture(scope="session")
def exchange(
    questions: QuestionSet,
    answers: AnswerSet,
    notice: CorrectionNotice,
    clarification: QuestionSet,
    request_for_time: ExtensionRequest,
    decision: ExtensionDecision,
    receipt: Receipt,
) -> dict[str, Any]:
    """One document of each kind, and the clarification."""
    documents = (questions, answers, notice, request_for_time, decision, receipt)
    return {item.kind: item for item in documents} | {"clarification": clarification}
