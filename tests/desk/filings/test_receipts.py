"""Receipts: the agency's, of what was sent from here, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.desk.filings.office import RULE, Office, agency_pem, trial_of

from declarant.desk.filer.filings.receipts import take_in
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.receipting import receipt
from declarant.filing.exchange.sending import ready as made_ready
from declarant.filing.keys import File, read_signer
from declarant.filing.message import signed_message
from declarant.law import load_regime
from declarant.problems import BadInput, Finding, Severity

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(people: Any, office: Office) -> None:
    """The agency as an administrator entered it."""
    from declarant.desk.filer.filings.agency import enter

    certificate = File("agency.pem", agency_pem()[1])
    enter(people("administrator"), RULE, "Agency", "intake@agency.example", certificate, None)


def _receipt(row: Any, *, pem: bytes | None = None, **more: Any) -> bytes:
    """What the agency sends when a filing has arrived."""
    from declarant.desk.filer.filings.stored import document_in

    document = document_in(row.document)
    at = timezone.now() + timedelta(minutes=5)
    made = receipt(
        load_regime(RULE),
        Parties(document.person, document.contacts, document.agency),
        at,
        document,
        by="agency",
        **({"message_sha256": row.message.sha256, "message_id": "<a@b>"} | more),
    )
    signer = read_signer(File("agency", pem or agency_pem()[0]), None, lambda _: b"")
    return signed_message(made_ready(made, {}), signer, at)


def test_an_accepted_filing_counts_as_received(office: Office, agency: None) -> None:
    row = office.sent()
    message = _receipt(row)
    kept = take_in(office.preparer, message)
    row = office.again(row)
    assert (row.state, kept.outcome, kept.byte_for_byte) == ("received", "accepted", True)
    assert kept.message.read() == message
    assert row.received == kept.received
    assert take_in("agency", message).pk == kept.pk


def test_a_receipt_proves_that_a_filing_arrived_however_it_went(
    office: Office, agency: None
) -> None:
    row = office.certified(office.ready())
    take_in(office.preparer, _receipt(row))
    assert office.again(row).state == "received"


def test_bytes_changed_by_a_mail_server_are_told(office: Office, agency: None) -> None:
    row = office.sent()
    kept = take_in(office.preparer, _receipt(row, message_sha256="0" * 64))
    assert (kept.byte_for_byte, office.again(row).state) == (False, "received")


def test_a_filing_set_aside_is_not_received_and_its_people_are_told(
    office: Office, agency: None
) -> None:
    from declarant.desk.work.models import Letter

    row = office.sent()
    wrong = Finding("signature.invalid", "the signature does not fit.", severity=Severity.ERROR)
    kept = take_in(office.preparer, _receipt(row, findings=(wrong,)))
    assert (kept.outcome, office.again(row).state) == ("quarantined", "sent")
    letter = Letter.objects.get(key__startswith="receipt:")
    assert set(letter.to) == {office.preparer.email, office.officer.email}


def test_a_correction_stands_once_it_is_accepted(office: Office, agency: None) -> None:
    from declarant.desk.filer.filings import drafting
    from declarant.desk.filer.filings.standing import last_sent

    first = office.sent()
    take_in(office.preparer, _receipt(first))
    drafting.correct(office.preparer, office.again(first))
    second = office.sent()
    assert (second.version, last_sent()) == (2, office.again(first))
    take_in(office.preparer, _receipt(second))
    assert last_sent() == second


def test_what_is_not_the_agencys_receipt_of_ours_is_refused(
    office: Office, agency: None, people: Any
) -> None:
    from declarant.desk.filer.filings.models import ReceiptRecord

    row = office.sent()
    genuine = _receipt(row)
    forged = _receipt(row, pem=trial_of(office.preparer)[0])
    for message, wrong in (
        (forged, "another certificate signed"),
        (genuine.replace(b"Receipt", b"Deceit!", 1), "was signed|not as they were"),
        (row.message.read(), "another certificate signed"),
        (b"", "empty"),
        (b"not a message at all", "neither a mail message"),
        (b"%PDF-1.7", "proves nothing alone"),
    ):
        with pytest.raises(BadInput, match=wrong):
            take_in(office.preparer, message)
    assert not ReceiptRecord.objects.exists()


def test_a_genuine_receipt_of_something_else_is_refused(office: Office, agency: None) -> None:
    row = office.ready()

    class NeverSent:
        document = row.draft
        message = row.draft

    with pytest.raises(BadInput, match="nothing that was sent from this desk"):
        take_in(office.preparer, _receipt(NeverSent))


def test_without_the_agencys_certificate_nothing_is_taken_in(office: Office) -> None:
    row = office.sent()
    with pytest.raises(BadInput, match="nobody has entered the agency's certificate"):
        take_in(office.preparer, _receipt(row))
