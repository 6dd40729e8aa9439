"""Certifying: the named officer makes each statement, and signs. It cannot be undone.

The signature is made outside the transaction and stored by one conditional update: two acts at once
give one signed message, and a crash before it gives none. The private key never comes here; see
`filings.signing`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from declarant.desk.audit import change
from declarant.desk.filer.filings.agency import agency_of
from declarant.desk.filer.filings.models import SigningKey
from declarant.desk.filer.filings.signing.opening import signer_of
from declarant.desk.filer.filings.stored import intact
from declarant.desk.filer.questions.models import AnswerPackage, Extension
from declarant.desk.vault import store_bytes
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.sending import ready
from declarant.filing.keys import File, Signer
from declarant.filing.message import sealed_message, signed_message
from declarant.filing.published import PUBLISHED, Exchange
from declarant.filing.verification import Expectations, verify
from declarant.problems import BadInput, Severity, bad_input

Outgoing = AnswerPackage | Extension


def keys_of(person: Any) -> list[SigningKey]:
    """Return the keys a person can sign with here."""
    rows = SigningKey.objects.filter(owner=person, ended__isnull=True)
    return list(rows.exclude(kind=SigningKey.Kind.ELSEWHERE))


@sensitive_variables("secret", "uploaded")
def certify(
    officer: Any,
    row: Outgoing,
    key: SigningKey,
    *,
    document: str,
    ticked: Collection[str],
    secret: bytes,
    uploaded: bytes | None = None,
) -> None:
    """Sign what was prepared, as the officer who was named for it.

    Args:
        officer: who certifies.
        row: answers or a request, prepared.
        key: one of the officer's keys.
        document: SHA-256 of the document that the officer read.
        ticked: ids of the statements made.
        secret: passphrase of the key or PIN of the token.
        uploaded: a PKCS #12 file, for a key that is brought for one act.

    Raises:
        BadInput: when the officer is another person, a statement is missing, the document is
            another one by now, or the key does not sign.
    """
    _may(officer, row, key, document)
    content = PUBLISHED.validate_json(intact(row.document))
    statements = [item.id for item in getattr(content, "statements", ())]
    missing = [name for name in statements if name not in ticked]
    if missing:
        raise bad_input(
            "questions.statements",
            _("%(n)d statements are not made.") % {"n": len(missing)},
            mend=_("Make each of them, or have the answers discarded and prepared anew."),
            field="statements",
        )
    now = timezone.now()
    message = _signed(row, content, signer_of(key, secret, uploaded), now)
    agency = agency_of(row.question_set.regime)
    seals = agency.sealing_certificates if agency else ()
    kept = store_bytes(message, name="message.eml")
    sealed = store_bytes(sealed_message(message, seals), name="sealed.eml") if seals else None
    model = type(row)
    with change(officer, "questions.certified", row.subject, sha256=kept.sha256) as entry:
        entry.note(document=row.ref, key=key.fingerprint, statements=statements)
        won = model.objects.filter(pk=row.pk, state=model.State.READY).update(
            state=model.State.CERTIFIED,
            message=kept,
            sealed=sealed,
            certified=now,
            certified_by=officer,
        )
        if not won:
            raise _moved_on()


def _may(officer: Any, row: Outgoing, key: SigningKey, document: str) -> None:
    if row.officer_id != officer.pk or key.owner_id != officer.pk or key.ended is not None:
        raise bad_input(
            "questions.not_officer",
            _("%(name)s certifies this, with a key of their own.") % {"name": row.officer},
            mend=_("Only the certifying officer named for it can sign."),
        )
    if row.state != row.State.READY or row.document.sha256 != document:
        raise _moved_on()


@sensitive_variables("signer")
def _signed(row: Outgoing, content: Exchange, signer: Signer, at: Any) -> bytes:
    """Return the signed message; one that its reader would refuse is not given out.

    Raises:
        BadInput: with what is wrong in it.
    """
    evidence = {
        file.sha256: intact(file)
        for file in StoredFile.objects.filter(sha256__in=[item.sha256 for item in content.evidence])
    }
    message = signed_message(ready(content, evidence), signer, at)
    expected = Expectations(certificates=(signer.certificate,))
    result = verify(File(f"{content.kind}.eml", message), expected)
    wrong = tuple(item for item in result.findings if item.severity is Severity.ERROR)
    if wrong:
        raise BadInput(wrong)
    return message


def _moved_on() -> BadInput:
    return bad_input(
        "questions.moved_on",
        _("It is signed, discarded or another one by now."),
        mend=_("Look at it again."),
    )
