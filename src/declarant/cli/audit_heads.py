"""Signed heads and public keys that are given on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from declarant.cli.files import read
from declarant.problems import bad_input

if TYPE_CHECKING:
    from declarant.audit_log.log import FoundHead

_KEY = re.compile(r"[0-9a-f]{64}")


def read_heads(paths: Iterable[Path]) -> list[FoundHead]:
    """Return the heads in files, in mails that were saved, or in folders of either.

    Raises:
        BadInput: when a file holds none.
    """
    return [_read_head(file) for path in paths for file in _files(path)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.iterdir() if file.suffix in (".json", ".eml"))
    else:
        yield path


def _read_head(path: Path) -> FoundHead:
    from declarant.audit_log.head import read_head
    from declarant.audit_log.log import FoundHead

    data = read(path).data
    try:
        return FoundHead(read_head(_text(data)), str(path), kept_elsewhere=True)
    except ValueError as error:
        raise bad_input(
            "audit.no_head",
            f"{error}.",
            mend="Name a file from the desk's folder of heads, or the mail that a head came in.",
            file=str(path),
        ) from None


def _text(data: bytes) -> str:
    """Return a file's text, or that of the mail which it is."""
    from email import message_from_bytes, policy

    if not data.lstrip().startswith(b"{"):
        body = message_from_bytes(data, policy=policy.default).get_body(("plain",))
        if body is not None:
            return str(body.get_content())
    return data.decode(errors="replace")


def read_key(given: str) -> str:
    """Return a public key in hexadecimal, from a PEM file or from its digits.

    Raises:
        BadInput: when it is no Ed25519 key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if _KEY.fullmatch(given.strip().lower()):
        return given.strip().lower()
    try:
        key = load_pem_public_key(read(Path(given)).data)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise bad_input(
            "audit.no_key",
            f"{given!r} is no Ed25519 public key.",
            mend="Name the desk's audit-ed25519.pub.pem, or give 64 hexadecimal digits.",
            field="--key",
        )
    return key.public_bytes_raw().hex()
