"""`declarant ledger`: what the tracker wrote during a run, and whether it is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption

if TYPE_CHECKING:
    from declarant.compute.recording import Piece, Recording
    from declarant.compute.tracker.reading.verification import Verification
    from declarant.quantities import Interval

app = typer.Typer(no_args_is_help=True, help="The tracker's ledger of a training run.")

Place = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="The ledger's folder, or one of its files.")
]


@app.command("show")
def show(folder: Place, as_json: JsonOption = False) -> None:
    """Show what a run's ledger holds: training, lost steps, evaluation, each within its bounds.

    Exit status 1 when a part of it cannot be relied on.
    """
    from declarant.cli import output
    from declarant.compute.readers.read import read_recording
    from declarant.problems import Severity

    with output.progress("Reading the ledger") as advance:
        recording = read_recording([folder], format="tracker-ledger", advance=advance)
    if as_json:
        output.print_json(_recording_json(recording))
    else:
        _show(recording)
        output.show_findings(recording.all_findings)
    if any(finding.severity is Severity.ERROR for finding in recording.all_findings):
        raise typer.Exit(1)


@app.command("verify")
def verify(
    folder: Place,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", help="A head that was noted elsewhere; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check that no record of a ledger was changed, removed, moved or added.

    Exit status 1 when the chain is broken, or a head that was noted elsewhere is not in it.
    """
    from declarant.cli import output
    from declarant.compute.tracker.reading.read_ledger import ledger_files
    from declarant.compute.tracker.reading.verification import verify as check

    result = check(ledger_files(folder, str(folder)), head or ())
    if as_json:
        output.print_json(_verification_json(result))
    else:
        _show_verification(result)
        output.show_findings(result.findings)
    if not result.holds:
        raise typer.Exit(1)


def _show(recording: Recording) -> None:
    from declarant.cli import output

    page = output.console()
    facts = dict(recording.facts)
    world = facts["world size"]
    page.print(
        f"Run [bold]{output.plain(facts['run'])}[/], ledgers of {facts['ranks']} of {world} ranks\n"
    )
    output.show_table(
        page,
        "",
        ["part", "model operations", "executed operations", "samples", "tokens"],
        [_row(piece) for piece in recording.pieces],
        right=["model operations", "executed operations", "samples", "tokens"],
    )
    page.print(f"[dim]{output.plain(recording.pieces[0].includes)}[/]\n")


def _row(piece: Piece) -> tuple[str, ...]:
    from declarant.quantities import show_interval

    def shown(column: Interval | None) -> str:
        return "not known" if column is None else show_interval(column)

    words = "training" if piece.id == "kept" else (piece.purpose or piece.id).replace("_", " ")
    return (
        words,
        shown(piece.model_operations),
        shown(piece.executed_operations),
        shown(piece.samples),
        shown(piece.tokens),
    )


def _show_verification(result: Verification) -> None:
    from declarant.cli import output

    page = output.console()
    rows = [
        (
            output.plain(file.file),
            "holds" if file.is_whole else "[bold red]broken[/]",
            str(file.records),
            "closed" if file.sections[-1].ended == "closed" else "no end",
        )
        for file in result.files
    ]
    columns = ["file", "chain", "records", "last section"]
    output.show_table(page, "", columns, rows, right=["records"])
    for file in result.files:
        page.print(f"head of {output.plain(file.file)}:\n  {file.head}")
    for item in result.heads:
        if item.holds:
            page.print(
                f"{item.head} stands in line {item.line} of {output.plain(item.file)}; "
                "nothing before it was changed."
            )
    if not result.heads and result.holds:
        page.print(
            "Whoever could write a whole new file could make it hold as well: note a head "
            "elsewhere, and give it with --head."
        )


def _recording_json(recording: Recording) -> dict[str, Any]:
    def bounds(column: Interval | None) -> dict[str, str | None] | None:
        return None if column is None else {**column.as_json(), "reason": column.reason}

    return {
        "format": recording.format,
        "version": recording.version,
        "facts": dict(recording.facts),
        "number_format": recording.number_format,
        "pieces": [
            {
                "id": piece.id,
                "purpose": piece.purpose.value if piece.purpose else None,
                "start": piece.start.isoformat() if piece.start else None,
                "end": piece.end.isoformat() if piece.end else None,
                "steps": piece.steps,
                "samples": bounds(piece.samples),
                "tokens": bounds(piece.tokens),
                "model_operations": bounds(piece.model_operations),
                "executed_operations": bounds(piece.executed_operations),
                "formula": piece.formula,
                "includes": piece.includes,
            }
            for piece in recording.pieces
        ],
        "evidence": [{"path": item.path, "sha256": item.sha256} for item in recording.evidence],
        "findings": [finding.as_json() for finding in recording.all_findings],
    }


def _verification_json(result: Verification) -> dict[str, Any]:
    return {
        "holds": result.holds,
        "files": [
            {
                "file": file.file,
                "holds": file.is_whole,
                "records": file.records,
                "head": file.head,
                "closed": file.sections[-1].ended == "closed",
                "anchors": [
                    {"line": line, "head": anchor.head, "noted": anchor.noted}
                    for line, anchor in file.anchors
                ],
            }
            for file in result.files
        ],
        "heads": [
            {"head": item.head, "file": item.file or None, "line": item.line, "holds": item.holds}
            for item in result.heads
        ],
        "findings": [finding.as_json() for finding in result.findings],
    }
