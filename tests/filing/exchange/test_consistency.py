"""Documents that do not hold together, as whoever receives them finds out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.filing.exchange.conftest import made_evidence

from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.keys import File
from declarant.filing.verification import Expectations, verify
from declarant.problems import Severity

Change = Callable[[dict[str, Any]], None]


def found(document: Any, change: Change | None = None) -> dict[str, str]:
    """Findings about a document made anew with a change in its content: code -> severity."""
    content = document.content()
    if change is not None:
        change(content)
        document = type(document).made(
            **{key: value for key, value in content.items() if key not in ("id", "kind")}
        )
    result = verify(File("d.json", document.as_bytes()), Expectations())
    told = {item.code: item.severity.value for item in result.findings}
    del told["signature.absent"]
    assert all(item.mend for item in result.findings)
    return told


def put(path: str, value: Any) -> Change:
    """Return a change that puts a value at a path such as questions.0.topic."""

    def change(content: dict[str, Any]) -> None:
        here: Any = content
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
        for step in steps:
            here = here[step]
        here[last] = value

    return change


def test_documents_as_written_hold_together(exchange: dict[str, Any]) -> None:
    for document in exchange.values():
        assert found(document) == {}


@pytest.mark.parametrize(
    ("kind", "path", "value", "code"),
    [
        ("question_set", "questions.1.id", "training-activities", "question.twice"),
        ("question_set", "questions.0.topic", "gossip", "law.topic"),
        ("question_set", "questions.10.area", "gossip", "law.topic"),
        ("question_set", "questions.6.condition.question", "safety-other", "question.condition"),
        ("question_set", "questions.6.condition.any_of", ["sl9"], "question.condition"),
        ("question_set", "questions.6.condition.question", "nothing", "question.condition"),
        ("question_set", "questions.7.asks.most", "-1", "question.bounds"),
        ("question_set", "questions.6.asks.latest", "2019-12-31", "question.bounds"),
        ("question_set", "questions.2.asks.most", 0, "question.bounds"),
        ("question_set", "questions.0.asks.most", 0, "question.bounds"),
        ("question_set", "questions.0.asks.columns.4.cell.units", ["a", "b"], "question.cell"),
        ("question_set", "questions.0.asks.columns.1.cell.several", True, "question.cell"),
        ("question_set", "questions.0.asks.columns.1.id", "model", "question.twice"),
        ("question_set", "questions.5.asks.options.1.id", "sl1", "question.twice"),
        ("question_set", "stage", "clarification", "question.stage"),
        ("question_set", "questions.0.follows", "weights-access", "question.follows"),
        ("question_set", "clock.due", "2027-03-04", "law.due"),
        ("question_set", "clock.duty", "correction", "clock.duty"),
        ("question_set", "clock.duty", "siesta", "law.unknown_duty"),
        ("question_set", "regime.status.state", "in_force", "law.status"),
        ("question_set", "regime.voluntary", False, "law.voluntary"),
        ("correction_notice", "replies_to", None, "reply.to_nothing"),
        ("correction_notice", "replies_to.kind", "receipt", "reply.kind"),
        ("answer_set", "replies_to", None, "reply.to_nothing"),
        ("answer_set", "answers.1.question", "training-activities", "answer.twice"),
        ("answer_set", "left_for_later", ["weights-access"], "answer.left_and_answered"),
        ("answer_set", "answers.0.standing", "same", "answer.standing"),
        ("answer_set", "answers.3.passages.1.basis", None, "answer.no_basis"),
        ("answer_set", "answers.3.passages.1.confidential", False, "answer.no_mark"),
        ("answer_set", "answers.2.passages.0.file", "0" * 64, "answer.unknown_file"),
        ("answer_set", "answers.6.evidence", ["0" * 64], "answer.unknown_file"),
        ("answer_set", "answers.0.topic", "gossip", "law.topic"),
        ("answer_set", "clock.starts", "2027-02-27", "clock.starts_later"),
        ("extension_request", "until", "2027-03-12", "extension.not_later"),
        ("extension_decision", "until", None, "extension.until"),
        ("extension_decision", "until", "2027-03-12", "extension.not_later"),
        ("extension_decision", "granted", False, "extension.until"),
        ("receipt", "outcome", "quarantined", "receipt.outcome"),
        ("receipt", "replies_to", None, "receipt.outcome"),
        ("receipt", "received_at", "2027-02-28T00:00:00Z", "receipt.day"),
    ],
)
def test_what_cannot_be_so(
    exchange: dict[str, Any], kind: str, path: str, value: Any, code: str
) -> None:
    assert code in found(exchange[kind], put(path, value))


@pytest.mark.parametrize(
    ("kind", "path", "value", "code"),
    [
        ("question_set", "clock", None, "clock.missing"),
        ("question_set", "regime.id", "xx-atlantis", "law.unknown_regime"),
        ("answer_set", "prepared_on", "2027-03-04", "answer_set.late"),
        ("answer_set", "statements.2.ticked", False, "statement.not_ticked"),
        ("answer_set", "contacts.certifying_officer", None, "contacts.no_officer"),
        ("answer_set", "evidence.0.dated", None, "evidence.undated"),
        ("extension_request", "prepared_on", "2027-03-13", "extension.late"),
        ("extension_request", "clock.duty", "answer", "extension.not_foreseen"),
    ],
)
def test_what_somebody_must_look_at(
    exchange: dict[str, Any], kind: str, path: str, value: Any, code: str
) -> None:
    assert found(exchange[kind], put(path, value))[code] == Severity.WARNING


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("question_set", "clock.due", "2027-03-03"),
        ("answer_set", "prepared_on", "2027-03-03"),
        ("extension_request", "until", "2027-03-13"),
        ("extension_request", "prepared_on", "2027-03-12"),
        ("receipt", "received_at", "2027-02-27T23:59:59Z"),
    ],
)
def test_on_the_limit_nothing_is_wrong(
    exchange: dict[str, Any], kind: str, path: str, value: Any
) -> None:
    assert found(exchange[kind], put(path, value)) == {}


def test_a_refusal_says_why(exchange: dict[str, Any]) -> None:
    def refuse(content: dict[str, Any]) -> None:
        content |= {"granted": False, "until": None}

    assert found(exchange["extension_decision"], refuse) == {"extension.no_reason": "error"}


def test_a_receipt_of_nothing(exchange: dict[str, Any]) -> None:
    def emptied(content: dict[str, Any]) -> None:
        content |= {"replies_to": None, "message_sha256": None}

    assert "receipt.of_nothing" in found(exchange["receipt"], emptied)


def test_one_person_does_not_prepare_and_certify(exchange: dict[str, Any]) -> None:
    def alone(content: dict[str, Any]) -> None:
        content["contacts"]["preparer"] = content["contacts"]["certifying_officer"]

    assert found(exchange["answer_set"], alone) == {"contacts.one_person": "warning"}


def test_versions(
    answers: AnswerSet, notice: Any, make_answer_set: Callable[..., AnswerSet]
) -> None:
    on = date(2027, 3, 10)
    later = {"on": on, "received": date(2027, 3, 3), "corrects": notice, "supersedes": answers}
    assert found(make_answer_set(version=2, **later)) == {}
    assert found(make_answer_set(version=1, **later)) == {"answer_set.version": "error"}
    unsaid = later | {"supersedes": None}
    assert found(make_answer_set(version=2, **unsaid)) == {"answer_set.supersedes": "error"}
    corrected = make_answer_set(version=2, **later)
    assert corrected.clock is not None
    assert (corrected.clock.duty, corrected.clock.due) == ("correction", date(2027, 3, 17))


def test_an_instalment_supersedes_nothing(
    answers: AnswerSet, make_answer_set: Callable[..., AnswerSet]
) -> None:
    first = make_answer_set(
        answers.answers[:3], evidence=made_evidence()[:1], left_for_later=("weights-access",)
    )
    second = make_answer_set(answers.answers[7:8], evidence=(), version=2)
    assert found(first) == {}
    assert found(second) == {}


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2027, 3, 19), {}), (date(2027, 3, 20), {"answer_set.late": "warning"})],
)
def test_the_extended_day_is_the_last(
    make_answer_set: Callable[..., AnswerSet],
    clarification: Any,
    decision: Any,
    on: date,
    expected: dict[str, str],
) -> None:
    from declarant.filing.exchange.answering import answer_to
    from declarant.filing.exchange.answers import TextPassage

    words = TextPassage(type="text", text="Three of them.", confidential=False, basis=None)
    document = make_answer_set(
        (answer_to(clarification.questions[0], [words]),),
        questions=clarification,
        received=date(2027, 3, 5),
        extended=decision,
        evidence=(),
        on=on,
    )
    assert found(document) == expected


def test_a_remark_needs_its_reason(make_answer_set: Callable[..., AnswerSet]) -> None:
    from declarant.filing.parts import Confirmation, Remark

    def remark(severity: str, reason: str | None) -> Remark:
        return Remark.model_validate(
            {
                "code": "answer.no_evidence",
                "severity": severity,
                "where": "answers.weights-access",
                "what": "evidence is expected.",
                "effect": None,
                "confirmation": Confirmation(reason=reason, by="Chen", on=date(2027, 2, 20))
                if reason
                else None,
            }
        )

    assert found(make_answer_set(remarks=(remark("warning", "Counted by hand."),))) == {}
    assert found(make_answer_set(remarks=(remark("note", None),))) == {}
    for severity in ("warning", "error"):
        told = found(make_answer_set(remarks=(remark(severity, None),)))
        assert told == {"remark.not_confirmed": severity}


def test_evidence_that_nobody_names_is_a_doubt(
    answers: AnswerSet, make_answer_set: Callable[..., AnswerSet]
) -> None:
    document = make_answer_set(answers.answers[3:4], evidence=made_evidence())
    assert found(document) == {"evidence.unused": "warning"}
