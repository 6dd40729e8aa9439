"""The tracker's own ledger: a folder with a file for each rank, or such files by themselves.

The format is documented in docs/reference/tracker-ledger.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction

from declarant.compute.ledger import Method, Purpose
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece, Recording
from declarant.compute.tracker.reading.amounts import Amounts
from declarant.compute.tracker.reading.ledger_findings import findings_of, show_steps
from declarant.compute.tracker.reading.merge import Merged
from declarant.compute.tracker.reading.read_ledger import NAMES, ledger_files, read_ledger
from declarant.compute.tracker.record import FORMAT
from declarant.formats import Sample
from declarant.problems import Finding, Place
from declarant.quantities import Interval, show_interval

VERSION = "tracker-ledger/1"
_ANY_NAME = re.compile(rf"(.*/)?{NAMES.pattern}")


def _is_ledger(sample: Sample) -> bool:
    if sample.name.endswith("/"):
        return any(_ANY_NAME.fullmatch(name) for name in sample.head.splitlines())
    return any(_opens_a_ledger(line) for line in sample.head.splitlines()[:50])


def _opens_a_ledger(line: str) -> bool:
    if FORMAT not in line:
        return False
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(held, dict) and (held.get("type"), held.get("format")) == ("opened", FORMAT)


@reader(
    "tracker-ledger",
    shows="ledger of Declarant's tracker",
    suffixes=(".ledger.jsonl",),
    sniff=_is_ledger,
)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read a run's ledger, the files of all ranks put together.

    Raises:
        BadInput: when a file cannot be read, holds no section, or they are of several runs.
    """
    files = [item for source in sources for item in ledger_files(source.path, source.shown)]
    merged, progress = read_ledger(files)
    findings = (*findings_of(merged), *_unknown_purposes(merged))
    return Recording(
        "tracker-ledger",
        VERSION,
        Method.FRAMEWORK_COUNTER,
        tuple(evidence for source in sources for evidence in source.evidence),
        tuple(_pieces(merged)),
        progress,
        _number_format(merged) or given.number_format,
        tuple(_facts(merged)),
        findings,
    )


def _pieces(merged: Merged) -> list[Piece]:
    kept = merged.kept
    lost = merged.lost
    pieces = [_piece("kept", None, kept, merged)]
    if not lost.is_none:
        pieces.append(_piece("lost", Purpose.LOST_STEPS, lost, merged))
    for name, amounts in merged.others.items():
        if name in list(Purpose):
            pieces.append(_piece(name, Purpose(name), amounts, merged))
        else:
            pieces.append(_piece(f"other:{name}", None, amounts, merged))
    return pieces


def _piece(name: str, purpose: Purpose | None, amounts: Amounts, merged: Merged) -> Piece:
    steps = amounts.steps
    return Piece(
        name,
        purpose,
        min(rank.start for rank in merged.ranks),
        max(rank.end for rank in merged.ranks),
        steps=int(steps.low) if steps.is_exact and merged.world_size == 1 else None,
        samples=_seen(amounts.samples, merged),
        tokens=_seen(amounts.tokens, merged),
        model_operations=amounts.model,
        executed_operations=amounts.executed,
        formula=f"steps of each signature x its operations: {show_steps(steps)} on "
        f"{_ranks(merged.world_size)}, {show_interval(amounts.executed)} executed",
        includes=_includes(merged),
        run=merged.run,
    )


def _seen(column: Interval | None, merged: Merged) -> Interval | None:
    """Return what the whole run saw, of a sum over ranks of which several may see the same."""
    if column is None or merged.world_size == 1:
        return column
    parts = merged.data_parallel
    if parts is not None and merged.world_size % parts == 0:
        return column * Fraction(parts, merged.world_size)
    least = column.low / merged.world_size
    return Interval.between(
        least, column.high, None, "several ranks may have seen the same samples"
    )


def _includes(merged: Merged) -> str:
    methods = sorted({count.method for rank in merged.ranks for count in rank.counts})
    counted = ", ".join(methods) or "nothing"
    return (
        f"every step counted by {counted}; model operations without recomputation, executed "
        "operations with it; kernels without a formula within their bounds"
    )


def _number_format(merged: Merged) -> str | None:
    """Return the one format that holds all counted operations, None when there are several."""
    formats = {
        name
        for rank in merged.ranks
        for count in rank.counts
        for name, amount in count.by_format.items()
        if amount
    }
    return formats.pop() if len(formats) == 1 else None


def _facts(merged: Merged) -> list[tuple[str, str]]:
    facts = [
        ("run", merged.run),
        ("world size", str(merged.world_size)),
        ("ranks", str(len(merged.ranks))),
        ("sections", str(sum(len(rank.sections) for rank in merged.ranks))),
        ("all executed operations", show_interval(_all(merged).executed)),
    ]
    stated = {
        (name, value)
        for rank in merged.ranks
        for section in rank.sections
        for name, value in section.opened.facts.items()
    }
    return facts + sorted(stated)[:100]


def _all(merged: Merged) -> Amounts:
    whole = merged.kept + merged.lost
    for amounts in merged.others.values():
        whole = whole + amounts
    return whole


def _unknown_purposes(merged: Merged) -> list[Finding]:
    return [
        Finding(
            "tracker.purpose_unknown",
            f"steps were counted for the purpose {name!r:.60}, which no law names.",
            Place(merged.files[0].file),
            f"Use one of: {', '.join(Purpose)}.",
            effect=f"{show_interval(amounts.executed)} operations stand as a part of their own",
        )
        for name, amounts in merged.others.items()
        if name not in list(Purpose)
    ]


def _ranks(count: int) -> str:
    return "one rank" if count == 1 else f"{count} ranks"
