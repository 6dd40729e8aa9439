"""What a verification says: what was looked at, who signed it, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.head import ExchangeHead
from declarant.filing.keys import File, SignerInMemory
from declarant.filing.published import Published
from declarant.problems import Finding, Place, Severity


class Kind(StrEnum):
    """What a file was recognised as."""

    MESSAGE = "message"
    DOCUMENT = "document"
    FORM = "form"


class Identity(StrEnum):
    """What is known of the signer beyond what the certificate says of itself."""

    EXPECTED = "expected"  # the very certificate that was asked for
    TRUSTED = "trusted"  # issued under an authority that was given
    NOT_CHECKED = "not_checked"  # nobody was named to compare with
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the verifier knows beforehand.

    Attributes:
        certificates: certificates of which one must have signed; empty: any may have.
        authorities: certificates of which one must stand behind the signer's, besides; empty:
            none is asked for.
        recipient: opens an encrypted message.
        evidence: folder in which the evidence files lie.
        document: the JSON document that a form found alone belongs to.
        at: moment at which the certificate must be valid, besides the moment of signing.
        allow_draft: a message without a signature is no error, unless a signer is asked for.
        replies_to: the document that a document of the exchange should reply to; its questions,
            when it is a question set, are what the answers are held against.
        earlier: answer sets that answer the same questions and stand beside the one at hand.
        ignore_form: a message's form that cannot be made again and compared is no error; who says
            so relies on the JSON document alone.
    """

    certificates: tuple[x509.Certificate, ...] = ()
    authorities: tuple[x509.Certificate, ...] = ()
    recipient: SignerInMemory | None = None
    evidence: Path | None = None
    document: File | None = None
    at: datetime | None = None
    replies_to: Published | None = None
    earlier: tuple[AnswerSet, ...] = ()
    allow_draft: bool = False
    ignore_form: bool = False

    @property
    def asks_for_signer(self) -> bool:
        """Whether something was given that only a signature can meet."""
        return bool(self.certificates or self.authorities)


@dataclass(frozen=True, slots=True)
class SignerReport:
    """Who signed, as far as the signature and its certificate tell."""

    certificate: x509.Certificate
    signed_at: datetime | None
    identity: Identity

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        own = self.certificate
        return {
            "subject": own.subject.rfc4514_string(),
            "issuer": own.issuer.rfc4514_string(),
            "serial": f"{own.serial_number:x}",
            "sha256": own.fingerprint(hashes.SHA256()).hex(),
            "valid_from": own.not_valid_before_utc.isoformat(),
            "valid_until": own.not_valid_after_utc.isoformat(),
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "identity": self.identity.value,
        }


@dataclass(frozen=True, slots=True)
class AttachmentReport:
    """One attachment: `state` is intact, changed, missing or not_named (by the manifest)."""

    name: str
    state: str
    sha256: str | None

    def as_json(self) -> dict[str, str | None]:
        """Return the published form."""
        return {"name": self.name, "state": self.state, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Verification:
    """The result for one file. It is valid when no finding is an error."""

    file: str
    kind: Kind
    findings: tuple[Finding, ...]
    document: Published | None = None
    attachments: tuple[AttachmentReport, ...] = ()
    signed: bool = False
    encrypted: bool = False
    signer: SignerReport | None = None

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong; warnings and notes may stand."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the published form (`declarant verify --json`)."""
        return {
            "file": self.file,
            "kind": self.kind.value,
            "valid": self.valid,
            "signed": self.signed,
            "encrypted": self.encrypted,
            "signer": self.signer.as_json() if self.signer else None,
            "document": _summary(self.document),
            "attachments": [item.as_json() for item in self.attachments],
            "findings": [finding.as_json() for finding in self.findings],
        }


def error(code: str, what: str, where: Place, mend: str) -> Finding:
    """Return a finding that makes the verification fail."""
    return Finding(code, what, where, mend, Severity.ERROR)


def in_file(findings: Iterable[Finding], file: str) -> tuple[Finding, ...]:
    """Return findings with the name of the file they are about, where none is named yet."""
    return tuple(
        Finding(
            item.code,
            item.what,
            item.where.in_file(file),
            item.mend,
            item.severity,
            item.effect,
        )
        for item in findings
    )


def _summary(document: Published | None) -> dict[str, str | None] | None:
    if document is None:
        return None
    summary: dict[str, str | None] = {
        "id": document.id,
        "kind": document.kind,
        "regime": document.regime.id,
        "person": document.person.name if document.person else None,
        "sha256": document.sha256,
    }
    if isinstance(document, ExchangeHead):
        named = document.replies_to
        about = {"prepared_on": document.period, "replies_to": named.id if named else None}
        return summary | about
    return summary | {"quarter": document.quarter}
