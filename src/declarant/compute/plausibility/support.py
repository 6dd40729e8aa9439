"""A figure for work that was done rests on evidence."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.ledger import Share
from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place


def evidence_missing(context: RunContext) -> Iterator[Finding]:
    """plausibility.evidence_missing: work done that no file supports."""
    for segment in context.ledger.segments:
        if segment.share is Share.DONE and not segment.evidence:
            yield Finding(
                "plausibility.evidence_missing",
                f"{segment.method.value} rests on no evidence file.",
                Place(field=segment.id),
                "Name the file that shows it, such as the trainer's log.",
                effect="nobody can check the figure",
            )
