"""The signature: it fits the signed bytes, and the certificate that comes with it.

Signatures of other programs are read too. Any part that the signature does not itself protect is
named when it is not as this product would write it, so no byte changes unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from declarant.filing.keys import whole
from declarant.filing.signing import assembled
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place, Severity

SIGNATURE = Place(field="signature")
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
# what a lazy reader of ASN.1 raises when the structure is not what it claims to be
_DAMAGED = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    x509.InvalidVersion,
)
_SEND_AGAIN = "Ask the sender for the message again, and compare it with what was sent."


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What a signature proves: `certificate` is the signer's, None when it cannot be read."""

    certificate: x509.Certificate | None
    chain: tuple[x509.Certificate, ...]
    signed_at: datetime | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    info: cms.SignerInfo
    attributes: dict[str, Any]


def check_signature(content: bytes, der: bytes) -> SignatureCheck:
    """Return what the detached signature `der` proves about `content`."""
    try:
        parts = _read(der)
        findings = tuple(_problems(content, der, parts))
        signed_at = parts.attributes.get("signing_time")
    except _DAMAGED as problem:
        what = f"the signature cannot be read: {str(problem).splitlines()[0] or 'damaged'}"
        found = error("signature.unreadable", f"{what:.200}.", SIGNATURE, _SEND_AGAIN)
        return SignatureCheck(None, (), None, (found,))
    return SignatureCheck(parts.certificate, parts.chain, signed_at, findings)


def _read(der: bytes) -> _Parts:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        raise ValueError("it is no signature but something else")
    data = info["content"]
    infos = list(data["signer_infos"])
    if len(infos) != 1:
        raise ValueError(f"it names {len(infos)} signers, not one")
    held = [
        whole(x509.load_der_x509_certificate(choice.chosen.dump()))
        for choice in data["certificates"]
        if choice.name == "certificate"
    ]
    own = next((item for item in held if _is_signer(item, infos[0]["sid"])), None)
    if own is None:
        raise ValueError("the certificate of its signer is not with it")
    attributes: dict[str, Any] = {}
    for attribute in infos[0]["signed_attrs"]:
        kind = attribute["type"].native
        if kind in attributes or len(attribute["values"]) != 1:
            raise ValueError(f"the attribute {kind} stands more than once")
        attributes[kind] = attribute["values"][0].native
    return _Parts(own, tuple(item for item in held if item is not own), infos[0], attributes)


def _is_signer(certificate: x509.Certificate, sid: cms.SignerIdentifier) -> bool:
    if sid.name == "issuer_and_serial_number":
        named = sid.chosen
        return bool(
            named["serial_number"].native == certificate.serial_number
            and named["issuer"].dump() == certificate.issuer.public_bytes()
        )
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return False
    return bool(sid.native == extension.value.digest)


def _problems(content: bytes, der: bytes, parts: _Parts) -> Iterator[Finding]:
    digest_name = parts.info["digest_algorithm"]["algorithm"].native
    if digest_name not in _HASHES:
        what = f"the signature rests on {digest_name}, which is no longer safe."
        yield error("signature.weak", what, SIGNATURE, "Sign with SHA-256 or stronger.")
        return
    if parts.attributes.get("message_digest") != hashlib.new(digest_name, content).digest():
        what = "the signed part is not what was signed: at least one byte of it was changed."
        yield error("signature.content_changed", what, Place(field="signed part"), _SEND_AGAIN)
    if parts.attributes.get("content_type") != "data" or not _fits(parts, _HASHES[digest_name]):
        what = (
            "the signature does not fit: the signature, what it says of itself, or the certificate "
            "was changed, or another key made it."
        )
        yield error("signature.invalid", what, SIGNATURE, _SEND_AGAIN)
    elif not _names_certificate(parts):
        what = "the signature names another certificate than the one that comes with it."
        yield error("signature.other_certificate", what, SIGNATURE, _SEND_AGAIN)
    elif der != assembled(
        parts.certificate, parts.chain, parts.info["signed_attrs"], parts.info["signature"].native
    ):
        yield Finding(
            "signature.unusual_form",
            "the signature holds parts that it does not itself protect, or in another order than "
            "this product writes them; what it proves does not rest on them.",
            SIGNATURE,
            "Nothing needs to be done when another program signed the message.",
            Severity.NOTE,
        )


def _fits(parts: _Parts, digest: hashes.HashAlgorithm) -> bool:
    """Whether the key of the certificate made the signature over the signed attributes."""
    signed = parts.info["signed_attrs"].untag().dump()
    signature = parts.info["signature"].native
    key = parts.certificate.public_key()
    algorithm = parts.info["signature_algorithm"]
    scheme = algorithm.signature_algo
    try:
        if isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pkcs1v15":
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, rsa.RSAPublicKey) and scheme == "rsassa_pss":
            hashed = _HASHES[algorithm.hash_algo]
            length = algorithm["parameters"]["salt_length"].native
            key.verify(signature, signed, padding.PSS(padding.MGF1(hashed), length), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and scheme == "ecdsa":
            key.verify(signature, signed, ec.ECDSA(_HASHES[algorithm.hash_algo]))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _names_certificate(parts: _Parts) -> bool:
    """Whether the hash of the certificate among the signed attributes, if any, is right."""
    named = parts.attributes.get("signing_certificate_v2")
    if named is None:
        return True
    first = named["certs"][0]
    digest = first["hash_algorithm"]["algorithm"]
    own = parts.certificate.public_bytes(Encoding.DER)
    return digest in _HASHES and first["cert_hash"] == hashlib.new(digest, own).digest()
