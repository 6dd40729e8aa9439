"""The agency's signed message comes in: verified, matched with what was sent, then taken in.

The order: (1) the signature, by a certificate registered for the agency; (2) the document, whole
and of a kind that an agency writes; (3) what it replies to: a filing, answers or a request that
this desk has sent, and the same person. One error keeps the message as refused, with everything
that was found; nothing else follows from it then. The same message twice is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.filer.filings.models import AgencyRecord
from declarant.desk.filer.questions import taking_in
from declarant.desk.filer.questions.models import Arrival
from declarant.desk.filer.questions.replied_to import Original, original_of
from declarant.desk.vault import store_bytes
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.matching import matches
from declarant.filing.keys import File
from declarant.filing.published import Published
from declarant.filing.verification import Expectations, Verification, verify
from declarant.problems import BadInput, Finding, Place, Severity, bad_input

LARGEST = 100 * 2**20  # bytes of a message; mail servers refuse far smaller ones
_FROM_AGENCY = ("question_set", "correction_notice", "extension_decision", "receipt")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a message is, before anything follows from it.

    Attributes:
        document: what it carries; None when that cannot be read.
        original: what it replies to, as this desk sent it; None when there is no such thing.
        findings: everything that was found, the worst first.
        signer: who signed, as the verification tells it.
    """

    document: Published | None
    original: Original | None
    findings: tuple[Finding, ...]
    signer: dict[str, Any] | None

    @property
    def is_wrong(self) -> bool:
        """Whether an error keeps it from being taken in."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def look(data: bytes, name: str) -> Looked:
    """Return what a message holds and everything that is wrong with it; changes nothing.

    Raises:
        BadInput: when the file is no message at all.
    """
    certificates = tuple(
        certificate for agency in _agencies() for certificate in agency.signing_certificates
    )
    result = verify(File(name, data), Expectations(certificates=certificates))
    findings = [*result.findings, *_as_expected(result, bool(certificates))]
    document = result.document
    original = None
    if document is not None:
        original = original_of(document)
        findings += _replies(document, original)
    ordered = sorted(findings, key=lambda item: _ORDER[item.severity])
    signer = result.signer.as_json() if result.signer else None
    return Looked(document, original, tuple(ordered), signer)


def bring_in(
    actor: Any, message: StoredFile, name: str, *, received: datetime, zone: str
) -> Arrival:
    """Take a stored message in, or keep it as refused; return how it stands.

    Args:
        actor: who brings it.
        message: its bytes, as the mail program saved them.
        name: of the file.
        received: the moment at which it reached the person: the clock runs from it.
        zone: the time zone in which that moment is shown.

    Raises:
        BadInput: when the file is no message, or the moment cannot be.
    """
    accepted = Arrival.Outcome.ACCEPTED
    held = Arrival.objects.filter(message=message, outcome=accepted).first()
    if held is not None:
        return held
    _can_be(received)
    looked = look(message.read(), name)
    document = looked.document
    stored = store_bytes(document.as_bytes(), name=name) if document else None
    with change(actor, "questions.message.brought_in", "message:" + message.sha256[:16]) as entry:
        entry.note(sha256=message.sha256, name=name[:255], received=received.isoformat())
        again = _already(message, stored, looked)
        if again is not None:
            entry.note(again=again.pk, outcome=again.outcome)
            return again
        arrival = Arrival.objects.create(
            message=message,
            name=name[:255],
            outcome=Arrival.Outcome.REFUSED if looked.is_wrong else accepted,
            kind=document.kind if document else "",
            document=stored,
            ref=document.id if document else "",
            findings=[finding.as_json() for finding in looked.findings],
            signer=looked.signer,
            received=received,
            zone=zone,
            imported_by=actor,
        )
        entry.note(outcome=arrival.outcome, kind=arrival.kind, document=arrival.ref)
        if not looked.is_wrong and document is not None and looked.original is not None:
            taking_in.take_in(actor, arrival, document, looked.original)
    return arrival


def set_right(actor: Any, arrival: Arrival, *, received: datetime, zone: str, why: str) -> None:
    """Set the moment of receipt right; the reason and the former moment go to the audit log.

    Raises:
        BadInput: when no reason is given or the moment cannot be.
    """
    if not why.strip():
        raise bad_input(
            "questions.no_reason",
            _("No reason is given."),
            mend=_("Say how you know when it was received; the clock runs from that moment."),
            field="why",
        )
    _can_be(received)
    with change(
        actor,
        "questions.receipt.set_right",
        f"message:{arrival.message.sha256[:16]}",
        before=arrival.received.isoformat(),
        after=received.isoformat(),
        zone=zone,
        why=why.strip(),
    ):
        Arrival.objects.filter(pk=arrival.pk).update(received=received, zone=zone)
        taking_in.clocks_moved(actor)


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def _agencies() -> list[AgencyRecord]:
    """Return the agency of each law as it was entered last."""
    latest: dict[str, AgencyRecord] = {}
    for agency in AgencyRecord.objects.order_by("-pk"):
        latest.setdefault(agency.regime, agency)
    return list(latest.values())


def _already(message: StoredFile, document: StoredFile | None, looked: Looked) -> Arrival | None:
    """Return the arrival that this one repeats: accepted before, or refused for the same."""
    accepted = Arrival.objects.filter(outcome=Arrival.Outcome.ACCEPTED)
    if document is not None and (held := accepted.filter(document=document).first()):
        # another copy of an accepted document: true copies are one, false ones are refused anew
        return None if looked.is_wrong else held
    refused = Arrival.objects.filter(message=message, outcome=Arrival.Outcome.REFUSED).first()
    found = [finding.as_json() for finding in looked.findings]
    return refused if refused is not None and refused.findings == found else None


def _as_expected(result: Verification, registered: bool) -> list[Finding]:
    findings = []
    if not registered:
        findings.append(
            _wrong(
                "agency.no_certificate",
                _("no certificate of the agency is registered at this desk."),
                _("Ask an administrator to register it; then bring the message in again."),
            )
        )
    elif not result.signed:
        findings.append(
            _wrong(
                "agency.not_signed",
                _("the message is not signed."),
                _("Ask the agency for its signed message, and save it whole (.eml)."),
            )
        )
    document = result.document
    if document is not None and document.kind not in _FROM_AGENCY:
        findings.append(
            _wrong(
                "agency.kind",
                _("this is no message that an agency sends: %(title)s.")
                % {"title": document.title},
                _("Bring in questions, a notice of correction, a decision or a receipt."),
            )
        )
    return findings


def _replies(document: Published, original: Original | None) -> list[Finding]:
    if document.kind not in _FROM_AGENCY:
        return []
    if original is None:
        reference = getattr(document, "replies_to", None)
        told = reference.id if reference else _("nothing")
        return [
            _wrong(
                "agency.replies_to",
                _("it replies to %(what)s, which this desk did not send.") % {"what": told},
                _(
                    "Look whether it is meant for another office, or reached you before the answer "
                    "it is about was recorded as sent."
                ),
            )
        ]
    found = list(matches(document, original.document))
    if document.kind == "extension_decision" and getattr(original.row, "is_decided", False):
        found.append(
            _wrong(
                "agency.decided",
                _("a decision on this request was recorded already."),
                _("Compare the two, and ask the agency which one holds."),
            )
        )
    # the exchange leaves a change of name to people; here it is another person's message
    return [
        replace(item, code="agency.person", severity=Severity.ERROR)
        if item.code == "reply.person"
        else item
        for item in found
    ]


def _can_be(received: datetime) -> None:
    if received > timezone.now():
        raise bad_input(
            "questions.received_later",
            _("The moment of receipt lies in the future."),
            mend=_("Give the moment at which the message reached you, with its time zone."),
            field="received",
        )


def _wrong(code: str, what: str, mend: str) -> Finding:
    return Finding(code, str(what), Place(), str(mend), Severity.ERROR)


__all__ = ["BadInput", "Looked", "bring_in", "look", "set_right"]
