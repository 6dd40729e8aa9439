"""Signing with a key that never leaves its token: smart card, security module (PKCS #11, v2.40).

The token computes the signature; what comes back is checked with the certificate before it is
used. A session is opened for each act and closed after it; a process speaks to its tokens one act
at a time, because signing in and out holds for all sessions of a process at once.

A module is code that runs in this process: take a URI only from whoever may run code here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from declarant.filing.keys import AskPassphrase, File, least_bits, read_certificates, unusable
from declarant.filing.token_objects import (
    PublicKey,
    certificates_on,
    private_key,
    public_key_of,
    signature_of,
)
from declarant.filing.token_problems import explained, pin_unusable
from declarant.filing.token_uri import TokenUri
from declarant.problems import bad_input

if TYPE_CHECKING:
    from pkcs11 import Session, Token

_ONE_AT_A_TIME = Lock()
_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class SignerOnToken:
    """A private key on a token, with its certificate. The PIN is kept, to sign in for each act."""

    uri: TokenUri
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    pin: str | None = field(repr=False)  # None: typed on the token's own keypad

    def sign(self, content: bytes) -> bytes:
        """Return a signature over `content`; see `declarant.filing.keys.Signer`.

        Raises:
            BadInput: when the token is gone, does not let in, or does not sign with the key that
                the certificate belongs to.
        """
        with _at_work(self.uri) as token, _signed_in(token, self.pin) as session:
            signature = signature_of(private_key(session, self.uri), content, self.pin)
        if not _verifies(self.certificate, signature, content):
            raise bad_input(
                "token.other_key",
                "the token's signature does not belong to the certificate of "
                f"{self.certificate.subject.rfc4514_string()}; it was not used.",
                mend="Name the key of this certificate, or give the certificate of this key.",
                file=self.uri.text,
            )
        return signature


def read_token_signer(uri: TokenUri, certificate: File | None, ask: AskPassphrase) -> SignerOnToken:
    """Return who signs with a key on a token.

    The certificate is the one given, or else the key's own on the token; the chain is made of what
    lies beside it. `ask` is called with the token's label, once, and never again after a wrong PIN.

    Raises:
        BadInput: when the module or the token is not there, the PIN is wrong or locked, there is no
            such key or certificate, or its signatures would not be trusted.
    """
    given = read_certificates(certificate) if certificate else ()
    with _at_work(uri) as token:
        pin = _pin(token, uri, ask)
        with _signed_in(token, pin) as session:
            key = private_key(session, uri)
            public = public_key_of(session, key)
            same_id, on_token = certificates_on(session, key)
    own = _own(public, given or on_token, same_id)
    if own is None:
        raise bad_input(
            "key.no_certificate",
            "no certificate here belongs to the key.",
            mend="Give the key's certificate with --certificate, or put it on the token.",
            file=certificate.name if certificate else uri.text,
        )
    key_of_own = own.public_key()
    if not isinstance(key_of_own, PublicKey) or key_of_own.key_size < least_bits(key_of_own):
        raise unusable(uri.text)
    return SignerOnToken(uri, own, _chain(own, (*given, *on_token)), pin)


@contextmanager
def _at_work(uri: TokenUri) -> Iterator[Token]:
    """Hold the token that the URI names; nobody else in this process speaks to one meanwhile."""
    with _ONE_AT_A_TIME, explained(uri):
        from pkcs11 import lib

        fitting = []
        there = []
        for slot in lib(uri.module).get_slots(token_present=True):
            token = slot.get_token()
            there.append(token.label)
            if _fits(token, uri):
                fitting.append(token)
        if len(fitting) != 1:
            listed = ", ".join(map(repr, filter(None, there))) or "none"
            raise bad_input(
                "token.absent" if not fitting else "token.several",
                f"{'no token' if not fitting else 'more than one token'} there fits; "
                f"found: {listed}.",
                mend="Put the token in, or name it by its label (token=...) and serial number "
                "(serial=...).",
                file=uri.text,
            )
        yield fitting[0]


def _fits(token: Token, uri: TokenUri) -> bool:
    serial = token.serial.decode(errors="replace").strip()
    asked: Sequence[tuple[object, object]] = (
        (uri.token, token.label),
        (uri.serial, serial),
        (uri.manufacturer, token.manufacturer_id),
        (uri.model, token.model),
        (uri.slot, token.slot.slot_id),
    )
    return all(wanted is None or wanted == held for wanted, held in asked)


def _pin(token: Token, uri: TokenUri, ask: AskPassphrase) -> str | None:
    """Return the PIN, asked for only when it can be used; None when it is typed on the token."""
    from pkcs11 import TokenFlag

    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise pin_unusable(uri, locked=True)
    if not token.flags & TokenFlag.USER_PIN_INITIALIZED:
        raise pin_unusable(uri, locked=False)
    if token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH:
        return None
    return ask(token.label).decode(errors="replace")


@contextmanager
def _signed_in(token: Token, pin: str | None) -> Iterator[Session]:
    from pkcs11 import PROTECTED_AUTH

    with token.open(user_pin=PROTECTED_AUTH if pin is None else pin) as session:
        yield session


def _own(
    public: PublicKey | None,
    certificates: Sequence[x509.Certificate],
    same_id: x509.Certificate | None,
) -> x509.Certificate | None:
    """Return the certificate of the key: by its public half, else the one with the key's id.

    Where the token tells neither, a single certificate is taken at its word: the signature itself
    is checked with it.
    """
    if public is not None:
        return next((item for item in certificates if item.public_key() == public), None)
    if same_id in certificates:
        return same_id
    return certificates[0] if len(certificates) == 1 else None


def _chain(
    own: x509.Certificate, certificates: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Return the issuers of a certificate, one after the other, as far as they are at hand."""
    chain = [own]
    while len(chain) < _LONGEST_CHAIN:
        above = next(
            (
                item
                for item in certificates
                if item.subject == chain[-1].issuer and item not in chain
            ),
            None,
        )
        if above is None:
            break
        chain.append(above)
    return tuple(chain[1:])


def _verifies(certificate: x509.Certificate, signature: bytes, content: bytes) -> bool:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True
