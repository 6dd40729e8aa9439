"""Checks of a ledger against what can be true. One module a rule; `RULES` lists them all."""

from declarant.compute.plausibility.cluster_capacity import run_exceeds_cluster
from declarant.compute.plausibility.context import RunContext
from declarant.compute.plausibility.dates import done_in_the_future, planned_in_the_past
from declarant.compute.plausibility.lost_twice import lost_steps_twice
from declarant.compute.plausibility.methods import methods_disagree, model_exceeds_executed
from declarant.compute.plausibility.support import evidence_missing
from declarant.compute.plausibility.utilisation import utilisation_outside
from declarant.problems import Finding

RULES = (
    run_exceeds_cluster,
    utilisation_outside,
    methods_disagree,
    model_exceeds_executed,
    lost_steps_twice,
    evidence_missing,
    planned_in_the_past,
    done_in_the_future,
)

__all__ = ["RULES", "RunContext", "check"]


def check(context: RunContext) -> tuple[Finding, ...]:
    """Return what every rule finds in one run."""
    return tuple(finding for rule in RULES for finding in rule(context))
