"""`declarant file`: the quarter's notification or affirmation, as a message and separate files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import (
    OUTSIDE_THE_LAW,
    REPORTING_RULE,
    JsonOption,
    RegimeOption,
    RegisterArgument,
    given_to,
    read_day,
)
from declarant.problems import BadInput, bad_input

if TYPE_CHECKING:
    from cryptography import x509

    from declarant.filing.documents import Document
    from declarant.filing.keys import Signer
    from declarant.filing.preparation import Preparation, ReadingChoice
    from declarant.law import Quarter, Regime
    from declarant.problems import Finding
    from declarant.register.facts import Facts

NOON = time(12)


def file(
    register: RegisterArgument,
    quarter: Annotated[str, typer.Option("--quarter", help="Quarter to file, such as 2026Q4.")],
    regime: RegimeOption = REPORTING_RULE,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder to write to. Default: filing-QUARTER."),
    ] = None,
    date_: Annotated[
        str | None,
        typer.Option(
            "--date", help="Day of preparing (and signing), such as 2027-01-08. Default: today."
        ),
    ] = None,
    former: Annotated[
        Path | None,
        typer.Option(
            "--former", help="Former filing to compare with. Default: as the register names it."
        ),
    ] = None,
    tick: Annotated[
        list[str] | None,
        typer.Option("--tick", help="Statement the officer makes, by id, or `all`; repeatable."),
    ] = None,
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", help="CODE=REASON why a questioned figure stands; repeatable."),
    ] = None,
    choose: Annotated[
        list[str] | None,
        typer.Option(
            "--choose",
            help="ACTIVITY=READING: take another reading than the cautious default; needs "
            "--because. Repeatable.",
        ),
    ] = None,
    because: Annotated[
        list[str] | None,
        typer.Option(
            "--because", help="Why a reading was chosen; one for each --choose, in their order."
        ),
    ] = None,
    sign_with: Annotated[
        str | None,
        typer.Option(
            "--sign-with",
            metavar="KEY",
            help="Key to sign with: a PEM or PKCS #12 (.p12) file, or a PKCS #11 URI of a key on a "
            "token (pkcs11:token=...;object=...?module-path=...).",
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", help="The key's certificate, if not in the same file."),
    ] = None,
    encrypt_to: Annotated[
        list[Path] | None,
        typer.Option("--encrypt-to", help="Certificate of the agency; needs --sign-with."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the notification, or the affirmation of no applicable activities.

    Generating changes nothing: the message is a draft. Signing is a separate, explicit step that
    cannot be undone (--sign-with); a signed message is never overwritten.

    A reading that is chosen (--choose) stands in the document with its reason, beside what the
    cautious default says. It never turns a notification into an affirmation.
    """
    from declarant.cli import output, signers
    from declarant.cli.written import write_filing
    from declarant.filing.preparation import Preparation
    from declarant.law import Quarter, load_regime

    with given_to("--regime"):
        law = load_regime(regime)
    with given_to("--quarter"):
        wanted = Quarter.parse(quarter, law)
    now = datetime.now(UTC)
    given = read_day(date_, "--date")
    day = given or now.astimezone(law.zone.info).date()
    # a draft is the same for the same day; a signature is made now, whatever day is named
    moment = datetime.combine(given, NOON, UTC) if given and sign_with is None else now
    if encrypt_to and sign_with is None:
        raise bad_input(
            "file.encrypt_unsigned",
            "only a signed message is encrypted.",
            mend="Add --sign-with KEY.",
            field="--encrypt-to",
        )
    signer = None if sign_with is None else signers.signer(sign_with, certificate)
    recipients = signers.certificates(encrypt_to or ())
    root = (register if register.is_dir() else register.parent).resolve()
    facts = _facts(register, root)
    preparation = Preparation(
        prepared_on=day,
        root=root,
        preparer=_preparer(facts),
        former=_former(former, facts, wanted, root),
        ticked=tuple(tick or ()),
        reasons=dict(_reason(item) for item in confirm or ()),
        sizes=_sizes(facts, root),
        chosen=_chosen(choose or (), because or (), _preparer(facts), day),
    )
    with given_to("--date", OUTSIDE_THE_LAW):
        document = _document(facts, law, wanted, preparation)
    folder = out or Path(f"filing-{wanted}")
    written, findings = write_filing(document, folder, moment, signer, recipients)
    if as_json:
        output.print_json(_as_json(document, written, findings, signer, recipients))
    else:
        _show(document, written, findings, signer)


def _facts(register: Path, root: Path) -> Facts:
    from declarant.cli import output
    from declarant.register import load_register

    with output.progress("Reading evidence") as advance:
        return load_register(root if register.is_dir() else root / register.name, advance=advance)


