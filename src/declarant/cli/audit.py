"""`declarant audit`: verifying the audit log of a desk, off line and without the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from declarant.cli import audit_proof
from declarant.cli.arguments import JsonOption
from declarant.cli.failures import ATTENTION

if TYPE_CHECKING:
    from declarant.audit_log import Verification

app = typer.Typer(help="The audit log of a desk.", no_args_is_help=True)
app.command("prove")(audit_proof.prove)
app.command("check")(audit_proof.check)

SourceArgument = Annotated[
    str,
    typer.Argument(
        help="Folder of an export or its entries.jsonl, a desk's SQLite file or home folder, or "
        "postgresql://... ",
        metavar="SOURCE",
    ),
]


@app.command("verify")
def verify(
    source: SourceArgument,
    head: Annotated[
        list[Path] | None,
        typer.Option(
            "--head",
            help="Signed head that was kept elsewhere: its file, the mail it came in, or a folder "
            "of them; may be repeated.",
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            help="Public key that heads must be signed with: a PEM file, or 64 hexadecimal digits; "
            "may be repeated. Default: the keys of the heads given.",
        ),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(
            "--files",
            help="Folder of the stored files (HOME/files), to compare with their hashes. Default: "
            "that of the home in which the SQLite file lies.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every entry, every signed head and every stored file; name the first wrong entry.

    Exit status 0: nothing is wrong. 1: something is. 2: it cannot be read at all.

    A head kept elsewhere shows a log that was rolled back or written anew. Limits: entries after
    the last signed head rest on the database alone; without --head or --key, whoever rewrote the
    database may have signed new heads with a new key; and nobody can tell from the log itself when
    somebody holds the signing key and every copy of every head. What never passed through the desk
    is not in its log.
    """
    from declarant.audit_log import verify as check
    from declarant.audit_log import verify_files
    from declarant.audit_log.head_files import heads_in
    from declarant.cli import output
    from declarant.cli.audit_heads import read_heads, read_key
    from declarant.cli.audit_source import home_of, opened

    kept = read_heads(head or ())
    keys = [read_key(item) for item in key or ()]
    home = home_of(source)
    folder = files or (home / "files" if home else None)
    with opened(source) as found, output.progress("Verifying entries") as advance:
        if home is not None:
            found.heads += heads_in(home / "heads", found.heads)
        found.heads += kept
        result = check(found, keys, lambda done: advance(done, _size(found)))
    if folder is not None and found.files is not None:
        total = len(found.files)
        with output.progress("Verifying files") as advance:
            verify_files(found, folder, result, lambda done: advance(done, total))
    if as_json:
        output.print_json(result.as_json())
    else:
        _show(result, files_checked=folder is not None and found.files is not None)
    if not result.valid:
        raise typer.Exit(ATTENTION)


def _size(found: object) -> int:
    size = getattr(getattr(found, "tree", None), "size", 0)
    return size if type(size) is int else 0


def _show(result: Verification, *, files_checked: bool) -> None:
    from declarant.audit_log.verdict import FIRST_WRONG
    from declarant.cli import output

    page = output.console()
    verdict = "[bold green]NOTHING WRONG[/]" if result.valid else "[bold red]NOT AS IT WAS[/]"
    page.print(f"{output.plain(result.name)}: {verdict}")
    if result.first_wrong is not None:
        page.print(f"  [bold]First wrong:[/] {output.plain(result.first_wrong)}")
    last = f", up to {result.last_moment}" if result.last_moment else ""
    rows = [
        ("Log", result.log or "empty"),
        ("Entries", f"{result.entries:,} right by themselves{last}"),
        ("Root", result.root),
        ("Heads", f"{result.heads}; good ones cover {result.covered:,} entries"),
        ("Kept elsewhere", _elsewhere(result)),
        ("Stored files", f"{result.files:,} compared" if files_checked else "not compared"),
    ]
    for label, value in rows:
        page.print(f"  {label}: {output.plain(value)}")
    output.show_findings(item for item in result.findings if item.code != FIRST_WRONG)
    uncovered = result.entries - result.covered
    if result.valid and uncovered:
        page.print(
            f"[yellow]{uncovered:,} of {result.entries:,} entries stand under no signed head: they "
            "rest on this copy alone.[/]"
        )


def _elsewhere(result: Verification) -> str:
    if result.covered_elsewhere:
        return f"heads from elsewhere cover {result.covered_elsewhere:,} entries"
    if result.key_known:
        return "the key is one you named; no head from elsewhere"
    return "no head and no key from elsewhere was given: whose key signed was not checked"
