"""The one act that certifies: signed, verified, and stored with its log entry, or nothing.

Whoever else certifies the same filing at the same moment loses the conditional update, and what
they signed is never stored. A form that is sent twice names the same act, and finds it done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.agency import agency_of
from declarant.desk.filer.filings.checking import checks_of
from declarant.desk.filer.filings.models import Confirmation, Filing, SigningKey
from declarant.desk.filer.filings.models.keys import fingerprint_of
from declarant.desk.filer.filings.sending.dispatching import dispatch_now
from declarant.desk.filer.filings.stored import document_in, intact
from declarant.desk.filer.filings.ticking import require_all
from declarant.desk.vault import store_bytes
from declarant.filing.keys import File, Signer
from declarant.filing.message import Filing as Content
from declarant.filing.message import sealed_message, signed_message
from declarant.filing.verification import Expectations, verify
from declarant.problems import BadInput, Severity, bad_input


@dataclass(frozen=True, slots=True)
class Act:
    """What the officer's form says.

    Attributes:
        id: of the form; sent twice, it is one act.
        document_sha256: of the document that was shown.
        key: whose certificate signs.
        way: how the message is sent at once; "" when somebody sends it later.
    """

    id: UUID
    document_sha256: str
    key: SigningKey
    way: str = ""


def certify(officer: User, filing: Filing, act: Act, signer_of: Callable[[], Signer]) -> Filing:
    """Sign a filing and keep the message; done before by the same form, return it as it is.

    Args:
        officer: who certifies.
        filing: what is certified.
        act: what the form says.
        signer_of: opens the key, called when nothing else speaks against it.

    Raises:
        BadInput: when the person may not, a statement is missing, the document is another one, or
            the key cannot be used. Nothing has been stored then.
    """
    if is_done(filing, act):
        return filing
    require_certifiable(officer, filing, act)
    signer = signer_of()
    if fingerprint_of(signer.certificate) != act.key.fingerprint:
        raise bad_input(
            "key.other_certificate",
            _("the key belongs to another certificate than the one entered here."),
            mend=_("Enter its certificate first."),
        )
    now = timezone.now()
    return accept(officer, filing, act, signed_message(content_of(filing), signer, now), now)


def accept(officer: User, filing: Filing, act: Act, message: bytes, at: datetime) -> Filing:
    """Verify a signed message and make it the filing's, with its log entry, in one transaction.

    Raises:
        BadInput: when the message is not valid, or somebody else was first.
    """
    _require_valid(filing, act, message)
    agency = agency_of(filing.regime)
    recipients = agency.sealing_certificates if agency else ()
    sealed = sealed_message(message, recipients) if recipients else None
    try:
        with change(officer, "filing.certified", subject=filing.subject) as entry:
            # columns of this row alone: PostgreSQL looks at them again once it holds the row,
            # but at nothing that was read through another table before
            claimed = Filing.objects.filter(
                pk=filing.pk,
                state=Filing.State.READY,
                officer_id=officer.pk,
                document_id=filing.document_id,
                act__isnull=True,
            ).update(act=act.id)
            if not claimed:
                raise _too_late()
            stem = f"{filing.kind}-{filing.quarter}"
            stored = store_bytes(message, name=f"{stem}.eml")
            row = Filing.objects.get(pk=filing.pk)
            row.state = Filing.State.CERTIFIED
            row.message = stored
            row.sealed = store_bytes(sealed, name=f"{stem}.encrypted.eml") if sealed else None
            row.key = act.key
            row.certified = at
            row.save()
            entry.note(
                identity=row.identity,
                sha256=stored.sha256,
                encrypted=sealed is not None,
                document={"sha256": act.document_sha256},
                certificate=act.key.fingerprint,
                certificate_of=act.key.subject_name,
                key_kind=act.key.kind,
                way=act.way,
            )
            if act.way:
                dispatch_now(officer, row, act.way)
    except BadInput:
        row = Filing.objects.get(pk=filing.pk)
        if not is_done(row, act):  # else the same form was sent twice, and the other was first
            raise
    return row


def is_done(filing: Filing, act: Act) -> bool:
    """Whether this very form has certified the filing already."""
    return filing.is_certified and filing.act == act.id


def require_certifiable(officer: User, filing: Filing, act: Act) -> None:
    """Refuse to certify what this person may not, or what is not settled.

    Raises:
        BadInput: saying what stands against it.
    """
    if filing.is_certified:
        raise bad_input(
            "filing.certified_already",
            _("this filing is certified already."),
            mend=_("Send it; if something in it is wrong, begin a correction once it is sent."),
        )
    if officer.pk != filing.officer_id or officer.pk == filing.preparer_id:
        raise bad_input(
            "filing.not_officer",
            _("only the certifying officer named for this filing can certify it."),
            mend=_("The preparer names the officer while it is a draft."),
        )
    if Confirmation.objects.filter(filing=filing, by=officer).exists():
        raise bad_input(
            "filing.own_confirmation",
            _("you gave a reason for a finding of this filing, so somebody else must certify it."),
            mend=_("Give it back, and let the preparer name another officer."),
        )
    if (
        filing.state != Filing.State.READY
        or filing.document is None
        or filing.document.sha256 != act.document_sha256
    ):
        raise bad_input(
            "filing.other_document",
            _("the document is another one than the one you were shown."),
            mend=_("Read the one that stands there now."),
        )
    if act.key.owner_id != officer.pk or act.key.ended is not None:
        raise bad_input(
            "key.not_yours",
            _("this certificate is not yours, or is used no more."),
            mend=_("Choose one of your own."),
            field="key",
        )
    require_all(filing)
    if any(check.blocks or check.waits for check in checks_of(filing)):
        raise bad_input(
            "filing.checks_open",
            _("a finding of this filing is not settled."),
            mend=_("Give it back to its preparer."),
        )


def content_of(filing: Filing) -> Content:
    """Return what the message carries, from the vault, each file checked against its hash.

    Raises:
        BadInput: when a stored file was changed.
    """
    if filing.document is None or filing.form is None or filing.calendar is None:
        raise _too_late()
    document = document_in(filing.document)
    return Content.of(document, intact(filing.form), intact(filing.calendar))


def _require_valid(filing: Filing, act: Act, message: bytes) -> None:
    """Refuse a message that its reader would not accept, or that carries another document."""
    name = f"{filing.kind}-{filing.quarter}.eml"
    result = verify(File(name, message), Expectations(certificates=(act.key.certificate,)))
    wrong = tuple(item for item in result.findings if item.severity is Severity.ERROR)
    if wrong:
        raise BadInput(wrong)
    if result.document is None or result.document.sha256 != act.document_sha256:
        raise bad_input(
            "filing.other_document_signed",
            _("what was signed is another document than the one shown here."),
            mend=_("Sign the content that this page offers, unchanged."),
        )


def _too_late() -> BadInput:
    return bad_input(
        "filing.too_late",
        _("this filing was certified or given back a moment ago; nothing was signed for it again."),
        mend=_("Look at it again."),
    )
