"""Sealing a signed message for the agency: CMS enveloped data, AES-256, RSA key transport.

RFC 8551. The seal hides; it proves nothing. What proves is the signature inside.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from declarant.filing.keys import SignerInMemory
from declarant.problems import bad_input


def seal(content: bytes, recipients: Sequence[x509.Certificate]) -> bytes:
    """Return `content` encrypted to each recipient (DER); another seal on every call.

    Raises:
        BadInput: when a recipient's certificate does not hold an RSA key, or there is none.
    """
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content)
    builder = builder.set_content_encryption_algorithm(algorithms.AES256)
    for certificate in recipients:
        if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
            raise bad_input(
                "encryption.key",
                f"the certificate of {certificate.subject.rfc4514_string()} holds no RSA key.",
                mend="Ask the agency for a certificate with an RSA key for encryption.",
            )
        builder = builder.add_recipient(certificate)
    if not recipients:
        raise bad_input(
            "encryption.nobody", "there is nobody to encrypt to.", mend="Give --encrypt-to CERT."
        )
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def unseal(sealed: bytes, recipient: SignerInMemory, name: str) -> bytes:
    """Return what is inside a seal.

    Raises:
        BadInput: when the seal is damaged or was made for somebody else.
    """
    if not isinstance(recipient.key, rsa.RSAPrivateKey):
        opened = None
    else:
        try:
            opened = pkcs7.pkcs7_decrypt_der(sealed, recipient.certificate, recipient.key, [])
        except (ValueError, TypeError):
            opened = None
    if opened is None:
        raise bad_input(
            "encryption.not_opened",
            "the message cannot be decrypted with this key: it was encrypted to another "
            "certificate, or it is damaged.",
            mend="Give the key of the certificate it was encrypted to, or ask for the message "
            "again.",
            file=name,
        )
    return opened
