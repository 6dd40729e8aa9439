"""The signature: Cryptographic Message Syntax (RFC 5652) over the exact bytes of the signed part.

Besides the digest, the signed attributes hold the time of signing and the hash of the signer's
certificate (RFC 5035), so that no byte of the certificate can be exchanged afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from declarant.filing.keys import Signer

DIGEST = "sha256"
MICALG = "sha-256"


def sign(content: bytes, signer: Signer, at: datetime) -> bytes:
    """Return a detached signature (DER) over `content`, dated `at` (a moment with its zone).

    Raises:
        BadInput: when the signer's key cannot be reached, or does not sign.
    """
    attributes = _attributes(content, signer.certificate, at)
    signature = signer.sign(attributes.untag().dump())
    return assembled(signer.certificate, signer.chain, attributes, signature)


def assembled(
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    attributes: cms.CMSAttributes,
    signature: bytes,
) -> bytes:
    """Return the signature's DER from its parts, in the only form this product writes."""
    own = _asn1(certificate)
    is_rsa = isinstance(certificate.public_key(), rsa.RSAPublicKey)
    algorithm = {"algorithm": "rsassa_pkcs1v15" if is_rsa else "sha256_ecdsa"}
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber(
                    {"issuer": own.issuer, "serial_number": own.serial_number}
                ),
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": DIGEST}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm(algorithm),
            "signature": signature,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": DIGEST})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [own, *map(_asn1, chain)],
            "signer_infos": [info],
        }
    )
    signed = cms.ContentInfo({"content_type": "signed_data", "content": data})
    return bytes(signed.dump())


def _attributes(content: bytes, certificate: x509.Certificate, at: datetime) -> cms.CMSAttributes:
    named = certificate.public_bytes(serialization.Encoding.DER)
    cert_id = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(named).digest()})
    # RFC 5652, 11.3: two-digit years until 2049
    form = "utc_time" if at.year < 2050 else "general_time"
    whole_seconds = at.replace(microsecond=0)
    return cms.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("signing_time", cms.Time(form, whole_seconds)),
            _attribute("message_digest", hashlib.sha256(content).digest()),
            _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [cert_id]})),
        ]
    )


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
