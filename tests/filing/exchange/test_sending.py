"""A document made ready to be sent: evidence, bounds, calendar, sender and receiver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from tests.filing.exchange.conftest import FILES, PLAN, digest, made_evidence, sent_at

from declarant.filing.exchange import making, receipting
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.sending import ready
from declarant.filing.keys import File
from declarant.filing.message import draft_message
from declarant.filing.verification import Expectations, verify
from declarant.law import Regime
from declarant.problems import BadInput, Finding, Severity


@pytest.mark.parametrize(("spare", "fits"), [(1, True), (0, True), (-1, False)])
def test_no_more_than_a_message_carries(answers: AnswerSet, spare: int, fits: bool) -> None:
    total = sum(len(item.data) for item in ready(answers, FILES).attachments)
    if fits:
        ready(answers, FILES, most=total + spare)
        return
    with pytest.raises(BadInput, match=r"more than the .* that one message carries") as refused:
        ready(answers, FILES, most=total + spare)
    assert refused.value.findings[0].code == "message.too_large"


def test_evidence_that_is_not_given(answers: AnswerSet) -> None:
    with pytest.raises(BadInput, match="is not given"):
        ready(answers, {digest(PLAN): PLAN})
    with pytest.raises(BadInput, match="another file than the document names"):
        ready(answers, dict.fromkeys(FILES, b"other"))


@pytest.mark.parametrize("name", ["manifest.json", "ANSWER_SET-2027-02-26.PDF"])
def test_evidence_with_the_name_of_our_own_files(
    make_answer_set: Callable[..., AnswerSet], name: str
) -> None:
    evidence = (made_evidence()[0].model_copy(update={"name": name}), made_evidence()[1])
    with pytest.raises(BadInput, match="already the name of another attachment"):
        ready(make_answer_set(evidence=evidence), FILES)


def test_calendars_go_with_clocks_that_run(exchange: dict[str, Any]) -> None:
    with_calendar = {
        name
        for name, document in exchange.items()
        if any(item.role == "calendar" for item in ready(document, FILES).attachments)
    }
    assert with_calendar == {
        "question_set",
        "clarification",
        "correction_notice",
        "extension_request",
        "extension_decision",
    }


def test_an_agency_without_an_address(law: Any, parties: Any, questions: QuestionSet) -> None:
    silent = questions.agency.model_copy(update={"email": None})
    document = QuestionSet.made(
        **{name: getattr(questions, name) for name in QuestionSet.model_fields} | {"agency": silent}
    )
    with pytest.raises(BadInput, match="neither the agency nor its officer"):
        draft_message(ready(document), sent_at(document))


def test_a_draft_is_valid_as_a_draft(answers: AnswerSet) -> None:
    message = draft_message(ready(answers, FILES), sent_at(answers))
    assert verify(File("d.eml", message), Expectations(allow_draft=True)).valid
    assert not verify(File("d.eml", message), Expectations()).valid


def test_a_receipt_goes_back_to_where_the_message_came_from(law: Regime, parties: Parties) -> None:
    stranger = Parties(None, making.NOBODY, parties.agency)
    moment = datetime(2027, 2, 2, 12, tzinfo=UTC)
    receipt = receipting.receipt(
        law,
        stranger,
        moment,
        None,
        by="agency",
        message_sha256="a" * 64,
        sent_to="someone@elsewhere.example",
        findings=(Finding("verify.unknown", "is no message.", severity=Severity.ERROR),),
    )
    message = message_from_bytes(draft_message(ready(receipt), moment), policy=policy.default)
    assert "someone@elsewhere.example" in str(message["To"])
    assert "person not known" in str(message["Subject"])
    assert verify(File("r.json", receipt.as_bytes()), Expectations()).valid


def test_a_granted_extension_moves_the_date_in_the_calendar(exchange: dict[str, Any]) -> None:
    def event(name: str) -> tuple[str, str]:
        filing = ready(exchange[name], FILES)
        dates = next(item.data for item in filing.attachments if item.role == "calendar")
        lines = dates.decode().split("\r\n")
        day = next(line for line in lines if line.startswith("DTSTART"))
        return day[-8:], next(line for line in lines if line.startswith("UID"))

    asked, granted = event("extension_request"), event("extension_decision")
    assert (asked[0], granted[0]) == ("20270312", "20270319")
    assert asked[1] == granted[1]  # the same event: taken in again, it moves
