"""Taking a message apart: header fields, the exact bytes that were signed, signature, attachments.

Written for hostile input: every part may be damaged, missing or doubled. Lines that end in LF
alone, as some programs store them, are read as CRLF, which is what was signed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr

from declarant.filing.message import PROTECTED
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_SIGNATURE_TYPES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_SEALED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SEND_AGAIN = "Ask the sender for the whole message again."
_PARSER = BytesParser(policy=policy.compat32)


@dataclass(frozen=True, slots=True)
class Entity:
    """A header and a body, and the parsed form of both."""

    raw: bytes
    parsed: Message

    def field(self, name: str) -> str | None:
        """Return a header field as people read it, unfolded and decoded; None without one."""
        values = self.parsed.get_all(name)
        return None if not values else " | ".join(_decoded(str(value)) for value in values)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all header fields."""
        return tuple(self.parsed.keys())

    @property
    def kind(self) -> str:
        """The media type."""
        return self.parsed.get_content_type()

    @property
    def text(self) -> str | None:
        """The text that people read: the first plain part that is no attachment; None without."""
        for part in self.parsed.walk():
            if part.get_content_type() == "text/plain" and part.get_filename() is None:
                data = part.get_payload(decode=True)
                return data.decode("utf-8", "replace") if isinstance(data, bytes) else None
        return None

    @property
    def sender(self) -> str | None:
        """The address in `From`."""
        field = self.field("From")
        return parseaddr(field)[1] or None if field else None


@dataclass(frozen=True, slots=True)
class SignedParts:
    """The two parts of a signed message: `signature` is None when it cannot be decoded."""

    content: Entity
    signature: bytes | None
    findings: tuple[Finding, ...]


def is_message(data: bytes) -> bool:
    """Whether a file begins like a mail: with a header field."""
    return _FIELD.match(data) is not None


def entity(data: bytes) -> Entity:
    """Return bytes as a MIME entity; line ends become CRLF."""
    raw = re.sub(rb"\r?\n", b"\r\n", data)
    return Entity(raw, _PARSER.parsebytes(raw))


def is_sealed(message: Entity) -> bool:
    """Whether a message is encrypted."""
    return message.kind in _SEALED_TYPES


def sealed_content(message: Entity) -> bytes | None:
    """Return the encrypted data (DER) of a message; None when it cannot be decoded."""
    return _base64(message.raw.partition(b"\r\n\r\n")[2])


def signed_parts(message: Entity) -> SignedParts | None:
    """Return the parts of a signed message, as far as they are there; None when it is not one."""
    boundary = _boundary(message)
    if message.kind != "multipart/signed" or not boundary:
        return None
    delimiter = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|$)")
    marks = list(delimiter.finditer(message.raw))
    if not marks:
        what = "the message is cut off or damaged: its first part does not begin."
        found = error("envelope.truncated", what, Place(field="signed part"), _SEND_AGAIN)
        return SignedParts(entity(b""), None, (found,))
    parts = [
        message.raw[here.end() + 2 : there.start() if there else None]
        for here, there in zip(marks, (*marks[1:], None), strict=True)
        if not here[1]
    ]
    findings = list(_framing(parts, closed=bool(marks[-1][1])))
    signature = None
    if len(parts) > 1:
        held = entity(parts[1])
        if held.kind not in _SIGNATURE_TYPES:
            what = f"the part that should be the signature is {held.kind}."
            findings.append(
                error("envelope.no_signature", what, Place(field="signature"), _SEND_AGAIN)
            )
        signature = _base64(held.raw.partition(b"\r\n\r\n")[2])
    return SignedParts(entity(parts[0]), signature, tuple(findings))


def _framing(parts: list[bytes], *, closed: bool) -> Iterable[Finding]:
    if not closed:
        what = "the message is cut off: the line that ends it is missing."
        yield error("envelope.truncated", what, Place(field="end of the message"), _SEND_AGAIN)
    if len(parts) == 1:
        what = "the signature is missing."
        yield error("envelope.no_signature", what, Place(field="signature"), _SEND_AGAIN)
    if len(parts) > 2:
        what = f"a signed message has two parts; this one has {len(parts)}."
        yield error("envelope.parts", what, Place(field="envelope"), _SEND_AGAIN)


def attached_files(content: Entity) -> list[tuple[str, bytes]]:
    """Return the attachments in order: file name and bytes."""
    files = []
    for part in content.parsed.walk():
        name = _file_name(part)
        if name and not part.is_multipart():
            payload = part.get_payload(decode=True)
            files.append((name, payload if isinstance(payload, bytes) else b""))
    return files


def changed_fields(outer: Entity, inner: Entity, hidden: Iterable[str] = ()) -> Iterable[Finding]:
    """Return a finding for each protected header field that differs from the signed one.

    `hidden` names fields that differ by intent (the subject of an encrypted message).
    """
    for name in PROTECTED:
        signed, shown = inner.field(name), outer.field(name)
        if name in hidden or signed is None or signed == shown:
            continue
        what = f"the message shows {shown!r}, but {signed!r} was signed."
        mend = "Rely on what was signed; find out who changed the message on its way."
        yield error("header.changed", what, Place(field=f"header field {name}"), mend)


def _boundary(message: Entity) -> bytes | None:
    try:
        boundary = message.parsed.get_boundary()
    except (ValueError, MessageError):
        return None
    return boundary.encode("utf-8", "surrogateescape") if boundary else None


def _file_name(part: Message) -> str | None:
    try:
        return part.get_filename()
    except (ValueError, MessageError, LookupError):
        return None


def _base64(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(re.sub(rb"[\r\n]", b"", text), validate=True)
    except binascii.Error:
        return None


def _decoded(value: str) -> str:
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", value)
    try:
        return str(make_header(decode_header(unfolded))).strip()
    except (MessageError, ValueError, LookupError):
        return unfolded.strip()
