"""Lost steps that a log tells apart, and that the register states as a part of its own as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from declarant.compute.ledger import Purpose, Segment
from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place
from declarant.quantities import show_interval


def lost_steps_twice(context: RunContext) -> Iterator[Finding]:
    """plausibility.lost_steps_twice: the same days' lost steps from a log and from a part.

    Looks at preferred segments only. Days that are not known may be the same ones.
    """
    lost = [
        item for item in context.ledger.preferred.segments if item.purpose is Purpose.LOST_STEPS
    ]
    for told in (item for item in lost if "+" in item.work):
        for stated in (item for item in lost if "+" not in item.work):
            if _may_share_days(told, stated):
                amount = told.model_operations or told.executed_operations
                shown = show_interval(amount) if amount else "an unknown amount"
                yield Finding(
                    "plausibility.lost_steps_twice",
                    f"counts lost steps that the log of {told.work.partition('+')[0]} tells apart "
                    "as well.",
                    Place(field=stated.id),
                    "Leave the part out, or give it the days that the log does not hold.",
                    effect=f"{shown} operations may be counted twice",
                )


def _may_share_days(one: Segment, other: Segment) -> bool:
    begins = max(one.start or date.min, other.start or date.min)
    ends = min(one.end or date.max, other.end or date.max)
    return begins <= ends
