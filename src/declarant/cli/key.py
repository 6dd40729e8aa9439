"""`declarant key`: keys for signing; here only one for trial can be made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from declarant.cli.arguments import JsonOption

app = typer.Typer(help="Keys to sign with.", no_args_is_help=True)


@app.command("make-trial")
def make_trial(
    out: Annotated[
        Path, typer.Option("--out", help="Folder to write key and certificate to.")
    ] = Path("trial-key"),
    name: Annotated[str, typer.Option("--name", help="Name that the certificate carries.")] = (
        "Trial signer"
    ),
    email: Annotated[
        str | None, typer.Option("--email", help="E-mail address that the certificate carries.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a development key with a self-signed certificate, FOR TRIAL ONLY.

    Signatures of this key prove nothing to anybody else; `declarant verify` says so. The key is not
    protected by a passphrase. Nothing is overwritten.
    """
    from datetime import UTC, datetime

    from declarant.cli import output
    from declarant.cli.files import write_private, write_public
    from declarant.filing.trial_key import TRIAL, make_trial

    key_file, certificate_file = out / "trial-key.pem", out / "trial-certificate.pem"
    key, certificate = make_trial(name, email, datetime.now(UTC))
    write_private(key_file, key)
    write_public(certificate_file, certificate, overwrite=False)
    if as_json:
        output.print_json(
            {"trial": True, "key": str(key_file), "certificate": str(certificate_file)}
        )
        return
    page = output.console()
    page.print(f"[bold red]{TRIAL}: never file with this key.[/] It proves nothing about anybody.")
    page.print(f"key and certificate, to sign with: {output.plain(key_file)}")
    page.print(f"certificate, to give to others:    {output.plain(certificate_file)}")
