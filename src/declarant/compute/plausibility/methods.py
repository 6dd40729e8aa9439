"""Figures for the same work that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_interval


def methods_disagree(context: RunContext) -> Iterator[Finding]:
    """plausibility.methods_disagree: two methods for one piece of work without a common value."""
    for one, other in combinations(context.ledger.segments, 2):
        if one.work != other.work:
            continue
        for column, name in (("model_operations", "model"), ("executed_operations", "executed")):
            left, right = getattr(one, column), getattr(other, column)
            if left is None or right is None or left.overlaps(right):
                continue
            yield Finding(
                "plausibility.methods_disagree",
                f"{one.method.value} ({show_interval(left)}) and {other.method.value} "
                f"({show_interval(right)}) disagree on {name} operations beyond their uncertainty.",
                Place(field=one.work),
                "Check what each includes: attention, recomputation, lost steps, idle time.",
                effect=f"totals rely on {(one if one.preferred else other).method.value}",
            )


def model_exceeds_executed(context: RunContext) -> Iterator[Finding]:
    """plausibility.model_exceeds_executed: the mathematics needs more than the machines did."""
    for segment in context.ledger.segments:
        model, executed = segment.model_operations, segment.executed_operations
        if model is None or executed is None or executed.high is None:
            continue
        if model.low > executed.high:
            yield Finding(
                "plausibility.model_exceeds_executed",
                f"{show_interval(model)} model operations are more than "
                f"{show_interval(executed)} executed ones.",
                Place(field=segment.id),
                "The two columns may be exchanged, or their conventions differ.",
                Severity.ERROR,
                effect="one of the two figures cannot be true",
            )
