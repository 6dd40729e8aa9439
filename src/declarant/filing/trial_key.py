"""A key for trial only: anybody can make one, so it proves nothing, and it says so of itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from declarant.problems import bad_input

TRIAL = "TRIAL ONLY"
BEFORE = timedelta(days=3650)  # so that examples of any date can be signed
AFTER = timedelta(days=730)
_RSA_BITS = 3072


def is_trial(certificate: x509.Certificate) -> bool:
    """Whether a certificate says of itself that it is for trial only."""
    return TRIAL in certificate.subject.rfc4514_string()


def make_trial(name: str, email: str | None, at: datetime) -> tuple[bytes, bytes]:
    """Return a new key (PEM, with its certificate) and the certificate alone (PEM).

    For trial only: self-signed, its subject says so, and it is valid from long before `at`.

    Raises:
        BadInput: when the name or the address cannot stand in a certificate.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    try:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, f"{TRIAL}: {name}"[:64]),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{TRIAL}, NOT FOR FILING"),
            ]
        )
        addresses = [x509.RFC822Name(email)] if email else []
    except ValueError as error:
        raise bad_input(
            "key.name",
            f"{name!r} ({email}) cannot stand in a certificate: {error}.",
            mend="Give a name, and an e-mail address in ASCII.",
        ) from None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE)
        .not_valid_after(at + AFTER)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_MAIL_USAGE, critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if addresses:
        builder = builder.add_extension(x509.SubjectAlternativeName(addresses), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    key_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return key_pem + pem, pem


_MAIL_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=True,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
