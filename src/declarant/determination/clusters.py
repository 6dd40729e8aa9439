"""A computing cluster under a regime: what hangs together, now and within the look-ahead."""

from __future__ import annotations

from datetime import date

from declarant.clusters import (
    ClusterAssessment,
    Evidence,
    Fabric,
    Limits,
    ReadingResult,
    assess,
)
from declarant.clusters import Flip as ClusterFlip
from declarant.determination.citing import cite
from declarant.determination.machines_in_time import settle
from declarant.determination.period import Case, Period
from declarant.determination.verdict import (
    ActivityVerdict,
    Flip,
    ReadingVerdict,
    Reason,
    Verdict,
    exceeds,
)
from declarant.law import Activity
from declarant.problems import Finding, Place
from declarant.quantities import (
    Comparison,
    Interval,
    show_bits_per_second,
    show_interval,
    show_rate,
)
from declarant.register.facts import Cluster

_TIME_DIMENSION = "standing"
"""Not a reading: the rule says itself that what is planned within the look-ahead counts."""


def limits_of(activity: Activity, law_as_of: date) -> Limits:
    """Return what a cluster must exceed under the law of a day."""
    return Limits(
        operations_per_second=activity.limit_on("operations_per_second", law_as_of).value,
        link_bits_per_second=activity.limit_on("link_bits_per_second", law_as_of).value,
    )


def determine_cluster(case: Case, cluster: Cluster) -> ActivityVerdict:
    """Return the verdict on one cluster, under the default reading and every other one.

    Machines on order or planned count when their day lies within the look-ahead. Without a day they
    may or may not: both are assessed, and the verdict is undetermined where they differ.
    """
    limits = limits_of(case.activity, case.period.law_as_of)
    standing = settle(cluster, case.period)
    certain = _assess(standing.certain, limits, case.period)
    at_most = certain
    if standing.at_most != standing.certain:
        at_most = _assess(standing.at_most, limits, case.period)
    readings = [
        _verdict(case, low, high)
        for low, high in zip(
            (*certain.readings, *certain.variations),
            (*at_most.readings, *at_most.variations),
            strict=True,
        )
        if low.reading.standing == certain.default.reading.standing
    ]
    default = _verdict(case, certain.default, at_most.default)
    readings.sort(key=lambda reading: reading.id != default.id)  # the default first, order kept
    return ActivityVerdict(
        id=cluster.id,
        name=cluster.name,
        kind="cluster",
        activity=case.activity.id,
        verdict=default.verdict,
        when=_when(certain, at_most),
        amount=default.amount,
        limit=limits.operations_per_second,
        readings=tuple(readings),
        flips=tuple(
            _flip(case, flip) for flip in certain.flips if flip.dimension != _TIME_DIMENSION
        ),
        why=(
            *case.coverage.why,
            *_time_reasons(cluster, case.period),
            *_peak_reasons(case, certain, default, limits),
        ),
        findings=tuple(
            dict.fromkeys(
                (
                    *certain.findings,
                    *at_most.findings,
                    *standing.findings,
                    *_unattributed(cluster, at_most),
                )
            )
        ),
    )


def _assess(evidence: tuple[Evidence, ...], limits: Limits, period: Period) -> ClusterAssessment:
    return assess(Fabric.join(evidence), limits, horizon=period.until.isoformat())


def _verdict(case: Case, certain: ReadingResult, at_most: ReadingResult) -> ReadingVerdict:
    amount = Interval.hull([certain.peak, at_most.peak]) if at_most != certain else certain.peak
    comparison = amount.compared_with(
        limits_of(case.activity, case.period.law_as_of).operations_per_second
    )
    reading = certain.reading
    return ReadingVerdict(
        id=reading.id,
        choices=(
            ("number_format", reading.number_format),
            ("link", reading.link),
            ("scale_up", reading.scale_up),
        ),
        verdict=Verdict.of(case.coverage.covered, exceeds(comparison)),
        amount=amount,
        comparison=comparison,
        detail=(("machines", certain.machines), ("devices", certain.devices)),
    )


def _when(certain: ClusterAssessment, at_most: ClusterAssessment) -> str:
    """Return where the machines lie in time; "planned" when those in place do not decide yet."""
    in_place = [item for item in certain.variations if item.reading.standing == "in_place"]
    held = any(item.devices or item.machines for item in in_place)
    if certain.default.comparison is Comparison.ABOVE:
        above = any(item.comparison is Comparison.ABOVE for item in in_place)
        return "current" if above else "planned"
    if held:
        return "current"
    if certain.default.machines:
        return "planned"
    return "unknown" if at_most.default.machines else "outside"


def _flip(case: Case, flip: ClusterFlip) -> Flip:
    covered = case.coverage.covered
    to = Verdict(flip.verdict) if covered else Verdict.of(covered, None)
    what = flip.what.rpartition(": ")[0] or flip.what  # without the verdict, which `to` holds
    if flip.kind == "reading":
        return Flip("reading", f"{flip.dimension}={flip.to}", to, what)
    return Flip("value", what, to)


def _time_reasons(cluster: Cluster, period: Period) -> list[Reason]:
    groups = ", ".join(
        f"{group.id} ({group.status.value.replace('_', ' ')}"
        f"{f', {group.since}' if group.since else ''})"
        for group in cluster.groups
    )
    if not groups:
        return []
    text = f"Machines held on {period.as_of} and coming by {period.until} count: {groups}."
    return [Reason(text, period.citation)]


def _unattributed(cluster: Cluster, found: ClusterAssessment) -> list[Finding]:
    return [
        Finding(
            f"cluster.{item.kind}",
            f"{item.count:,} {item.what} ({', '.join(item.examples[:3])}).",
            Place(field=f"clusters[{cluster.id}]"),
            "Add what is missing to the inventory or the fabric.",
            effect=item.effect,
        )
        for item in found.unattributed
    ]


def _peak_reasons(
    case: Case, result: ClusterAssessment, default: ReadingVerdict, limits: Limits
) -> list[Reason]:
    relation = {
        Comparison.ABOVE: "is greater than",
        Comparison.BELOW: "is not greater than",
        Comparison.STRADDLES: "may or may not be greater than",
    }[default.comparison]
    link = case.activity.limit_on("link_bits_per_second", case.period.law_as_of)
    peak = case.activity.limit_on("operations_per_second", case.period.law_as_of)
    return [
        Reason(
            f"Under the cautious reading, {result.default.machines:,} machines with "
            f"{result.default.devices:,} known devices are transitively connected by networking "
            f"above {show_bits_per_second(limits.link_bits_per_second)}.",
            cite(link.citation),
        ),
        Reason(
            f"Their theoretical maximum, {show_interval(default.amount)} operations per second, "
            f"{relation} {show_rate(limits.operations_per_second)}.",
            cite(peak.citation),
        ),
    ]
