"""Who signs or opens a message: keys named on the command line, with their passphrases and PINs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from declarant.cli.files import read
from declarant.problems import bad_input

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography import x509

    from declarant.filing.keys import Signer, SignerInMemory

PASSPHRASE = "DECLARANT_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable, not its value


def signer(key: str, certificate: Path | None) -> Signer:
    """Return the signer of a key: a PEM or PKCS #12 file, or a PKCS #11 URI of one on a token.

    Raises:
        BadInput: when they cannot be used.
    """
    from declarant.filing.token_uri import is_token_uri, read_token_uri

    if not is_token_uri(key):
        return signer_in_memory(Path(key), certificate)
    from declarant.filing.pkcs11 import read_token_signer

    uri = read_token_uri(key)
    return read_token_signer(uri, read(certificate) if certificate else None, _ask_pin)


def signer_in_memory(key: Path, certificate: Path | None) -> SignerInMemory:
    """Return the signer of a PEM key (and its certificate) or a PKCS #12 file.

    Raises:
        BadInput: when they cannot be used.
    """
    from declarant.filing.keys import read_signer

    return read_signer(read(key), read(certificate) if certificate else None, _ask_passphrase)


def certificates(files: Iterable[Path]) -> tuple[x509.Certificate, ...]:
    """Return every certificate of the files.

    Raises:
        BadInput: when one cannot be read.
    """
    from declarant.filing.keys import read_certificates

    return tuple(item for file in files for item in read_certificates(read(file)))


def _ask_passphrase(name: str) -> bytes:
    return _ask(name, "a passphrase", f"Passphrase of {name}")


def _ask_pin(label: str) -> bytes:
    return _ask(f"token {label}", "a PIN", f"PIN of token {label}")


def _ask(name: str, secret: str, prompt: str) -> bytes:
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given.encode()
    if not sys.stdin.isatty():
        raise bad_input(
            "key.locked",
            f"is protected by {secret}, and there is no terminal to ask for it.",
            mend=f"Set {PASSPHRASE}.",
            file=name,
        )
    answer: str = typer.prompt(prompt, hide_input=True, err=True)
    return answer.encode()
