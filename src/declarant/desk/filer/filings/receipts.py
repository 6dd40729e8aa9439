"""Receipts of the agency: verified with its certificate, matched with what was sent, kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.filer.filings.agency import agency_certificates
from declarant.desk.filer.filings.models import Filing, ReceiptRecord
from declarant.desk.filer.filings.models.keys import fingerprint_of
from declarant.desk.filer.filings.sending.marking import mark_sent
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.vault import store_bytes
from declarant.desk.work.outbox import post
from declarant.filing.canonical import sha256
from declarant.filing.exchange.from_agency import Receipt
from declarant.filing.exchange.matching import matches
from declarant.filing.keys import File
from declarant.filing.verification import Expectations, Verification, verify
from declarant.problems import BadInput, Severity, bad_input

MOST_UPLOADED = 64 * 2**20


def take_in(brought_by: Any, message: bytes) -> ReceiptRecord:
    """Keep a receipt that belongs to a filing of this desk; one that was kept before, return.

    Args:
        brought_by: the person who uploads it, or "agency" when its desk answered with it.
        message: the agency's signed message, byte by byte.

    Raises:
        BadInput: when nobody entered the agency's certificate, the message is not signed with it,
            is no receipt, or belongs to nothing that was sent from here.
    """
    kept = ReceiptRecord.objects.filter(message__sha256=sha256(message)).first()
    if kept is not None:
        return kept
    result = _verified(message)
    receipt = result.document
    if not isinstance(receipt, Receipt) or result.signer is None:
        raise bad_input(
            "receipt.none",
            _("the message is signed by the agency, but is no receipt."),
            mend=_("Questions of the agency are taken in under Questions."),
            field="file",
        )
    filing = _filing_of(receipt)
    told = [item.as_json() for item in result.findings if item.severity is not Severity.NOTE]
    return _kept(
        brought_by, message, receipt, filing, fingerprint_of(result.signer.certificate), told
    )


def _verified(message: bytes) -> Verification:
    certificates = agency_certificates()
    if not certificates:
        raise bad_input(
            "receipt.no_agency",
            _("nobody has entered the agency's certificate, so nothing proves who signed this."),
            mend=_("An administrator enters it under Filings, Settings."),
            field="file",
        )
    result = verify(File("receipt", message), Expectations(certificates=certificates))
    if not result.valid:
        raise BadInput(tuple(item for item in result.findings if item.severity is Severity.ERROR))
    return result


def _filing_of(receipt: Receipt) -> Filing:
    """Return the filing that a receipt is for, by the hash of what was sent.

    Raises:
        BadInput: when it is for nothing that was sent from here, or says something else of it.
    """
    sent = Filing.objects.filter(message__isnull=False).select_related(
        "message", "sealed", "document", "preparer", "officer"
    )
    by_message = None
    if receipt.message_sha256:
        by_message = (
            sent.filter(message__sha256=receipt.message_sha256).first()
            or sent.filter(sealed__sha256=receipt.message_sha256).first()
        )
    replies_to = receipt.replies_to
    by_document = (
        sent.filter(document__sha256=replies_to.sha256).first() if replies_to is not None else None
    )
    filing = by_document or by_message
    if filing is None or (by_message and by_document and by_message.pk != by_document.pk):
        raise bad_input(
            "receipt.unmatched",
            _("the receipt is genuine, but is for nothing that was sent from this desk."),
            mend=_(
                "Compare its hashes with those of what was sent; ask the agency which message it "
                "is for."
            ),
            field="file",
        )
    if replies_to is not None:
        wrong = [
            item
            for item in matches(receipt, document_in(filing.document))
            if item.severity is Severity.ERROR
        ]
        if wrong:
            raise BadInput(tuple(wrong))
    return filing


def _kept(
    brought_by: Any,
    message: bytes,
    receipt: Receipt,
    filing: Filing,
    signer: str,
    told: list[dict[str, str]],
) -> ReceiptRecord:
    hashes = {filing.message.sha256, filing.sealed.sha256 if filing.sealed else None}
    received = datetime.fromisoformat(receipt.received_at)
    try:
        with change(
            brought_by,
            "filing.receipt_taken_in",
            subject=filing.subject,
            identity=receipt.id,
            outcome=receipt.outcome,
        ) as entry:
            stored = store_bytes(message, name=f"receipt-{filing.quarter}.eml")
            row = ReceiptRecord(
                filing=filing,
                message=stored,
                identity=receipt.id,
                outcome=receipt.outcome,
                received=received,
                findings=[item.model_dump(mode="json") for item in receipt.findings],
                byte_for_byte=receipt.message_sha256 in hashes,
                signer=signer,
                told=told,
                brought_by=str(brought_by),
            )
            row.save(force_insert=True)
            entry.note(sha256=stored.sha256, byte_for_byte=row.byte_for_byte)
            _moved_on(brought_by, filing, row)
    except IntegrityError:  # it was brought twice at the same moment
        return ReceiptRecord.objects.get(filing=filing, message__sha256=sha256(message))
    return row


def _moved_on(actor: Any, filing: Filing, row: ReceiptRecord) -> None:
    """Let an accepted filing stand as received; tell its people when the agency set it aside."""
    mark_sent(actor, filing, row.received)  # the agency has it, however it went
    if row.outcome == ReceiptRecord.Outcome.ACCEPTED:
        Filing.objects.filter(pk=filing.pk, state=Filing.State.SENT).update(
            state=Filing.State.RECEIVED, received=row.received
        )
        return
    people = [filing.preparer.email, *([filing.officer.email] if filing.officer else [])]
    post(
        key=f"receipt:{row.message.sha256}",
        to=people,
        subject=_("The agency has set aside: %(filing)s") % {"filing": filing.name},
        text=_("Its receipt says why. The filing does not count as received.\n\n%(address)s\n")
        % {"address": f"{settings.DESK.public_url}{filing.get_absolute_url()}"},
    )
