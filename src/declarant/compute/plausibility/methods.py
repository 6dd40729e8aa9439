"""Figures for the same work that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.plausibility.context import RunContext
from declarant.compute.reconcile import reconcile
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_interval


def methods_disagree(context: RunContext) -> Iterator[Finding]:
    """plausibility.methods_disagree: two methods for one piece of work without a common value.

    Executed operations of a method that sees machines only (counters, chip time) are held against
    the other's with lost steps and evaluation.
    """
    for agreement in reconcile(context.ledger):
        for item in agreement.disagreements:
            yield Finding(
                "plausibility.methods_disagree",
                f"{item.one.value} ({show_interval(item.left)}) and {item.other.value} "
                f"({show_interval(item.right)}) disagree on {item.column} operations beyond their "
                "uncertainty.",
                Place(field=agreement.part),
                "Check what each includes: attention, recomputation, lost steps, idle time.",
                effect=f"totals rely on {agreement.choice.method.value}: {agreement.choice.why}",
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
