"""What lies on a token of PKCS #11: private keys, their public halves, certificates; one signature.

Every function takes an open session. Names of attributes and mechanisms are those of the standard
(PKCS #11 v2.40, sections 2.1 and 2.3).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, core, keys
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from declarant.filing.keys import whole
from declarant.filing.token_uri import TokenUri
from declarant.problems import bad_input

if TYPE_CHECKING:
    from pkcs11 import Session

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def private_key(session: Session, uri: TokenUri) -> Any:
    """Return the private key (a `pkcs11.PrivateKey`) that the URI names, or the only one there is.

    Raises:
        BadInput: when there is none or several, or it is not made for signatures that mail programs
            check.
    """
    from pkcs11 import Attribute, KeyType, ObjectClass

    wanted: dict[Attribute, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if uri.key is not None:
        wanted[Attribute.LABEL] = uri.key
    if uri.key_id is not None:
        wanted[Attribute.ID] = uri.key_id
    found: list[Any] = list(session.get_objects(wanted))
    if len(found) != 1:
        there = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
        listed = ", ".join(f"{_of(key, Attribute.LABEL, '')!r}" for key in there) or "none"
        raise bad_input(
            "token.several_keys" if found else "token.no_key",
            f"{f'{len(found)} private keys there fit' if found else 'no private key there fits'}; "
            f"on the token: {listed}.",
            mend="Name the key by its label (object=...) or its id (id=%01).",
            file=uri.text,
        )
    (key,) = found
    if key.key_type not in (KeyType.RSA, KeyType.EC) or not _of(key, Attribute.SIGN, True):
        raise bad_input(
            "token.key_not_for_signing",
            "the key does not sign: it is of another kind, or the token does not allow it.",
            mend="Name an RSA or elliptic-curve key that is made for signing (CKA_SIGN).",
            file=uri.text,
        )
    return key


def public_key_of(session: Session, key: Any) -> PublicKey | None:
    """Return the public half of a private key; None when the token does not tell."""
    from pkcs11 import Attribute, KeyType, ObjectClass

    if key.key_type is KeyType.RSA:
        modulus, exponent = (
            _of(key, attribute, b"") for attribute in (Attribute.MODULUS, Attribute.PUBLIC_EXPONENT)
        )
        if not modulus or not exponent:
            return None
        numbers = (int.from_bytes(exponent), int.from_bytes(modulus))
        return rsa.RSAPublicNumbers(*numbers).public_key()
    halves = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: _of(key, Attribute.ID, b"")}
    for half in session.get_objects(halves):
        point, curve = _of(half, Attribute.EC_POINT, b""), _of(half, Attribute.EC_PARAMS, b"")
        try:
            return _curve_key(point, curve)
        except (ValueError, TypeError):  # a curve or a way of writing that is not known
            continue
    return None


def certificates_on(
    session: Session, key: Any
) -> tuple[x509.Certificate | None, tuple[x509.Certificate, ...]]:
    """Return the certificate that carries the key's id, and every certificate on the token.

    One that cannot be read is passed over: tokens hold certificates for other uses as well.
    """
    from pkcs11 import Attribute, ObjectClass

    own: x509.Certificate | None = None
    found = []
    key_id = _of(key, Attribute.ID, b"")
    for item in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            read = whole(x509.load_der_x509_certificate(_of(item, Attribute.VALUE, b"")))
        except ValueError:
            continue
        found.append(read)
        if key_id and own is None and _of(item, Attribute.ID, b"") == key_id:
            own = read
    return own, tuple(found)


def signature_of(key: Any, content: bytes, pin: str | None) -> bytes:
    """Return the token's signature over `content` with SHA-256, as X.509 writes it.

    The digest is computed here and the signature there: every token can do that, and only some
    digest by themselves. `pin` is given again to keys that ask for it at each signature.
    """
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.util.ec import encode_ecdsa_signature

    digest = hashlib.sha256(content).digest()
    again = pin if _of(key, Attribute.ALWAYS_AUTHENTICATE, False) else None
    if key.key_type is KeyType.EC:
        pair = key.sign(digest, mechanism=Mechanism.ECDSA, pin=again)
        return bytes(encode_ecdsa_signature(pair))
    # RFC 8017, 9.2: EMSA-PKCS1-v1_5, of which the token adds the padding
    digested = algos.DigestInfo(
        {
            "digest_algorithm": {"algorithm": "sha256", "parameters": core.Null()},
            "digest": digest,
        }
    ).dump()
    return bytes(key.sign(digested, mechanism=Mechanism.RSA_PKCS, pin=again))


def _curve_key(point: bytes, curve: bytes) -> PublicKey:
    wrapped = core.OctetString.load(point).native if point[:1] == b"\x04" else point
    info = keys.PublicKeyInfo(
        {
            "algorithm": {"algorithm": "ec", "parameters": keys.ECDomainParameters.load(curve)},
            "public_key": wrapped,
        }
    )
    key = load_der_public_key(info.dump())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("no elliptic-curve key")
    return key


def _of(item: Any, attribute: Any, missing: Any) -> Any:
    """Return an attribute of an object, or `missing` where the token does not tell it."""
    from pkcs11 import PKCS11Error

    try:
        return item[attribute]
    except (PKCS11Error, KeyError):
        return missing
