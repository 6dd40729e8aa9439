"""A filing as files in a folder: document, form, calendar, manifest, and the message."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from declarant.cli.files import write_public
from declarant.filing.calendar import calendar
from declarant.filing.keys import File
from declarant.filing.manifest import MANIFEST_NAME
from declarant.filing.message import Filing, draft_message, sealed_message, signed_message
from declarant.filing.pdf import render
from declarant.filing.verification import Expectations, verify
from declarant.problems import BadInput, Severity, bad_input

if TYPE_CHECKING:
    from cryptography import x509

    from declarant.filing.documents import Document
    from declarant.filing.keys import Signer
    from declarant.problems import Finding


def write_filing(
    document: Document,
    folder: Path,
    moment: datetime,
    signer: Signer | None,
    recipients: tuple[x509.Certificate, ...],
) -> tuple[dict[str, Path], tuple[Finding, ...]]:
    """Write every file; return them by what they are for, and what a reader will be told.

    The message is a draft without a signer. With recipients it is written encrypted as well.

    Raises:
        BadInput: when a signed message is there already or would not be valid, or the key or a
            recipient's certificate cannot be used. Nothing has been written then.
    """
    form = render(document)
    filing = Filing.of(document, form.pdf, calendar(document))
    stem = f"{document.kind}-{document.quarter}"
    if signer is None:
        messages = {"draft": (f"{stem}.draft.eml", draft_message(filing, moment))}
    else:
        signed = signed_message(filing, signer, moment)
        messages = {"message": (f"{stem}.eml", signed)}
        if recipients:
            sealed = sealed_message(signed, recipients)
            messages["encrypted"] = (f"{stem}.encrypted.eml", sealed)
    findings = _told(messages, signer)
    _refuse_to_overwrite(folder / f"{stem}.eml")
    written: dict[str, Path] = {}
    for item in filing.attachments:
        written[item.role] = folder / item.name
        write_public(folder / item.name, item.data)
    written["manifest"] = folder / MANIFEST_NAME
    write_public(folder / MANIFEST_NAME, filing.manifest)
    for role, (name, data) in messages.items():
        written[role] = folder / name
        write_public(folder / name, data)
    return written, (*form.findings, *findings)


def _told(messages: dict[str, tuple[str, bytes]], signer: Signer | None) -> tuple[Finding, ...]:
    """Return what whoever verifies the message will be told.

    Raises:
        BadInput: when a message about to be signed would not be valid.
    """
    name, data = next(iter(messages.values()))
    certificates = (signer.certificate,) if signer else ()
    result = verify(File(name, data), Expectations(certificates=certificates, allow_draft=True))
    if signer and not result.valid:
        raise BadInput(tuple(f for f in result.findings if f.severity is Severity.ERROR))
    return tuple(f for f in result.findings if f.code != "signature.absent")


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise bad_input(
            "file.signed_exists",
            "is a signed message; neither it nor the files that belong to it are overwritten.",
            mend="Name another folder with --out, or move the message away.",
            file=str(path),
        )
