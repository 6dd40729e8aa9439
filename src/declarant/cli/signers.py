"""Who signs or opens a message: keys named on the command line, with their passphrases."""

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

    from declarant.filing.keys import Signer

PASSPHRASE = "DECLARANT_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable, not its value


def signer(key: Path, certificate: Path | None) -> Signer:
    """Return the signer of a PEM key (and its certificate) or a PKCS #12 file.

    Raises:
        BadInput: when they cannot be used.
    """
    from declarant.filing.keys import read_signer

    return read_signer(read(key), read(certificate) if certificate else None, _ask)


def certificates(files: Iterable[Path]) -> tuple[x509.Certificate, ...]:
    """Return every certificate of the files.

    Raises:
        BadInput: when one cannot be read.
    """
    from declarant.filing.keys import read_certificates

    return tuple(item for file in files for item in read_certificates(read(file)))


def _ask(name: str) -> bytes:
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given.encode()
    if not sys.stdin.isatty():
        raise bad_input(
            "key.locked",
            "is protected by a passphrase, and there is no terminal to ask for it.",
            mend=f"Set {PASSPHRASE}.",
            file=name,
        )
    answer: str = typer.prompt(f"Passphrase of {name}", hide_input=True, err=True)
    return answer.encode()
