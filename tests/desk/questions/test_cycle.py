"""The whole exchange, from the agency's questions to the correction that it accepted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.desk.questions.desk import RECEIVED, text

from declarant.filing.keys import File
from declarant.filing.verification import Expectations, verify

pytestmark = pytest.mark.django_db

FIRST = ("training-integrity", "red-team-done", "weights-access", "training-activities")


@pytest.fixture
def sent(desk_of_answers):
    """Four answers that were sent, the others left for later."""
    record = desk_of_answers.asked()
    desk_of_answers.all_approved(record, FIRST)
    package = desk_of_answers.certified(desk_of_answers.prepared(record, FIRST))
    return record, desk_of_answers.sent(package)


def test_some_answers_are_sent_signed_and_the_rest_is_left_for_later(desk_of_answers, sent):
    record, package = sent
    key = desk_of_answers.key()
    message = File("answers.eml", package.message.read())
    found = verify(
        message, Expectations(certificates=(key.certificate,), replies_to=record.document)
    )
    assert found.valid, found.findings
    assert {answer.question for answer in found.document.answers} == set(FIRST)
    assert "weights-possession" in found.document.left_for_later
    assert all(statement.ticked for statement in found.document.statements)
    states = {key: desk_of_answers.question(record, key).draft.state for key in FIRST}
    assert set(states.values()) == {"sent"}
    assert desk_of_answers.question(record, "weights-possession").draft.state == "unanswered"


def test_a_receipt_is_matched(desk_of_answers, sent):
    _record, package = sent
    receipt = desk_of_answers.agency.receipts(package.message.read())
    arrival = desk_of_answers.bring(receipt, datetime.now(UTC))
    assert arrival.outcome == "accepted", arrival.findings
    package = desk_of_answers.again(package)
    assert (package.state, package.accepted, package.receipt_id) == ("received", True, arrival.pk)


def test_an_instalment_answers_what_was_left_and_supersedes_nothing(desk_of_answers, sent):
    record, _package = sent
    desk_of_answers.all_approved(record, ["safety-other"])
    later = desk_of_answers.prepared(record, ["safety-other"])
    document = later.answer_set
    assert (document.version, document.supersedes) == (2, None)
    assert [answer.question for answer in document.answers] == ["safety-other"]


def test_a_correction_holds_every_answer_again_and_stands_when_accepted(desk_of_answers, sent):
    record, package = sent
    notice = desk_of_answers.agency.returns(
        package.message.read(), {"training-integrity": "Which keys sign the data?"}
    )
    arrival = desk_of_answers.bring(notice, datetime.now(UTC))
    assert arrival.outcome == "accepted", arrival.findings
    assert desk_of_answers.question(record, "training-integrity").draft.state == "draft"
    desk_of_answers.approved(record, "training-integrity", text("Keys of the two modules."))
    correction = desk_of_answers.certified(
        desk_of_answers.prepared(record, ["training-integrity"], corrects=arrival.correction)
    )
    document = correction.answer_set
    assert document.supersedes.id == package.ref
    assert document.corrects.id == arrival.correction.ref
    assert {a.question: a.standing for a in document.answers} == {
        "training-activities": "same",
        "training-integrity": "changed",
        "weights-access": "same",
        "red-team-done": "same",
    }
    correction = desk_of_answers.sent(correction)
    former = desk_of_answers.again(package)
    assert (former.state, former.message) == ("sent", package.message), "the former stands"
    receipt = desk_of_answers.agency.receipts(correction.message.read())
    desk_of_answers.bring(receipt, datetime.now(UTC))
    assert desk_of_answers.again(correction).accepted is True


def test_further_questions_follow_the_answers(desk_of_answers, sent):
    record, package = sent
    message = desk_of_answers.agency.follows_up(package.message.read())
    arrival = desk_of_answers.bring(message, datetime.now(UTC))
    assert arrival.outcome == "accepted", arrival.findings
    further = arrival.question_set
    assert (further.stage, further.follows) == ("clarification", package)
    asked = further.questions.get()
    desk_of_answers.approved(further, asked.key, text("More of it."))
    answers = desk_of_answers.certified(desk_of_answers.prepared(further, [asked.key]))
    assert answers.answer_set.clock.duty == "clarification"
    assert record.packages.count() == 1


def test_more_time_is_asked_for_and_only_the_decision_moves_the_clock(desk_of_answers):
    from declarant.desk.filer.questions.clocks import clock_of_set
    from declarant.desk.filer.questions.extending import prepare_request

    record = desk_of_answers.asked()
    due = date(2027, 3, 3)  # 30 days after 1 February
    request, _found = prepare_request(
        desk_of_answers.preparer,
        record,
        until=date(2027, 3, 20),
        reason="The audit of the second site ends on 12 March.",
        officer=desk_of_answers.officer,
    )
    assert clock_of_set(record).due == due
    request = desk_of_answers.sent(desk_of_answers.certified(request))
    assert clock_of_set(desk_of_answers.again(record)).due == due
    decision = desk_of_answers.agency.decides(request.message.read(), until=date(2027, 3, 15))
    arrival = desk_of_answers.bring(decision, datetime.now(UTC))
    assert arrival.outcome == "accepted", arrival.findings
    moved = clock_of_set(desk_of_answers.again(record))
    assert (moved.law_due, moved.due) == (due, date(2027, 3, 15))
    assert "2027-03-15" in moved.steps[-1]
    other = desk_of_answers.agency.decides(request.message.read(), until=date(2027, 3, 30))
    refused = desk_of_answers.bring(other, datetime.now(UTC))
    assert refused.outcome == "refused", "what was decided is not decided again"
    assert "agency.decided" in {item["code"] for item in refused.findings}


def test_answers_of_a_later_set_are_told_from_the_former_ones(desk_of_answers, sent, clock):
    from declarant.desk.filer.questions.carrying import carry_over, formers_of

    _record, _package = sent
    clock.move_to(datetime(2027, 5, 3, 15, tzinfo=UTC))
    again = desk_of_answers.asked(received=RECEIVED + timedelta(days=90))
    keys = ("training-integrity", "red-team-done", "weights-access")
    formers = formers_of(desk_of_answers.question(again, key) for key in keys)
    assert len(formers) == 3
    for key in keys:
        carry_over(desk_of_answers.engineer, desk_of_answers.question(again, key), base=0)
    desk_of_answers.writes(again, "training-integrity", text("Otherwise by now."))
    desk_of_answers.all_approved(again, ["safety-other"])
    for key in keys:
        desk_of_answers.approved(again, key)
    made = desk_of_answers.prepared(again, (*keys, "safety-other")).answer_set
    assert {a.question: a.standing for a in made.answers} == {
        "training-integrity": "changed",
        "weights-access": "same",
        "red-team-done": "same",
        "safety-other": "new",
    }
