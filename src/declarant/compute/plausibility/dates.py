"""What is planned lies ahead; what is done lies behind."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.ledger import Share
from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place


def planned_in_the_past(context: RunContext) -> Iterator[Finding]:
    """plausibility.planned_in_the_past: planned work whose last day has passed."""
    for segment in context.ledger.preferred.segments:
        if segment.share is Share.PLANNED and segment.end and segment.end < context.as_of:
            yield Finding(
                "plausibility.planned_in_the_past",
                f"is planned until {segment.end}, and it is {context.as_of}.",
                Place(field=segment.id),
                "Say what was done of it, or move its dates.",
                effect="the share of planned work may be wrong",
            )


def done_in_the_future(context: RunContext) -> Iterator[Finding]:
    """plausibility.done_in_the_future: work counted as done that begins after the day of check."""
    for segment in context.ledger.preferred.segments:
        if segment.share is Share.DONE and segment.start and segment.start > context.as_of:
            yield Finding(
                "plausibility.done_in_the_future",
                f"counts as done but begins on {segment.start}, and it is {context.as_of}.",
                Place(field=segment.id),
                "Mark it as planned, or correct its dates.",
                effect="work that was not done is counted",
            )
