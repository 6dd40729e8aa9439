"""An officer's certificate made known, with where its key lies; ended when it is used no more.

A key on the server lies in HOME/keys, locked with a passphrase that is asked for each time and kept
nowhere. What is in the database and the audit log is the certificate.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.agency import pem_of
from declarant.desk.filer.filings.models import SigningKey
from declarant.desk.filer.filings.models.keys import fingerprint_of
from declarant.desk.filer.filings.signing.tokens import allowed_uri
from declarant.filing.keys import File, SignerInMemory, least_bits, read_certificates, read_signer
from declarant.filing.trial_key import make_trial
from declarant.problems import bad_input

OWNER_ONLY = 0o600
SHORTEST_PASSPHRASE = 12


def register_certificate(
    owner: User, label: str, kind: str, certificate: File, token_uri: str = ""
) -> SigningKey:
    """Make known a certificate whose key stays where it is: in a file, on a token, elsewhere.

    Raises:
        BadInput: when the certificate cannot be read or is too weak, or the token's module is not
            one that the operator allows.
    """
    if kind == str(SigningKey.Kind.PKCS11):
        allowed_uri(token_uri)
    certificates = read_certificates(certificate)
    key = certificates[0].public_key()
    if getattr(key, "key_size", 0) < least_bits(key):
        raise bad_input(
            "key.weak",
            _("is for a key that mail programs check no signatures of, or one too weak."),
            mend=_(
                "Use an RSA key of at least 2048 bits, or an elliptic-curve key of at least 256."
            ),
            file=certificate.name,
        )
    row = _row(owner, label, kind, certificates)
    row.token_uri = token_uri if kind == str(SigningKey.Kind.PKCS11) else ""
    return _entered(row)


def keep_on_server(
    owner: User, label: str, key: File, its_passphrase: bytes, passphrase: bytes
) -> SigningKey:
    """Take a key in and keep it on the server, locked with a passphrase of the officer's.

    Args:
        owner: the officer.
        label: what to call it.
        key: a PEM or PKCS #12 file with key and certificate.
        its_passphrase: of that file; empty when it has none.
        passphrase: the one it is locked with here.

    Raises:
        BadInput: when the key cannot be opened or used, or the passphrase is too short.
    """
    signer = read_signer(key, None, lambda _: its_passphrase)
    return _kept(owner, label, signer, passphrase)


def make_for_trial(owner: User, label: str, passphrase: bytes, at: datetime) -> SigningKey:
    """Make a key with a certificate that says of itself that it is for trial only.

    Raises:
        BadInput: when the passphrase is too short.
    """
    pem, _certificate = make_trial(owner.name, owner.email, at)
    return _kept(owner, label, read_signer(File("trial", pem), None, lambda _: b""), passphrase)


def end(person: User, key: SigningKey) -> None:
    """Use a key no more; what it signed stays verifiable. A key on the server is removed.

    Raises:
        BadInput: when it belongs to somebody else.
    """
    if key.owner_id != person.pk:
        raise bad_input(
            "key.not_yours",
            _("this key belongs to somebody else."),
            mend=_("Ask %(name)s to end it.") % {"name": key.owner.name},
        )
    with change(
        person,
        "signing_key.ended",
        subject=f"signing_key:{key.pk}",
        fingerprint=key.fingerprint,
    ):
        SigningKey.objects.filter(pk=key.pk, ended__isnull=True).update(ended=timezone.now())
    if key.file_name:
        path_of(key).unlink(missing_ok=True)


def path_of(key: SigningKey) -> Path:
    """Return where the locked key of a row lies."""
    folder: Path = settings.DESK.home / "keys"
    return folder / key.file_name


def _kept(owner: User, label: str, signer: SignerInMemory, passphrase: bytes) -> SigningKey:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise bad_input(
            "key.passphrase_short",
            _("the passphrase must have %(shortest_passphrase)s characters or more.")
            % {"shortest_passphrase": SHORTEST_PASSPHRASE},
            mend=_("Take several words that you can remember; it is asked for at each signature."),
            field="passphrase",
        )
    row = _row(owner, label, str(SigningKey.Kind.SERVER), (signer.certificate, *signer.chain))
    row.file_name = f"signing-{secrets.token_hex(8)}.pem"
    locked = signer.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    place = path_of(row)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(locked)
        file.flush()
        os.fsync(file.fileno())
    try:
        return _entered(row)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _row(
    owner: User, label: str, kind: str, certificates: tuple[x509.Certificate, ...]
) -> SigningKey:
    return SigningKey(
        owner=owner,
        label=label.strip() or owner.name,
        kind=kind,
        certificates=pem_of(certificates),
        fingerprint=fingerprint_of(certificates[0]),
    )


def _entered(row: SigningKey) -> SigningKey:
    try:
        with change(row.owner, "signing_key.entered", fingerprint=row.fingerprint) as entry:
            row.save(force_insert=True)
            entry.subject = f"signing_key:{row.pk}"
            entry.note(label=row.label, kind=row.kind, certificate_of=row.subject_name)
    except IntegrityError:
        raise bad_input(
            "key.entered_already",
            _("this certificate is known here already, for the same place of its key."),
            mend=_("Use that entry, or end it first."),
        ) from None
    return row
