"""Whether a reply belongs to the document at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.filing.exchange.one_question import codes

from declarant.filing.documents import Notification
from declarant.filing.exchange import making, receipting
from declarant.filing.exchange.from_agency import CorrectionNotice, QuestionSet, ReturnedAnswer
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.matching import matches
from declarant.law import Regime


@pytest.mark.parametrize(
    ("reply", "original"),
    [
        ("answer_set", "question_set"),
        ("correction_notice", "answer_set"),
        ("clarification", "answer_set"),
        ("extension_request", "clarification"),
        ("extension_decision", "extension_request"),
        ("receipt", "answer_set"),
    ],
)
def test_each_belongs_to_what_it_replies_to_and_to_nothing_else(
    exchange: dict[str, Any], reply: str, original: str
) -> None:
    assert matches(exchange[reply], exchange[original]) == ()
    for name, other in exchange.items():
        if name != original:
            assert "reply.other_document" in codes(matches(exchange[reply], other)), name


def test_questions_may_follow_a_notification(
    law: Regime,
    parties: Parties,
    questions: QuestionSet,
    make_notification: Callable[..., Notification],
) -> None:
    notification = make_notification()
    asked = making.question_set(
        law, parties, date(2027, 2, 1), questions.questions, replies_to=notification
    )
    assert asked.stage == "initial"
    assert matches(asked, notification) == ()
    assert codes(matches(notification, asked)) == ["reply.kind"]
    assert codes(matches(questions, notification)) == ["reply.to_nothing"]


def test_the_same_id_with_another_content(answers: AnswerSet, receipt: Any) -> None:
    forged = answers.model_copy(update={"version": 2})
    (finding,) = matches(receipt, forged)
    assert finding.code == "reply.other_content"
    assert forged.sha256 in finding.what


@pytest.mark.parametrize(("digest", "expected"), [("d", []), ("e", ["reply.other_message"])])
def test_a_receipt_names_the_message_that_was_sent(
    answers: AnswerSet, receipt: Any, digest: str, expected: list[str]
) -> None:
    assert codes(matches(receipt, answers, message_sha256=digest * 64)) == expected


def test_nobody_receipts_what_they_sent(law: Regime, parties: Parties, answers: AnswerSet) -> None:
    own = receipting.receipt(law, parties, datetime(2027, 2, 27, tzinfo=UTC), answers, by="person")
    assert codes(matches(own, answers)) == ["reply.own_receipt"]


def test_another_person_is_a_doubt_and_another_law_an_error(
    law: Regime, parties: Parties, questions: QuestionSet, make_answer_set: Any
) -> None:
    assert parties.person is not None
    renamed = Parties(
        parties.person.model_copy(update={"name": "Meridian AI, Inc."}),
        parties.contacts,
        parties.agency,
    )
    assert codes(matches(make_answer_set(parties=renamed), questions)) == ["reply.person"]


@pytest.mark.parametrize(("day", "expected"), [(31, []), (30, ["reply.before"])])
def test_a_reply_does_not_come_before(
    questions: QuestionSet, make_answer_set: Any, day: int, expected: list[str]
) -> None:
    """Questions of 1 February; in another zone it may still be 31 January."""
    on = date(2027, 1, day)
    assert codes(matches(make_answer_set(on=on, received=on), questions)) == expected


def test_what_is_returned_or_followed_was_answered(
    law: Regime, parties: Parties, answers: AnswerSet, clarification: QuestionSet
) -> None:
    returned = ReturnedAnswer(question="safety-other", why="Missing.", asks_for=None)
    notice: CorrectionNotice = making.correction_notice(
        law, parties, date(2027, 3, 3), answers, (returned,)
    )
    assert codes(matches(notice, answers)) == ["reply.unknown_question"]
    stray = clarification.questions[0].model_copy(update={"follows": "safety-other"})
    asked = making.question_set(law, parties, date(2027, 3, 5), (stray,), replies_to=answers)
    assert codes(matches(asked, answers)) == ["reply.unknown_question"]


def test_time_is_asked_for_questions_that_are_there(
    law: Regime, parties: Parties, clarification: QuestionSet
) -> None:
    clock = making.answer_clock(law, clarification, date(2027, 3, 5))
    for name, expected in (
        ("weights-access-contractors", []),
        ("weights-access", ["reply.unknown_question"]),
    ):
        asked = making.extension_request(
            law,
            parties,
            date(2027, 3, 9),
            clarification,
            clock,
            date(2027, 3, 26),
            "More time.",
            questions=(name,),
        )
        assert codes(matches(asked, clarification)) == expected
