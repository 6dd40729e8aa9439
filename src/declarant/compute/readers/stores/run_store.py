"""Stores that hold several runs: what each tells, as one recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from declarant.compute.ledger import Evidence, Method
from declarant.compute.readers.stores.run_pieces import Told
from declarant.compute.recording import Piece, Recording
from declarant.problems import Finding, Place, Severity

MOST_RUNS = 10_000
"""Read from one store at once."""


def recording_of(
    format: str,
    version: str,
    method: Method,
    evidence: tuple[Evidence, ...],
    told: Sequence[Told],
    findings: Iterable[Finding] = (),
    facts: Iterable[tuple[str, str]] = (),
) -> Recording:
    """Return the recording of every run; progress only where a single run has any.

    Two runs of one name stay apart: the later ones' pieces are numbered.
    """
    pieces: dict[str, Piece] = {}
    for run in told:
        for piece in run.pieces:
            unique, number = piece.id, 1
            while unique in pieces:
                number += 1
                unique = f"{piece.id}-{number}"
            pieces[unique] = replace(piece, id=unique)
    noticed = [*findings, *(item for run in told for item in run.findings)]
    if not pieces:
        noticed.append(
            Finding(
                f"{format}.no_steps",
                "No step was logged.",
                Place(evidence[0].path if evidence else None),
                "Check that these are the files of the training, not of its set-up.",
                Severity.WARNING,
                "nothing is counted",
            )
        )
    dated = [run.progress for run in told if run.progress is not None]
    if len(told) > 1:
        named = [piece.run for piece in pieces.values() if not piece.is_lost]
        noticed += _several(format, named, evidence)
    return Recording(
        format,
        version,
        method,
        evidence,
        tuple(pieces.values()),
        progress=dated[0] if len(dated) == 1 else None,
        facts=(*facts, *(fact for run in told for fact in run.facts)),
        findings=tuple(noticed),
    )


def _several(format: str, named: list[str], evidence: tuple[Evidence, ...]) -> list[Finding]:
    if len(named) < 2:
        return []
    shown = ", ".join(name or "(no name)" for name in named[:8])
    more = f" and {len(named) - 8} more" if len(named) > 8 else ""
    return [
        Finding(
            f"{format}.several_runs",
            f"{len(named):,} runs stand here: {shown}{more}.",
            Place(evidence[0].path if evidence else None),
            "Name the run that is meant; a resumed run may have been logged under several names.",
            Severity.NOTE,
            "totals hold them all",
        )
    ]
