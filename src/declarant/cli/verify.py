"""`declarant verify`: what is wrong with a message, a document or a form, and exactly where."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption, read_day
from declarant.cli.failures import ATTENTION, BAD_INPUT
from declarant.problems import BadInput

if TYPE_CHECKING:
    from declarant.filing.keys import File, SignerInMemory
    from declarant.filing.published import Published
    from declarant.filing.verification import Expectations, Verification


def verify(
    file: Annotated[
        Path, typer.Argument(help="A message (.eml), a JSON document or a form (.pdf).")
    ],
    certificate: Annotated[
        list[Path] | None,
        typer.Option("--certificate", help="Certificate that must have signed; may be repeated."),
    ] = None,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust", help="Authority that must stand behind the signer's certificate, besides."
        ),
    ] = None,
    decrypt_with: Annotated[
        Path | None,
        typer.Option("--decrypt-with", help="Key (with its certificate) for encrypted messages."),
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", help="Folder in which the evidence files lie.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Day on which the certificate must be valid as well."),
    ] = None,
    reply_to: Annotated[
        Path | None,
        typer.Option(
            "--reply-to",
            help="What FILE should reply to: a message or JSON document. Answers are held against "
            "the questions in it.",
        ),
    ] = None,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft", help="A missing signature is no error, unless --certificate or --trust ask."
        ),
    ] = False,
    ignore_form: Annotated[
        bool,
        typer.Option(
            "--ignore-form",
            help="A message's form that another version wrote, and that cannot be compared, is no "
            "error: only its JSON document is relied on.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check signature, certificate, schema, hashes, plausibility; say what is wrong where.

    Exit status 0: valid. 1: findings make it invalid. 2: it cannot be read at all.

    Without --certificate or --trust the signature is checked, but not whose certificate it is; with
    both, each must hold. A document or form alone carries no signature: with either it is not
    valid. A form is checked against the JSON document of the same name beside it.
    """
    from declarant.cli import output
    from declarant.cli.files import read
    from declarant.cli.signers import certificates, signer_in_memory
    from declarant.filing.verification import Expectations
    from declarant.filing.verification import verify as check

    try:
        day = read_day(at, "--at")
        opener = signer_in_memory(decrypt_with, None) if decrypt_with else None
        expectations = Expectations(
            certificates=certificates(certificate or ()),
            authorities=certificates(trust or ()),
            recipient=opener,
            evidence=evidence,
            document=_beside(file),
            replies_to=_original(reply_to, opener) if reply_to else None,
            at=datetime.combine(day, time.min, UTC) if day else None,
            allow_draft=draft,
            ignore_form=ignore_form,
        )
        result = check(read(file), expectations)
    except BadInput as error:
        if not as_json:
            raise
        findings = [finding.as_json() for finding in error.findings]
        output.print_json({"file": str(file), "valid": False, "findings": findings})
        raise typer.Exit(BAD_INPUT) from None
    if as_json:
        output.print_json(result.as_json())
    else:
        _show(result, expectations)
    if not result.valid:
        raise typer.Exit(ATTENTION)


def _beside(file: Path) -> File | None:
    """Return the JSON document of the same name beside a form; None when there is none."""
    from declarant.cli.files import read

    document = file.with_suffix(".json") if file.suffix.lower() == ".pdf" else None
    return read(document) if document and document.exists() else None


def _original(file: Path, opener: SignerInMemory | None) -> Published:
    """Return the document that another one should reply to.

    Raises:
        BadInput: when no document in the file can be read.
    """
    from declarant.cli.files import read
    from declarant.filing.verification import Expectations
    from declarant.filing.verification import verify as check

    result = check(read(file), Expectations(recipient=opener, allow_draft=True))
    if result.document is None:
        raise BadInput(result.findings)
    return result.document


def _show(result: Verification, expectations: Expectations) -> None:
    from declarant.cli import output

    page = output.console()
    errors = sum(finding.severity.value == "error" for finding in result.findings)
    verdict = "[bold green]VALID[/]" if result.valid else "[bold red]NOT VALID[/]"
    doubt = _doubt(result) if result.valid else ""
    page.print(f"{output.plain(result.file)}: {verdict} ({_counted(errors, 'error')}){doubt}")
    rows = [*_document_rows(result), *_signer_rows(result)]
    rows += [(item.name, f"{item.state.replace('_', ' ')}") for item in result.attachments]
    if expectations.evidence and result.document:
        rows.append(("Evidence", f"compared with {expectations.evidence}"))
    for label, value in rows:
        page.print(f"  {output.plain(label)}: {output.plain(value)}")
    output.show_findings(result.findings)


def _doubt(result: Verification) -> str:
    """Return what a valid file does not prove, to stand in the headline."""
    if result.signer is None:
        return ", but [bold yellow]nobody signed it[/]"
    if result.signer.identity.value == "not_checked":
        return ", but [bold yellow]whose signature it is was not checked[/]"
    return ""


def _document_rows(result: Verification) -> list[tuple[str, Any]]:
    document = result.document
    if document is None:
        return []
    original = getattr(document, "replies_to", None)  # filings reply to nothing
    return [
        ("Document", document.id),
        ("SHA-256", document.sha256),
        ("Person", f"{document.person_name}, {document.period}"),
        ("Law", f"{document.regime.id}: {document.regime.status.name}"),
        *([("Reply to", original.id)] if original else []),
    ]


def _signer_rows(result: Verification) -> list[tuple[str, Any]]:
    signer = result.signer
    if signer is None:
        return []
    said = signer.as_json()
    return [
        ("Certificate of", said["subject"]),
        ("Its SHA-256", said["sha256"]),
        ("Signed", said["signed_at"] or "not dated"),
        ("Identity", said["identity"].replace("_", " ")),
    ]


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
