"""The message: one RFC 5322 mail that carries document, form, calendar, evidence and manifest.

Any mail program opens it. The header fields that matter stand a second time inside the signed
part (RFC 9788), so that a changed subject or date is found like a changed attachment. The outer
form follows from the inner one byte by byte; whatever a mail server adds can be told apart.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from cryptography import x509

from declarant.filing.canonical import sha256
from declarant.filing.covering_text import covering_text
from declarant.filing.encryption import seal
from declarant.filing.exchange.head import ExchangeHead
from declarant.filing.keys import Signer
from declarant.filing.manifest import MANIFEST_NAME, Attachment, Manifest
from declarant.filing.published import Published
from declarant.filing.signing import MICALG, sign
from declarant.problems import bad_input

PROTECTED = ("From", "To", "Subject", "Date", "Message-ID")
DRAFT_FIELD = "X-Unsent"  # mail programs open such a message for editing
DRAFT_SUBJECT = "[DRAFT, NOT SIGNED] "
SEALED_SUBJECT = "[...]"  # RFC 9788, 3.2.1: what a hidden subject is replaced with
SIGNATURE_NAME = "smime.p7s"
MOST_ATTACHED = 18 * 1024 * 1024
"""Bytes of attachments; encoded for mail they are about 25 MB, and many servers take no more."""
_NEWLINE = b"\r\n"
_LINE = 76


@dataclass(frozen=True, slots=True)
class Filing:
    """A document with everything that goes with it, ready to be put into a message."""

    document: Published
    attachments: tuple[Attachment, ...]
    manifest: bytes = field(repr=False)

    @classmethod
    def of(
        cls,
        document: Published,
        form: bytes,
        calendar: bytes | None,
        evidence: Iterable[Attachment] = (),
        *,
        most: int = MOST_ATTACHED,
    ) -> Filing:
        """Return the filing of a document with its form, its calendar if it has one, and evidence.

        Raises:
            BadInput: when the attachments have more than `most` bytes together.
        """
        stem = f"{document.kind}-{document.period}"
        attachments = [
            Attachment(f"{stem}.json", "application/json", "document", document.as_bytes()),
            Attachment(f"{stem}.pdf", "application/pdf", "form", form),
        ]
        if calendar is not None:
            attachments.append(Attachment(f"{stem}.ics", "text/calendar", "calendar", calendar))
        attachments += evidence
        _refuse_too_large(attachments, most)
        manifest = Manifest.of(document.id, attachments).as_bytes()
        return cls(document, tuple(attachments), manifest)


def _refuse_too_large(attachments: list[Attachment], most: int) -> None:
    total = sum(len(item.data) for item in attachments)
    if total > most:
        largest = max(attachments, key=lambda item: len(item.data))
        raise bad_input(
            "message.too_large",
            f"the attachments have {total:,} bytes together, more than the {most:,} that one "
            f"message carries; the largest is {largest.name} with {len(largest.data):,}.",
            mend="Attach a smaller file, such as an extract, or answer in instalments.",
            field="evidence",
        )


def draft_message(filing: Filing, at: datetime) -> bytes:
    """Return the message unsigned, marked as a draft.

    Raises:
        BadInput: when nobody in the document has an e-mail address to send from.
    """
    entity = _content(filing, at, DRAFT_SUBJECT)
    entity[DRAFT_FIELD] = "1"
    return entity.as_bytes(policy=policy.SMTP)


def signed_message(filing: Filing, signer: Signer, at: datetime) -> bytes:
    """Return the message signed (multipart/signed); `at` is its date and the time of signing.

    Raises:
        BadInput: when nobody in the document has an e-mail address to send from, or the
            certificate is not valid at that moment.
    """
    certificate = signer.certificate
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise bad_input(
            "key.not_valid",
            f"the certificate is valid from {certificate.not_valid_before_utc:%Y-%m-%d} to "
            f"{certificate.not_valid_after_utc:%Y-%m-%d}, not on {at:%Y-%m-%d}.",
            mend="Sign with a certificate that is valid on the day of signing.",
        )
    entity = _content(filing, at, "")
    entity.set_param("hp", "clear")
    content = entity.as_bytes(policy=policy.SMTP).removesuffix(_NEWLINE)
    return signed_form(content, sign(content, signer, at))


def sealed_message(message: bytes, recipients: tuple[x509.Certificate, ...]) -> bytes:
    """Return a signed message encrypted to `recipients`; its subject is hidden as well.

    Raises:
        BadInput: when a recipient's certificate cannot be used.
    """
    outer = [
        b"Subject: " + SEALED_SUBJECT.encode() if field.lower().startswith(b"subject:") else field
        for field in protected_fields(message)
    ]
    lines = [
        *outer,
        b"MIME-Version: 1.0",
        b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="smime.p7m"',
        b"",
        *_base64_lines(seal(message, recipients)),
        b"",
    ]
    return _NEWLINE.join(lines)


def signed_form(content: bytes, signature: bytes) -> bytes:
    """Return the whole of a signed message from its signed part and its signature."""
    boundary = f"signed-{sha256(content)[:32]}".encode()
    lines = [
        *protected_fields(content),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";',
        b' micalg="' + MICALG.encode() + b'"; boundary="' + boundary + b'"',
        b"",
        b"This is a signed message (S/MIME). Its parts follow.",
        b"",
        b"--" + boundary,
        content,
        b"--" + boundary,
        b'Content-Type: application/pkcs7-signature; name="' + SIGNATURE_NAME.encode() + b'"',
        b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="' + SIGNATURE_NAME.encode() + b'"',
        b"",
        *_base64_lines(signature),
        b"--" + boundary + b"--",
        b"",
    ]
    return _NEWLINE.join(lines)


def protected_fields(content: bytes) -> list[bytes]:
    """Return the protected header fields at the head of an entity, each with its folded lines."""
    names = tuple(f"{name.lower()}:".encode() for name in PROTECTED)
    fields: list[bytes] = []
    for line in content.partition(_NEWLINE * 2)[0].split(_NEWLINE):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += _NEWLINE + line
        else:
            fields.append(line)
    return [field for field in fields if field.lower().startswith(names)]


def _base64_lines(data: bytes) -> list[bytes]:
    text = base64.b64encode(data)
    return [text[start : start + _LINE] for start in range(0, len(text), _LINE)]


def _content(filing: Filing, at: datetime, mark: str) -> EmailMessage:
    """Return the part that is signed: header fields, covering text, attachments, manifest."""
    document = filing.document
    digest = document.sha256
    entity = EmailMessage(policy=policy.SMTP)
    sender = _sender(document)
    entity["From"] = sender
    for receiver in document.receivers:
        if receiver.email:
            entity["To"] = _address(receiver.name, receiver.email)
            break
    entity["Subject"] = f"{mark}{document.heading}: {document.person_name}"
    entity["Date"] = format_datetime(at)
    entity["Message-ID"] = f"<{document.kind}.{document.period}.{digest[:32]}@{sender.domain}>"
    entity.set_content(covering_text(document, filing.attachments), cte="quoted-printable")
    entity.make_mixed(boundary=f"filing-{digest[:32]}")
    for item in filing.attachments:
        entity.attach(_part(item.name, item.media_type, item.data))
    entity.attach(_part(MANIFEST_NAME, "application/json", filing.manifest))
    return entity


def _part(name: str, media_type: str, data: bytes) -> EmailMessage:
    kind, _, subtype = media_type.partition("/")
    parameters = {"charset": "utf-8", "method": "PUBLISH"} if subtype == "calendar" else {}
    part = EmailMessage(policy=policy.SMTP)
    part.set_content(data, kind, subtype, filename=name, params={"name": name, **parameters})
    del part["MIME-Version"]  # belongs at the head of a message only
    return part


def _sender(document: Published) -> Address:
    for sender in document.senders:
        if sender.email:
            return _address(sender.name, sender.email)
    if isinstance(document, ExchangeHead) and document.side == "agency":
        raise bad_input(
            "message.no_sender",
            "neither the agency nor its officer has an e-mail address to send from.",
            mend="Give the agency its address.",
            field="agency",
        )
    raise bad_input(
        "message.no_sender",
        "neither the certifying officer nor the preparer has an e-mail address to send from.",
        mend="Name one with `email` among the contacts.",
        field="contacts",
    )


def _address(name: str, email: str) -> Address:
    try:
        return Address(display_name=name, addr_spec=email)
    except ValueError:  # the grammar of RFC 5322 is finer than the schema's
        raise bad_input(
            "message.address",
            f"{email!r} is no e-mail address that a message can carry.",
            mend="Write it as name@domain.",
        ) from None
