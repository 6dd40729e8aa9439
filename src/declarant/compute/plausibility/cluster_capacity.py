"""A run cannot use more operations than its cluster can do in the time."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.ledger import Segment
from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_interval

SECONDS_PER_DAY = 86_400


def run_exceeds_cluster(context: RunContext) -> Iterator[Finding]:
    """plausibility.run_exceeds_cluster: operations > cluster peak x time.

    Says nothing of segments without dates, or when the cluster's peak has no upper bound.
    """
    peak = context.cluster_peak
    if peak is None or peak.high is None:
        return
    for segment in context.ledger.segments:
        days = _days(segment)
        used = segment.executed_operations or segment.model_operations
        if days is None or used is None:
            continue
        most = peak.high * days * SECONDS_PER_DAY
        if used.low > most:
            yield Finding(
                "plausibility.run_exceeds_cluster",
                f"{show_interval(used)} operations in {days} days are more than {context.cluster} "
                f"can do: {show_interval(peak)} a second make "
                f"{show_interval(peak * (days * SECONDS_PER_DAY))}.",
                Place(field=segment.id),
                "Check tokens, dates, devices, or which cluster it ran on.",
                Severity.ERROR,
                effect="the figure cannot be true",
            )


def _days(segment: Segment) -> int | None:
    if segment.start is None or segment.end is None:
        return None
    return (segment.end - segment.start).days + 1
