"""`declarant audit prove` and `check`: one entry shown to somebody who keeps a head of the log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from declarant.cli.arguments import JsonOption
from declarant.cli.failures import ATTENTION
from declarant.problems import bad_input

if TYPE_CHECKING:
    from declarant.audit_log import SignedHead
    from declarant.audit_log.log import FoundLog
    from declarant.audit_log.proof_file import EntryProof


def prove(
    source: Annotated[
        str,
        typer.Argument(
            help="Export, SQLite file, home or postgresql://..., as for `audit verify`.",
            metavar="SOURCE",
        ),
    ],
    index: Annotated[int, typer.Argument(help="Index of the entry, from 0.", min=0)],
    out: Annotated[Path, typer.Option("--out", help="File to write the proof to.")],
    head: Annotated[
        Path | None,
        typer.Option(
            "--head", help="Head that the reader keeps. Default: the log's first that covers it."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a proof that one entry is in the log, which shows nothing of the other entries.

    The reader checks it with `declarant audit check`, against a head kept since.
    """
    from declarant.audit_log.entry import read_entry
    from declarant.audit_log.proof_file import prove as make
    from declarant.cli import output
    from declarant.cli.audit_heads import read_heads
    from declarant.cli.audit_source import opened
    from declarant.cli.files import write_public

    with opened(source) as found:
        chosen = read_heads([head])[0].head if head else _first_over(found, index)
        leaves, content = [], None
        for at, entry in enumerate(found.entries):
            if at >= chosen.size:
                break
            leaves.append(entry.leaf or b"")
            content = entry.content if at == index else content
    if content is None or len(leaves) < chosen.size:
        raise bad_input(
            "audit.not_covered",
            f"entry {index} is not under that head, or entries before it are missing.",
            mend="Verify the log first; name a head of at least one entry more than the index.",
            file=source,
        )
    try:
        proof = make(read_entry(content), leaves, chosen)
        wrong = proof.problem()
    except ValueError as error:
        wrong = str(error)
    if wrong is not None:
        raise bad_input(
            "audit.no_proof",
            f"entry {index} cannot be proved: {wrong}.",
            mend="Run `declarant audit verify`, which names what is wrong.",
            file=source,
        )
    document = proof.as_json()
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    write_public(out, text.encode(), overwrite=False)
    if as_json:
        output.print_json(document)
    else:
        output.console().print(
            f"{output.plain(out)}: entry {index} under the head of {chosen.size:,} entries"
        )


def _first_over(found: FoundLog, index: int) -> SignedHead:
    covering = [item.head for item in found.heads if item.head.is_signed()]
    covering = sorted((item for item in covering if item.size > index), key=lambda item: item.size)
    if not covering:
        raise bad_input(
            "audit.not_covered",
            f"no signed head of the log covers entry {index}.",
            mend="Wait for the next head, or export the log, which makes one.",
            file=found.name,
        )
    return covering[0]


def check(
    proof: Annotated[Path, typer.Argument(help="The proof of an entry.", metavar="PROOF")],
    head: Annotated[
        Path | None, typer.Option("--head", help="The head that you keep; it must be the same.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="Public key that must have signed; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a proof that an entry is in a log, and show the entry.

    Exit status 0: it is proved. 1: it is not. 2: there is no proof to read. Without --head or --key
    nothing says whose log it is.
    """
    from declarant.audit_log.proof_file import read_proof
    from declarant.cli import output
    from declarant.cli.audit_heads import read_heads, read_key
    from declarant.cli.files import read

    keys = [read_key(item) for item in key or ()]
    kept = read_heads([head])[0].head if head else None
    try:
        held = read_proof(read(proof).data)
    except ValueError as error:
        raise bad_input(
            "audit.proof", f"{error}.", mend="Name what `audit prove` wrote.", file=str(proof)
        ) from None
    wrong = held.problem()
    if wrong is None and kept is not None and kept != held.head:
        wrong = "its head is not the one that you keep"
    if wrong is None and keys and held.head.key not in keys:
        wrong = "its head is signed with another key"
    known = bool(kept or keys)
    if as_json:
        entry = held.entry.as_json()
        output.print_json(
            {"proved": wrong is None, "why_not": wrong, "head_known": known, "entry": entry}
        )
    else:
        _show(held, wrong, known=known)
    if wrong is not None:
        raise typer.Exit(ATTENTION)


def _show(held: EntryProof, wrong: str | None, *, known: bool) -> None:
    from declarant.cli import output

    page = output.console()
    if wrong is None:
        doubt = "" if known else ", but [bold yellow]whose log it is was not checked[/]"
        page.print(f"[bold green]PROVED[/]{doubt}")
    else:
        page.print(f"[bold red]NOT PROVED[/]: {output.plain(wrong)}")
    for name, value in held.entry.as_json().items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        page.print(f"  {name}: {output.plain(text)}")
    page.print(f"  head: {held.head.size:,} entries, signed {output.plain(held.head.moment)}")
