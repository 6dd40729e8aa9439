"""The agency's message: taken in once, or kept as refused with everything that is wrong with it."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.desk.agency_side import MAILBOX, RULE, Agency
from tests.desk.questions.desk import RECEIVED, Desk

from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def codes(arrival) -> set[str]:
    return {item["code"] for item in arrival.findings if item["severity"] == "error"}


def asks(desk, **more) -> bytes:
    return desk.agency.asks(desk.about(), on=RECEIVED.date(), at=RECEIVED, **more)


def test_questions_are_taken_in_with_a_clock_that_runs_from_receipt(desk_of_answers):
    from declarant.desk.filer.deadlines.models import Deadline

    record = desk_of_answers.asked()
    assert record.questions.count() == 13
    states = set(record.questions.values_list("draft__state", flat=True))
    assert states == {"unanswered"}
    deadline = Deadline.objects.get(subject=record.subject)
    assert (deadline.duty, deadline.due.isoformat()) == ("answer", "2027-03-03")


def test_the_same_message_twice_is_one(desk_of_answers):
    message = asks(desk_of_answers)
    first = desk_of_answers.bring(message)
    assert desk_of_answers.bring(message) == first


def test_a_true_copy_of_the_same_document_is_one(desk_of_answers):
    message = asks(desk_of_answers)
    first = desk_of_answers.bring(message)
    copy = b"Received: from mx.agency.example; Mon, 1 Feb 2027 10:30:00 -0500\r\n" + message
    assert desk_of_answers.bring(copy) == first


def test_another_signer_is_refused_and_the_message_kept(desk_of_answers):
    from declarant.desk.filer.questions.models import QuestionSetRecord

    message = Agency.make(RECEIVED).asks(desk_of_answers.about(), on=RECEIVED.date(), at=RECEIVED)
    arrival = desk_of_answers.bring(message)
    assert (arrival.outcome, codes(arrival)) == ("refused", {"certificate.unexpected"})
    assert arrival.message.read() == message
    assert not QuestionSetRecord.objects.exists()
    assert desk_of_answers.bring(message) == arrival, "refused once, for the same"


def test_a_message_refused_for_want_of_a_certificate_is_taken_in_once_it_is_registered(
    desk_of_answers, people
):
    from declarant.desk.filer.filings.agency import enter
    from declarant.filing.keys import File

    other = Agency.make(RECEIVED)
    message = other.asks(desk_of_answers.about(), on=RECEIVED.date(), at=RECEIVED)
    assert desk_of_answers.bring(message).outcome == "refused"
    certificate = File("agency.pem", other.certificate)
    enter(people("administrator"), RULE, "Bureau", MAILBOX, certificate, None)
    assert desk_of_answers.bring(message).outcome == "accepted"


def test_without_a_registered_certificate_nothing_is_taken_in(filing, agency, people):
    desk = Desk(agency, filing, people("preparer"), people("certifying_officer"), None)
    assert codes(desk.bring(asks(desk))) == {"agency.no_certificate"}


def test_one_changed_byte_is_found(desk_of_answers):
    message = asks(desk_of_answers).replace(b"Questions of the Agency", b"Questions of the agency")
    assert "signature.content_changed" in codes(desk_of_answers.bring(message))


def test_the_document_alone_is_refused(desk_of_answers):
    from tests.desk.agency_side import document_in

    document = document_in(asks(desk_of_answers)).as_bytes()
    assert codes(desk_of_answers.bring(document)) >= {"signature.absent", "agency.not_signed"}


def test_questions_about_a_filing_of_somebody_else_are_refused(desk_of_answers):
    content = desk_of_answers.about().content() | {"sequence": 2}
    other = type(desk_of_answers.about()).made(**content)
    message = desk_of_answers.agency.asks(other, on=RECEIVED.date(), at=RECEIVED)
    assert codes(desk_of_answers.bring(message)) == {"agency.replies_to"}


def test_questions_about_a_filing_that_is_not_sent_are_refused(desk_of_answers):
    from declarant.desk.filer.filings.models import Filing

    content = desk_of_answers.about().content() | {"sequence": 3}
    draft = type(desk_of_answers.about()).made(**content)
    Filing.objects.create(
        regime=RULE, quarter="2027Q1", preparer=desk_of_answers.preparer, identity=draft.id
    )
    message = desk_of_answers.agency.asks(draft, on=RECEIVED.date(), at=RECEIVED)
    assert codes(desk_of_answers.bring(message)) == {"agency.replies_to"}


def test_a_message_about_another_person_is_refused(desk_of_answers, monkeypatch):
    about = desk_of_answers.about()
    other = about.model_copy(update={"person": about.person.model_copy(update={"name": "Other"})})
    monkeypatch.setattr(type(other), "sha256", about.sha256)  # it names our filing, as ours
    message = desk_of_answers.agency.asks(other, on=RECEIVED.date(), at=RECEIVED)
    assert codes(desk_of_answers.bring(message)) == {"agency.person"}


@pytest.mark.parametrize("data", [b"hello", b"PK\x03\x04 an archive", b"\x00" * 100])
def test_what_is_no_message_is_not_kept(desk_of_answers, data):
    from declarant.desk.filer.questions.models import Arrival

    with pytest.raises(BadInput, match="neither a mail message"):
        desk_of_answers.bring(data)
    assert not Arrival.objects.exists()


def test_a_moment_to_come_is_no_receipt(desk_of_answers):
    with pytest.raises(BadInput, match="future"):
        desk_of_answers.bring(asks(desk_of_answers), datetime.now(UTC) + timedelta(minutes=1))


def test_the_moment_of_receipt_is_set_right_with_a_reason_and_the_clock_follows(desk_of_answers):
    from declarant.desk.filer.deadlines.models import Deadline
    from declarant.desk.filer.questions.importing import set_right

    record = desk_of_answers.asked()
    later = RECEIVED + timedelta(days=2)
    told = {"received": later, "zone": "America/Chicago"}
    with pytest.raises(BadInput, match="No reason"):
        set_right(desk_of_answers.preparer, record.arrival, why=" ", **told)
    set_right(desk_of_answers.preparer, record.arrival, why="It lay in quarantine.", **told)
    deadline = Deadline.objects.get(subject=record.subject)
    assert deadline.due.isoformat() == "2027-03-05"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"Received: by mx; Mon, 1 Feb 2027 10:30:00 -0500\r\nReceived: from x; Mon, 1 Feb 2027 "
         b"10:29:00 -0500\r\n\r\n", "2027-02-01T15:30:00+00:00"),
        (b"Received: by mx with a date that is none\r\n\r\n", None),
        (b"Received: by mx; Mon, 1 Feb 2027 10:30:00 -0000\r\n\r\n", None),
        (b"Date: Mon, 1 Feb 2027 10:30:00 -0500\r\n\r\n", None),
        (b"", None),
    ],
)  # fmt: skip
def test_the_topmost_server_says_when_it_was_received(head, found):
    from declarant.desk.filer.questions.received import received_by_server

    moment = received_by_server(head)
    assert (moment.astimezone(UTC).isoformat() if moment else None) == found


def test_a_receipt_of_a_filing_is_handed_on_to_the_filings(desk_of_answers):
    from declarant.desk.filer.filings.models import ReceiptRecord
    from declarant.filing.exchange.receipting import receipt
    from declarant.law import load_regime

    about = desk_of_answers.about()
    document = receipt(
        load_regime(RULE),
        desk_of_answers.agency._parties(about),
        RECEIVED,
        about,
        by="agency",
        message_sha256=desk_of_answers.filing.message.sha256,
    )
    arrival = desk_of_answers.bring(desk_of_answers.agency.signs(document, RECEIVED))
    assert arrival.outcome == "accepted", arrival.findings
    assert ReceiptRecord.objects.get().filing == desk_of_answers.filing
