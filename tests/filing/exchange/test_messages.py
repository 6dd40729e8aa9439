"""Documents of the exchange in signed messages: opened, checked, and what was changed is named."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.filing.exchange.conftest import FILES, PLAN, made_evidence, sent_at

from declarant.filing.canonical import canonical, sha256
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.sending import ready
from declarant.filing.keys import File, SignerInMemory
from declarant.filing.manifest import Attachment, Manifest
from declarant.filing.message import Filing, sealed_message, signed_message
from declarant.filing.verification import Expectations, Verification, verify
from declarant.problems import BadInput, Finding, Severity

KINDS = (
    "question_set",
    "answer_set",
    "correction_notice",
    "extension_request",
    "extension_decision",
    "receipt",
    "clarification",
)


class Message(bytes):
    """A message that a failing test does not print whole."""

    def __repr__(self) -> str:
        return f"<message of {len(self)} bytes>"


@pytest.fixture(scope="module")
def messages(exchange: dict[str, Any], trial: SignerInMemory) -> dict[str, bytes]:
    return {
        name: Message(signed_message(ready(document, FILES), trial, sent_at(document)))
        for name, document in exchange.items()
    }


@pytest.fixture(scope="module")
def answer_filing(answers: AnswerSet) -> Filing:
    return ready(answers, FILES)


def checked(message: bytes, signer: SignerInMemory, **expected: Any) -> Verification:
    return verify(
        File("m.eml", message), Expectations(certificates=(signer.certificate,), **expected)
    )


def errors(result: Verification) -> dict[str, Finding]:
    return {item.code: item for item in result.findings if item.severity is Severity.ERROR}


@pytest.mark.parametrize("name", KINDS)
def test_each_is_valid_as_sent(
    name: str, messages: dict[str, bytes], exchange: dict[str, Any], trial: SignerInMemory
) -> None:
    result = checked(messages[name], trial)
    assert errors(result) == {}
    assert result.document == exchange[name]
    assert {item.state for item in result.attachments} == {"intact"}
    # the trial certificate bears the address of the person who reports
    told = {item.code for item in result.findings} - {"certificate.address"}
    assert told == {"certificate.trial"}


@pytest.mark.parametrize("name", KINDS)
def test_each_goes_from_one_side_to_the_other(
    name: str, messages: dict[str, bytes], exchange: dict[str, Any]
) -> None:
    message = message_from_bytes(messages[name], policy=policy.default)
    agency, officer = "filings@agency.example", "dana.whitfield@meridian.example"
    by_agency = exchange[name].side == "agency"
    sender, receiver = (agency, officer) if by_agency else (officer, agency)
    assert sender in str(message["From"])
    assert receiver in str(message["To"])
    assert exchange[name].title in str(message["Subject"])


def test_evidence_comes_out_byte_by_byte_under_its_name(messages: dict[str, bytes]) -> None:
    message = message_from_bytes(messages["answer_set"], policy=policy.default)
    held = {
        part.get_filename(): part.get_payload(decode=True)
        for part in message.walk()
        if part.get_filename()
    }
    assert held["系統安全計畫 harbor-ssp.json"] == PLAN


def test_answers_do_not_stand_in_the_text_that_mail_programs_show(
    messages: dict[str, bytes],
) -> None:
    message = message_from_bytes(messages["answer_set"], policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert "Keys lie in two modules" not in body.get_content()


def test_questions_can_be_read_in_any_mail_program(
    messages: dict[str, bytes], questions: QuestionSet
) -> None:
    message = message_from_bytes(messages["question_set"], policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    said = "".join(body.get_content().split())  # lines break at hyphens too
    for question in questions.questions:
        assert f"{question.id}{'' if question.required else '(optional)'}:" in said
        assert "".join(question.text.split()) in said


def test_an_answer_to_the_questions_given(
    messages: dict[str, bytes], trial: SignerInMemory, questions: QuestionSet
) -> None:
    result = checked(messages["answer_set"], trial, replies_to=questions)
    assert result.valid
    assert {item.code for item in result.findings} == {"certificate.trial"}


def test_an_answer_to_other_questions(
    messages: dict[str, bytes], trial: SignerInMemory, clarification: QuestionSet
) -> None:
    found = errors(checked(messages["answer_set"], trial, replies_to=clarification))
    assert {"reply.other_document", "answer.unknown_question", "answer.missing"} <= set(found)


def test_answers_that_do_not_fit_are_found_in_the_message(
    make_answer_set: Callable[..., AnswerSet],
    answers: AnswerSet,
    questions: QuestionSet,
    trial: SignerInMemory,
) -> None:
    only = tuple(item for item in answers.answers if item.question != "training-integrity")
    document = make_answer_set(only)
    message = signed_message(ready(document, FILES), trial, sent_at(document))
    assert checked(message, trial).valid
    found = errors(checked(message, trial, replies_to=questions))
    assert list(found) == ["answer.missing"]
    assert found["answer.missing"].where.field == "answers.training-integrity"


def test_evidence_left_out_of_the_message(
    answers: AnswerSet, answer_filing: Filing, trial: SignerInMemory
) -> None:
    """The sender leaves a file out, and the manifest does not name it either."""
    kept = tuple(item for item in answer_filing.attachments if item.data != PLAN)
    filing = Filing(answers, kept, Manifest.of(answers.id, kept).as_bytes())
    found = errors(checked(signed_message(filing, trial, sent_at(answers)), trial))
    assert list(found) == ["evidence.not_attached"]
    assert found["evidence.not_attached"].where.file == "系統安全計畫 harbor-ssp.json"


def test_evidence_exchanged_for_another_file(
    answers: AnswerSet, answer_filing: Filing, trial: SignerInMemory
) -> None:
    other = tuple(
        Attachment(item.name, item.media_type, item.role, b"{}") if item.data == PLAN else item
        for item in answer_filing.attachments
    )
    filing = Filing(answers, other, Manifest.of(answers.id, other).as_bytes())
    found = errors(checked(signed_message(filing, trial, sent_at(answers)), trial))
    assert list(found) == ["evidence.changed"]


def test_a_file_that_no_document_names(questions: QuestionSet, trial: SignerInMemory) -> None:
    extra = Attachment("notes.txt", "text/plain", "evidence", b"hello")
    plain = ready(questions)
    attached = (*plain.attachments, extra)
    filing = Filing(questions, attached, Manifest.of(questions.id, attached).as_bytes())
    result = checked(signed_message(filing, trial, sent_at(questions)), trial)
    assert [item.where.file for item in result.findings if item.code == "evidence.not_of_document"]


def test_evidence_changed_on_its_way(messages: dict[str, bytes], trial: SignerInMemory) -> None:
    message = messages["answer_set"]
    at = message.index(b"red-team-report-2027-01.pdf", message.index(b"Content-Disposition"))
    begins = message.index(b"\r\n\r\n", at) + 4
    changed = message[:begins] + bytes([message[begins] ^ 1]) + message[begins + 1 :]
    found = errors(checked(changed, trial))
    assert {"signature.content_changed", "attachment.changed"} <= set(found)
    assert "evidence.changed" not in found  # one mistake, one finding
    assert found["attachment.changed"].where.file == "red-team-report-2027-01.pdf"


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_one_changed_byte_never_passes_unseen(
    messages: dict[str, bytes], trial: SignerInMemory, data: st.DataObject
) -> None:
    message = messages[data.draw(st.sampled_from(("question_set", "answer_set", "receipt")))]
    position = data.draw(st.integers(0, len(message) - 1))
    changed = bytearray(message)
    changed[position] ^= data.draw(st.integers(1, 255))
    if bytes(changed).replace(b"\r\n", b"\n") == message.replace(b"\r\n", b"\n"):
        return  # a line end that is stored otherwise is read the same
    try:
        result = checked(bytes(changed), trial)
    except BadInput:
        return
    assert {item.code for item in result.findings} - {"certificate.trial", "certificate.address"}


def test_sealed_for_the_other_side(
    messages: dict[str, bytes], trial: SignerInMemory, answers: AnswerSet
) -> None:
    sealed = sealed_message(messages["answer_set"], (trial.certificate,))
    assert b"Answers to the Agency" not in sealed
    result = checked(sealed, trial, recipient=trial)
    assert result.valid
    assert result.encrypted
    assert result.document == answers


def test_the_same_message_each_time(
    exchange: dict[str, Any], messages: dict[str, bytes], trial: SignerInMemory
) -> None:
    for name, document in exchange.items():
        again = signed_message(ready(document, FILES), trial, sent_at(document))
        assert sha256(again) == sha256(messages[name]), name


def test_documents_alone(exchange: dict[str, Any]) -> None:
    for document in exchange.values():
        result = verify(File("d.json", document.as_bytes()), Expectations())
        assert result.valid
        assert result.document == document
        published = result.as_json()["document"]
        assert published["replies_to"] == (document.replies_to.id if document.replies_to else None)


def test_what_does_not_fit_the_schema_is_named_where_it_stands(answers: AnswerSet) -> None:
    content = answers.content()
    content["answers"][3]["passages"][1]["confidential"] = "yes"
    content["answers"][0]["passages"][0]["rows"][0].pop()
    result = verify(File("a.json", canonical(content)), Expectations())
    where = {item.where.field for item in result.findings if item.code == "schema.value"}
    assert "$.answers[3].passages[1].confidential" in where
    assert "$.answers[0].passages[0]" in where
    assert result.document is None


def test_an_instalment_is_not_blamed_for_what_earlier_sets_answered(
    answers: AnswerSet,
    questions: QuestionSet,
    make_answer_set: Callable[..., AnswerSet],
) -> None:
    first = make_answer_set(answers.answers[:7], left_for_later=("weights-access",))
    second = make_answer_set(answers.answers[7:], version=2, evidence=made_evidence()[1:])
    file = File("a.json", second.as_bytes())
    alone = verify(file, Expectations(replies_to=questions))
    assert alone.valid
    assert "answer_set.instalment" in {item.code for item in alone.findings}
    beside = verify(file, Expectations(replies_to=questions, earlier=(first,)))
    assert {item.code for item in beside.findings} == {"signature.absent"}
    other = make_answer_set(answers.answers[:6], evidence=made_evidence()[:1])
    short = verify(file, Expectations(replies_to=questions, earlier=(other,)))
    assert set(errors(short)) == {"answer.missing"}


def test_the_size_that_the_document_says(
    make_answer_set: Callable[..., AnswerSet], trial: SignerInMemory
) -> None:
    plan, report = made_evidence()
    document = make_answer_set(evidence=(plan.model_copy(update={"size": 46}), report))
    message = signed_message(ready(document, FILES), trial, sent_at(document))
    assert list(errors(checked(message, trial))) == ["evidence.size"]
