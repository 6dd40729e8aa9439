"""A signer for one act, from wherever its key lies. Passphrases and PINs pass through, no more."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from declarant.desk.filer.filings.models import SigningKey
from declarant.desk.filer.filings.signing.registering import path_of
from declarant.desk.filer.filings.signing.tokens import allowed_uri
from declarant.filing.keys import File, Signer, SignerInMemory, read_signer
from declarant.problems import BadInput, bad_input


@sensitive_variables("secret", "uploaded")
def signer_of(key: SigningKey, secret: bytes, uploaded: bytes | None = None) -> Signer:
    """Return who signs with a key.

    Args:
        key: the officer's certificate, and where its key lies.
        secret: passphrase of the key or PIN of the token.
        uploaded: a PKCS #12 file, for a key that is brought for one act.

    Raises:
        BadInput: when the key cannot be opened, or is not that of the certificate.
    """
    if key.kind == SigningKey.Kind.PKCS11:
        from declarant.filing.pkcs11 import read_token_signer

        certificate = File(key.label, key.certificates.encode())
        return read_token_signer(allowed_uri(key.token_uri), certificate, lambda _: secret)
    if key.kind == SigningKey.Kind.SERVER:
        return _in_memory(File(key.label, _locked(key)), key, secret)
    if key.kind == SigningKey.Kind.PKCS12 and uploaded:
        return _in_memory(File(key.label, uploaded), key, secret)
    raise bad_input(
        "key.not_brought",
        _("the file with the key is missing."),
        mend=_("Choose the PKCS #12 file (.p12 or .pfx) of this certificate."),
        field="file",
    )


def _locked(key: SigningKey) -> bytes:
    try:
        return path_of(key).read_bytes()
    except OSError:
        raise bad_input(
            "key.gone",
            _("the key is no longer on this server."),
            mend=_("Ask the operator whether it was lost; enter another key meanwhile."),
            file=key.label,
        ) from None


@sensitive_variables("secret", "key_file")
def _in_memory(key_file: File, key: SigningKey, secret: bytes) -> Signer:
    """Return the signer of a file; it signs with the certificate that was entered here."""
    try:
        signer = read_signer(key_file, File(key.label, key.certificates.encode()), lambda _: secret)
    except BadInput as problem:
        if {item.code for item in problem.findings} != {"key.no_certificate"}:
            raise
        signer = None
    if signer is None or signer.certificate.public_key() != key.certificate.public_key():
        raise bad_input(
            "key.other_certificate",
            _("this key belongs to another certificate than the one entered here."),
            mend=_("Choose the file that goes with it, or enter its certificate first."),
            file=key.label,
        )
    return SignerInMemory(signer.key, key.certificate, key.chain[1:] or signer.chain)
