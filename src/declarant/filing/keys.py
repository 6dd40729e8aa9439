"""Keys and certificates: reading them from PEM or PKCS #12, and making a pair for trial only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from declarant.problems import BadInput, bad_input

TRIAL = "TRIAL ONLY"
TRIAL_DAYS = 730
_RSA_BITS = 3072
_LEAST_RSA_BITS = 2048  # NIST SP 800-131A: less is disallowed for signatures

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
AskPassphrase = Callable[[str], bytes]
"""Called with the name of a locked file; returns its passphrase."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its certificate, and the certificates between that and a root."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file, and its name for messages."""

    name: str
    data: bytes


def read_signer(key: File, certificate: File | None, ask: AskPassphrase) -> Signer:
    """Return who signs, from a PKCS #12 file, or a PEM key with its certificate.

    The certificate may stand in the same PEM file as the key.

    Raises:
        BadInput: when a file is not what it should be, the passphrase is wrong, no certificate
            belongs to the key, or mail programs could not check its signatures.
    """
    if _is_pem(key.data):
        private = _pem_key(key, ask)
        holding = certificate or key
        certificates = read_certificates(holding)
        where = holding.name
    else:
        private, certificates = _pkcs12(key, ask)
        certificates += read_certificates(certificate) if certificate else ()
        where = key.name
    usable = _usable(private, key.name)
    public = usable.public_key()
    own = [item for item in certificates if item.public_key() == public]
    if not own:
        raise bad_input(
            "key.no_certificate",
            "no certificate here belongs to the key.",
            mend=f"Give the certificate of {key.name} with --certificate.",
            file=where,
        )
    return Signer(usable, own[0], tuple(item for item in certificates if item != own[0]))


def read_certificates(file: File) -> tuple[x509.Certificate, ...]:
    """Return every certificate of a PEM or DER file.

    Raises:
        BadInput: when there is none, or one cannot be read.
    """
    try:
        if _is_pem(file.data):
            return tuple(x509.load_pem_x509_certificates(file.data))
        return (x509.load_der_x509_certificate(file.data),)
    except (ValueError, UnsupportedAlgorithm):
        raise bad_input(
            "key.certificate_unreadable",
            "holds no certificate that can be read.",
            mend="Give an X.509 certificate as PEM or DER.",
            file=file.name,
        ) from None


def is_trial(certificate: x509.Certificate) -> bool:
    """Whether a certificate says of itself that it is for trial only."""
    return TRIAL in certificate.subject.rfc4514_string()


def make_trial(name: str, email: str, begins: datetime) -> tuple[bytes, bytes]:
    """Return a new key (PEM, with its certificate) and the certificate alone (PEM).

    For trial only: self-signed, and its subject says so.

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
        addresses = x509.SubjectAlternativeName([x509.RFC822Name(email)])
    except ValueError as error:
        raise bad_input(
            "key.name",
            f"{name!r} <{email}> cannot stand in a certificate: {error}.",
            mend="Give a name, and an e-mail address in ASCII.",
        ) from None
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=TRIAL_DAYS))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_MAIL_USAGE, critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
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


def _is_pem(data: bytes) -> bool:
    return b"-----BEGIN " in data


def _pem_key(file: File, ask: AskPassphrase) -> object:
    try:
        return serialization.load_pem_private_key(file.data, None)
    except TypeError:  # locked
        pass
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable(file) from None
    try:
        return serialization.load_pem_private_key(file.data, ask(file.name))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _locked(file) from None


def _pkcs12(file: File, ask: AskPassphrase) -> tuple[object, tuple[x509.Certificate, ...]]:
    if not file.data.startswith(b"\x30"):
        raise _unreadable(file)
    for passphrase in (lambda: None, lambda: ask(file.name)):
        try:
            key, own, others = pkcs12.load_key_and_certificates(file.data, passphrase())
        except (ValueError, UnsupportedAlgorithm):
            continue
        return key, (*([own] if own else ()), *others)
    raise _locked(file)


def _usable(key: object, name: str) -> PrivateKey:
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_RSA_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise bad_input(
        "key.unusable",
        "is no key that mail programs check signatures of.",
        mend=f"Use an RSA key of at least {_LEAST_RSA_BITS} bits, or an elliptic-curve key.",
        file=name,
    )


def _unreadable(file: File) -> BadInput:
    return bad_input(
        "key.unreadable",
        "holds no private key that can be read.",
        mend="Give a PEM file with a private key, or a PKCS #12 file.",
        file=file.name,
    )


def _locked(file: File) -> BadInput:
    return bad_input(
        "key.passphrase",
        "cannot be opened with this passphrase.",
        mend="Give the passphrase of this file; if it is right, the file is damaged.",
        file=file.name,
    )
