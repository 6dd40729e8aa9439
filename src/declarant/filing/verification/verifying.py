"""The workflow: recognise, open, check signature, attachments, content, plausibility, evidence.

A later step works with what an earlier one could save, so that one damaged byte does not hide what
else is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

from declarant.filing.documents import Affirmation, Notification
from declarant.filing.encryption import unseal
from declarant.filing.keys import File
from declarant.filing.message import signed_form
from declarant.filing.published import Published
from declarant.filing.verification.attachments import Attached, check_attachments
from declarant.filing.verification.certificate import check_certificate
from declarant.filing.verification.content import read_document
from declarant.filing.verification.evidence import check_evidence
from declarant.filing.verification.exchange import check_attached_evidence, check_exchange
from declarant.filing.verification.opening import (
    Entity,
    SignedParts,
    attached_files,
    changed_fields,
    entity,
    is_message,
    is_sealed,
    sealed_content,
    signed_parts,
)
from declarant.filing.verification.plausibility import check_plausibility
from declarant.filing.verification.rendering import (
    check_calendar,
    check_form,
    check_text,
    form_hashes,
)
from declarant.filing.verification.report import (
    Expectations,
    Kind,
    SignerReport,
    Verification,
    error,
    in_file,
)
from declarant.filing.verification.signature import check_signature
from declarant.problems import Finding, Place, Severity, bad_input

_SEND_AGAIN = "Ask the sender for the message again, and compare it with what was sent."


def verify(file: File, expectations: Expectations) -> Verification:
    """Return everything that is wrong with a message, a JSON document or a form (PDF).

    Raises:
        BadInput: when the file is empty or none of these, or is encrypted to somebody else.
    """
    data = file.data
    if not data.strip():
        raise bad_input(
            "verify.empty",
            "the file is empty.",
            mend="Save the message or document again.",
            file=file.name,
        )
    if data.startswith(b"%PDF-"):
        return _verify_form(file, expectations)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _verify_document(file, expectations)
    if is_message(data):
        try:
            return _verify_message(file, expectations)
        except RecursionError:
            raise bad_input(
                "verify.nested",
                "holds parts within parts without end.",
                mend="No mail program writes such a message: do not open it.",
                file=file.name,
            ) from None
    raise bad_input(
        "verify.unknown",
        "is neither a mail message, nor a JSON document, nor a PDF.",
        mend="Give the message as it was received (.eml), the .json or the .pdf.",
        file=file.name,
    )


def _verify_document(file: File, expectations: Expectations) -> Verification:
    document, found = _read(file, expectations)
    unsigned = _nobody_signed(file.name, expectations)
    return Verification(file.name, Kind.DOCUMENT, (unsigned, *found), document)


def _verify_form(file: File, expectations: Expectations) -> Verification:
    if expectations.document is None:
        named = ", ".join(sorted(form_hashes(file.data))) or "none"
        what = f"a form proves nothing alone; it names the hash of its document: {named}."
        mend = "Verify the message, or put the JSON document of the same name beside the form."
        found = error("form.alone", what, Place(file=file.name), mend)
        return Verification(file.name, Kind.FORM, (found,))
    document, about = _read(expectations.document, expectations)
    findings = [_nobody_signed(file.name, expectations), *about]
    if document is not None:
        findings += check_form(document, file.data, file.name)
    return Verification(file.name, Kind.FORM, tuple(findings), document)


def _read(file: File, expectations: Expectations) -> tuple[Published | None, tuple[Finding, ...]]:
    document, found = read_document(file.data, file.name)
    return document, (*found, *in_file(_about(document, expectations), file.name))


def _nobody_signed(name: str, expectations: Expectations) -> Finding:
    what = "nobody signed it: only a message carries a signature, this can come from anybody."
    mend = "Verify the signed message (.eml) that it came in."
    weight = Severity.ERROR if expectations.asks_for_signer else Severity.WARNING
    return Finding("signature.absent", what, Place(name, field="signature"), mend, weight)


def _verify_message(file: File, expectations: Expectations) -> Verification:
    message = entity(file.data)
    if is_sealed(message):
        return _verify_sealed(file, message, expectations)
    parts = signed_parts(message)
    if parts is None:
        checked = _verify_content(file.name, message, expectations)
        return replace(checked, findings=(_unsigned(expectations), *checked.findings))
    checked = _verify_content(file.name, parts.content, expectations)
    signer, found = _verify_signature(message, parts, expectations)
    early = _signed_early(checked.document, signer)
    if any(finding.code == "signature.content_changed" for finding in found):
        told = tuple(item for item in checked.findings if item.code != "text.changed")
        checked = replace(checked, findings=told)  # one mistake, one finding
    findings = in_file((*parts.findings, *found, *early), file.name)
    return replace(checked, signed=True, signer=signer, findings=(*findings, *checked.findings))


def _verify_sealed(file: File, message: Entity, expectations: Expectations) -> Verification:
    if expectations.recipient is None:
        raise bad_input(
            "verify.encrypted",
            "the message is encrypted.",
            mend="Give the key it was encrypted to with --decrypt-with.",
            file=file.name,
        )
    sealed = sealed_content(message)
    opened = unseal(sealed or b"", expectations.recipient, file.name)
    inner = entity(opened)
    if not is_message(opened) or is_sealed(inner):
        what = "what was encrypted is not a message."
        found = error("envelope.content", what, Place(file=file.name), _SEND_AGAIN)
        return Verification(file.name, Kind.MESSAGE, (found,), encrypted=True)
    checked = _verify_message(File(file.name, opened), expectations)
    outer = in_file(changed_fields(message, inner, hidden=("Subject",)), file.name)
    return replace(checked, encrypted=True, findings=(*outer, *checked.findings))


def _unsigned(expectations: Expectations) -> Finding:
    what = "the message carries no signature: anybody can have written or changed it."
    mend = (
        "Sign it: declarant file ... --sign-with KEY. To check a draft, add --draft, and name no "
        "signer with --certificate or --trust."
    )
    is_draft = expectations.allow_draft and not expectations.asks_for_signer
    weight = Severity.WARNING if is_draft else Severity.ERROR
    return Finding("signature.absent", what, Place(field="signature"), mend, weight)


def _verify_signature(
    message: Entity, parts: SignedParts, expectations: Expectations
) -> tuple[SignerReport | None, tuple[Finding, ...]]:
    findings = list(changed_fields(message, parts.content))
    if parts.signature is None:
        what = "there is no signature that can be read."
        findings.append(error("signature.unreadable", what, Place(field="signature"), _SEND_AGAIN))
        return None, tuple(findings)
    check = check_signature(parts.content.raw, parts.signature)
    findings += check.findings
    if check.certificate is None:
        return None, tuple(findings)
    identity, about = check_certificate(
        check.certificate, check.chain, check.signed_at, parts.content.sender, expectations
    )
    findings += about
    if not any(finding.code == "signature.content_changed" for finding in check.findings):
        findings += _outside(message, parts)  # the outer form follows from the signed content
    signer = SignerReport(check.certificate, check.signed_at, identity)
    findings += _dated(parts.content, signer)
    return signer, tuple(findings)


def _outside(message: Entity, parts: SignedParts) -> list[Finding]:
    """Name the first line outside the signed part that is not as the message was written."""
    written = signed_form(parts.content.raw, parts.signature or b"")
    if message.raw == written:
        return []
    shown, expected = message.raw.split(b"\r\n"), written.split(b"\r\n")
    line = next(
        (n for n, pair in enumerate(zip(shown, expected, strict=False), 1) if pair[0] != pair[1]),
        min(len(shown), len(expected)) + 1,
    )
    return [
        Finding(
            "envelope.outside",
            "bytes outside the signed part are not as they were written; mail servers add fields "
            "there. The signature does not protect them, and nothing here rests on them.",
            Place(line=line),
            "Rely only on what was signed.",
            Severity.NOTE,
        )
    ]


def _dated(content: Entity, signer: SignerReport) -> list[Finding]:
    """Compare the date of the message with the time of signing."""
    try:
        written = parsedate_to_datetime(content.field("Date") or "")
    except ValueError:
        return []
    signed = signer.signed_at
    if signed is None or written.tzinfo is None or abs(written - signed) < timedelta(days=1):
        return []
    what = f"the message is dated {written:%Y-%m-%d}, but was signed on {signed:%Y-%m-%d}."
    return [Finding("signature.time", what, Place(field="header field Date"), "Ask the sender.")]


def _signed_early(document: Published | None, signer: SignerReport | None) -> tuple[Finding, ...]:
    """Return a finding when a document is signed before the day it says it was prepared on."""
    if document is None or signer is None or signer.signed_at is None:
        return ()
    signed = signer.signed_at.date()
    if signed + timedelta(days=1) >= document.prepared_on:  # a zone may be a day ahead
        return ()
    what = f"was signed on {signed}, before {document.prepared_on}, on which it was prepared."
    where = Place(field="$.prepared_on")
    return (Finding("signature.before_prepared", what, where, "Ask the sender which day is true."),)


def _verify_content(name: str, content: Entity, expectations: Expectations) -> Verification:
    attached = check_attachments(attached_files(content))
    findings = list(attached.findings)
    document = None
    if "document" in attached.by_role:
        file, data = attached.by_role["document"]
        document, found = read_document(data, file)
        findings += found
        findings += in_file(_about(document, expectations), file)
    elif not any(finding.code == "attachment.missing" for finding in findings):
        what = "no document is attached."
        findings.append(error("attachment.no_document", what, Place(file=name), _SEND_AGAIN))
    if document is not None:
        findings += _with_document(document, attached, expectations.ignore_form)
        if not attached.findings:  # else the text cannot fit, and what is wrong is said already
            findings += check_text(document, content.text, attached.attachments, name)
    reports = attached.reports
    return Verification(name, Kind.MESSAGE, tuple(findings), document, reports)


def _with_document(document: Published, attached: Attached, ignore_form: bool) -> list[Finding]:
    """Compare the other attachments with the document."""
    findings = list(check_attached_evidence(document, attached))
    if attached.document_id not in (None, document.id):
        what = f"the manifest belongs to {attached.document_id}, not to {document.id}."
        findings.append(
            error("attachment.other_document", what, Place(file="manifest.json"), _SEND_AGAIN)
        )
    if "form" in attached.by_role:
        name, data = attached.by_role["form"]
        findings += check_form(document, data, name, ignored=ignore_form)
    if "calendar" in attached.by_role:
        name, data = attached.by_role["calendar"]
        findings += check_calendar(document, data, name, ignored=ignore_form)
    return findings


def _about(document: Published | None, expectations: Expectations) -> tuple[Finding, ...]:
    if document is None:
        return ()
    evidence = check_evidence(document, expectations.evidence) if expectations.evidence else ()
    if isinstance(document, Notification | Affirmation):
        return (*check_plausibility(document), *evidence)
    return (*check_exchange(document, expectations), *evidence)
