"""The key that signs heads of the log: made at first need, kept in the home, for its owner only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from declarant.audit_log import public_hex
from declarant.problems import bad_input

PRIVATE, PUBLIC = "audit-ed25519.pem", "audit-ed25519.pub.pem"
_FORMER = "audit-ed25519-former-*.pub.pem"


def signing_key() -> Ed25519PrivateKey:
    """Return the key in HOME/keys/audit-ed25519.pem; make it, and its public half, at first need.

    Raises:
        BadInput: when the file holds no Ed25519 key.
    """
    file: Path = settings.DESK.home / "keys" / PRIVATE
    if not file.exists():
        _make(file)
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise bad_input(
            "audit.signing_key",
            "holds no Ed25519 key without a passphrase: heads of the audit log cannot be signed.",
            mend="Restore it from a backup. If it is lost, move the file away: a new key is made, "
            "and whoever keeps heads must be told its public half.",
            file=str(file),
        )
    return key


def _make(file: Path) -> None:
    """Write a new key; when another process was faster, its key stays."""
    key = Ed25519PrivateKey.generate()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle, name = tempfile.mkstemp(dir=file.parent)  # readable by its owner only
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(private)
            written.flush()
            os.fsync(written.fileno())
        try:
            os.link(name, file)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
    public = file.with_name(PUBLIC)
    if public.exists():  # of a key that was lost or taken away: its heads are still good
        former = hashlib.sha256(public.read_bytes()).hexdigest()[:12]
        public.rename(public.with_name(_FORMER.replace("*", former)))
    public.write_bytes(_pem(key))


def known_keys() -> set[str]:
    """Return the public keys, in hexadecimal, that heads of this desk may be signed with.

    They are the one in use and those that it replaced, whose public halves stay in HOME/keys.
    """
    known = {public_hex(signing_key())}
    for file in (settings.DESK.home / "keys").glob(_FORMER):
        with suppress(ValueError):
            key = load_pem_public_key(file.read_bytes())
            if isinstance(key, Ed25519PublicKey):
                known.add(key.public_bytes_raw().hex())
    return known


def public_pem() -> bytes:
    """Return the public half of the key, as a PEM file."""
    return _pem(signing_key())


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