def _document(facts: Facts, law: Regime, quarter: Quarter, preparation: Preparation) -> Document:
    from declarant.cli import output
    from declarant.determination import determine
    from declarant.filing.build import build

    with output.progress("Assessing") as advance:
        determination = determine(
            facts, law, preparation.prepared_on, quarter=quarter, advance=advance
        )
    return build(facts, determination, law, quarter, preparation)


def _preparer(facts: Facts) -> str:
    for role in ("preparer", "certifying_officer"):
        for contact in facts.contacts:
            if contact.role.value == role:
                return contact.name
    return facts.person.name


def _sizes(facts: Facts, root: Path) -> dict[str, int]:
    sizes = {}
    for item in facts.evidence:
        path = root / item.path
        if path.is_file():
            sizes[item.sha256] = path.stat().st_size
    return sizes


def _reason(text: str) -> tuple[str, str]:
    code, equals, reason = text.partition("=")
    if not equals or not reason.strip():
        raise bad_input(
            "file.confirm",
            f"{text!r} gives no reason.",
            mend="Write CODE=REASON, such as plausibility.utilisation=measured, see log.",
            field="--confirm",
        )
    return code.strip(), reason.strip()


def _chosen(
    choices: Sequence[str], reasons: Sequence[str], by: str, on: date
) -> dict[str, ReadingChoice]:
    from declarant.filing.preparation import ReadingChoice

    if len(choices) != len(reasons):
        raise bad_input(
            "file.choice_unsaid",
            f"{len(choices)} chosen readings and {len(reasons)} reasons.",
            mend="Give one --because for each --choose, in the same order.",
            field="--choose",
        )
    chosen: dict[str, ReadingChoice] = {}
    for choice, reason in zip(choices, reasons, strict=True):
        activity, equals, reading = choice.partition("=")
        if not equals or not reading or activity in chosen:
            raise bad_input(
                "file.choice",
                f"{choice!r} names no reading, or names a second one for the same activity.",
                mend="Write ACTIVITY=READING, such as atlas-2=extent=used_to_date, once for each.",
                field="--choose",
            )
        chosen[activity] = ReadingChoice(reading, reason, by, on)
    return chosen


def _former(named: Path | None, facts: Facts, quarter: Quarter, root: Path) -> Document | None:
    """Return the former filing: as named, or the last one the register has a document of."""
    from declarant.cli.files import read
    from declarant.filing.documents import Affirmation, Notification
    from declarant.filing.verification import Expectations, verify

    if named is None:
        earlier = [item for item in facts.filings if item.quarter < str(quarter) and item.document]
        last = max(earlier, key=lambda item: item.quarter, default=None)
        if last is None or last.document is None:
            return None
        named = root / last.document
    result = verify(read(named), Expectations(allow_draft=True))
    if result.document is None:
        raise BadInput(result.findings)
    if not isinstance(result.document, Notification | Affirmation):
        raise bad_input(
            "file.former_kind",
            f"is no former filing, but a document of another kind: {result.document.kind}.",
            mend="Name the notification or affirmation that was filed before.",
            file=str(named),
        )
    return result.document


def _as_json(
    document: Document,
    written: dict[str, Path],
    findings: tuple[Finding, ...],
    signer: Signer | None,
    recipients: tuple[x509.Certificate, ...],
) -> dict[str, Any]:
    return {
        "document": {
            "id": document.id,
            "kind": document.kind,
            "regime": document.regime.id,
            "status": document.regime.status.name,
            "quarter": document.quarter,
            "due": document.due.isoformat(),
            "person": document.person.name,
            "sha256": document.sha256,
        },
        "signed": signer is not None,
        "encrypted": bool(recipients),
        "files": {role: str(path) for role, path in written.items()},
        "findings": [finding.as_json() for finding in findings],
    }


def _show(
    document: Document,
    written: dict[str, Path],
    findings: tuple[Finding, ...],
    signer: Signer | None,
) -> None:
    from declarant.cli import output

    page = output.console()
    law = document.regime
    page.print(f"[bold]{output.plain(document.title)}[/], {document.quarter}, due {document.due}")
    page.print(f"{output.plain(law.citation)}: [bold]{output.plain(law.status.name)}[/]")
    if law.voluntary:
        page.print("Filed voluntarily: nothing obliges anybody to file it.")
    page.print(f"Document {document.id}")
    for role, path in written.items():
        page.print(f"  {role:<9} {output.plain(path)}")
    output.show_findings(findings)
    if signer is None:
        page.print("Not signed: the message is a draft. Read the form, then add --sign-with KEY.")
    else:
        page.print("Signed. Check it as its reader will: declarant verify, then send it as it is.")
