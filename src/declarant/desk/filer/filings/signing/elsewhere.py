"""Signing with another program: the exact content goes out, its signature comes back.

What comes back is the whole message, or the detached signature alone (CMS, as DER, PEM or S/MIME).
Either way the message that is kept is written here from content and signature, so that every
filing has the same outer form.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from cryptography import x509
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.models import Filing, SigningKey
from declarant.desk.filer.filings.signing.certifying import (
    Act,
    accept,
    content_of,
    is_done,
    require_certifiable,
)
from declarant.desk.filer.filings.stored import intact
from declarant.desk.vault import store_bytes
from declarant.filing.message import signed_form, signed_message
from declarant.filing.verification.opening import entity, is_message, signed_parts
from declarant.problems import bad_input

MOST_UPLOADED = 64 * 2**20
_PEM = re.compile(rb"-----BEGIN (?:PKCS7|CMS)-----\s(.*?)-----END (?:PKCS7|CMS)-----", re.DOTALL)
_DER_SEQUENCE = b"\x30"


@dataclass(frozen=True, slots=True)
class _Nobody:
    """Signs nothing: it shows which bytes a signature with this certificate would be over."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, _content: bytes) -> bytes:
        return b""


def content_to_sign(officer: User, filing: Filing, key: SigningKey, fresh: bool = False) -> bytes:
    """Return the exact bytes to be signed; the same ones until `fresh` ones are asked for.

    They hold the date of the message, so they are made once and kept.

    Raises:
        BadInput: when the person is not the officer, or the filing does not wait for certification.
    """
    if filing.unsigned is not None and not fresh:
        return intact(filing.unsigned)
    if officer.pk != filing.officer_id or filing.state != Filing.State.READY:
        raise bad_input(
            "filing.not_officer",
            _("only the certifying officer can take the content to sign, while it waits for that."),
            mend=_("The preparer names the officer and hands the filing over."),
        )
    message = signed_message(content_of(filing), _Nobody(key.certificate), timezone.now())
    parts = signed_parts(entity(message))
    content = parts.content.raw if parts else b""
    with change(officer, "filing.content_taken", subject=filing.subject) as entry:
        stored = store_bytes(content, name=f"{filing.kind}-{filing.quarter}.unsigned.eml")
        Filing.objects.filter(pk=filing.pk, state=Filing.State.READY).update(unsigned=stored)
        entry.note(sha256=stored.sha256)
    return content


def take_in(officer: User, filing: Filing, act: Act, uploaded: bytes) -> Filing:
    """Accept what another program signed, when it is a signature over the content that was taken.

    Raises:
        BadInput: when it holds no signature, or one over something else, or the person may not.
    """
    if is_done(filing, act):
        return filing
    require_certifiable(officer, filing, act)
    if filing.unsigned is None:
        raise bad_input(
            "filing.content_not_taken",
            _("the content to sign was not taken from here yet."),
            mend=_("Download it first, sign it, then upload the result."),
        )
    content = intact(filing.unsigned)
    message = signed_form(content, _signature_in(uploaded, content))
    return accept(officer, filing, act, message, timezone.now())


def _signature_in(uploaded: bytes, content: bytes) -> bytes:
    """Return the signature (DER) of a message or of a detached signature."""
    pem = _PEM.search(uploaded)
    if pem:
        return _decoded(pem[1])
    if uploaded.startswith(_DER_SEQUENCE):
        return uploaded
    parts = signed_parts(entity(uploaded)) if is_message(uploaded) else None
    if parts is None or parts.signature is None:
        raise bad_input(
            "filing.no_signature",
            _("holds no signature that can be read."),
            mend=_(
                "Upload the signed message (.eml), or the detached signature (.p7s) as DER or PEM."
            ),
            field="file",
        )
    if parts.content.raw.strip(b"\r\n") != content.strip(b"\r\n"):
        raise bad_input(
            "filing.other_content",
            _("the signed part is not the content that was taken from here."),
            mend=_("Sign that file as it is, byte by byte; let no program convert it."),
            field="file",
        )
    return parts.signature


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(re.sub(rb"\s", b"", text), validate=True)
    except binascii.Error:
        raise bad_input(
            "filing.no_signature",
            _("the signature cannot be decoded."),
            mend=_("Upload it as the program wrote it."),
            field="file",
        ) from None
