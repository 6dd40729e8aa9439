"""Who signs: a certificate with the use of its key; keys read from PEM, DER or PKCS #12."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from declarant.problems import BadInput, bad_input

LEAST_RSA_BITS = 2048  # NIST SP 800-131A: less is disallowed for signatures
LEAST_CURVE_BITS = 256  # P-256, the least curve that RFC 8551 (S/MIME 4.0) has readers support

_UNREADABLE = (
    ValueError,
    NotImplementedError,  # an extension that cannot be written again
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
AskPassphrase = Callable[[str], bytes]
"""Called with the name of a locked file or token; returns its passphrase or PIN."""


class Signer(Protocol):
    """Somebody who signs. Where the private key lies is the implementation's own matter."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates between that and a root."""

    def sign(self, content: bytes) -> bytes:
        """Return a signature over `content`, with SHA-256, of the kind the certificate's key asks.

        RSASSA-PKCS1-v1_5 for an RSA key; ECDSA as DER (RFC 3279) for an elliptic-curve key.

        Raises:
            BadInput: when the key cannot be reached, or does not sign.
        """


@dataclass(frozen=True, slots=True)
class SignerInMemory:
    """A private key at hand. Only such a key opens what was encrypted."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, content: bytes) -> bytes:
        """Return a signature over `content`; see `Signer`."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(content, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file, and its name for messages."""

    name: str
    data: bytes


def read_signer(key: File, certificate: File | None, ask: AskPassphrase) -> SignerInMemory:
    """Return who signs, from a PKCS #12 file, or a PEM key with its certificate.

    The certificate may stand in the same PEM file as the key.

    Raises:
        BadInput: when a file is not what it should be, the passphrase is wrong, no certificate
            belongs to the key, or its signatures would not be trusted.
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
    return SignerInMemory(usable, own[0], tuple(item for item in certificates if item != own[0]))


def read_certificates(file: File) -> tuple[x509.Certificate, ...]:
    """Return every certificate of a PEM or DER file.

    Raises:
        BadInput: when there is none, or one cannot be read.
    """
    try:
        if _is_pem(file.data):
            return tuple(map(whole, x509.load_pem_x509_certificates(file.data)))
        return (whole(x509.load_der_x509_certificate(file.data)),)
    except _UNREADABLE:
        raise bad_input(
            "key.certificate_unreadable",
            "holds no certificate that can be read.",
            mend="Give an X.509 certificate as PEM or DER.",
            file=file.name,
        ) from None


def whole(certificate: x509.Certificate) -> x509.Certificate:
    """Return a certificate of which every part can be read; the library reads parts only on use.

    Raises:
        ValueError: when a part is damaged or of an unknown kind.
    """
    try:
        certificate.public_key()
        certificate.subject.rfc4514_string()
        certificate.issuer.rfc4514_string()
        for extension in certificate.extensions:
            extension.value.public_bytes()
    except _UNREADABLE as problem:
        raise ValueError(str(problem)) from None
    return certificate


def least_bits(key: object) -> int:
    """Return how many bits an RSA or elliptic-curve key must have for a signature to be trusted."""
    is_rsa = isinstance(key, rsa.RSAPublicKey | rsa.RSAPrivateKey)
    return LEAST_RSA_BITS if is_rsa else LEAST_CURVE_BITS


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
    if isinstance(
        key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    ) and key.key_size >= least_bits(key):
        return key
    raise unusable(name)


def unusable(name: str) -> BadInput:
    """Return the finding for a key whose signatures would not be trusted."""
    return bad_input(
        "key.unusable",
        "is no key that mail programs check signatures of, or too weak to be trusted.",
        mend=f"Use an RSA key of at least {LEAST_RSA_BITS} bits, or an elliptic-curve key of at "
        f"least {LEAST_CURVE_BITS} (P-256).",
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
