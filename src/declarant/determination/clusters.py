"""A computing cluster under a regime: what hangs together, now and within the look-ahead."""

from __future__ import annotations

from dataclasses import dataclass
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
from declarant.clusters.evidence import AssumedDevices
from declarant.clusters.observation import Status
from declarant.determination.citing import cite
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
from declarant.register.facts import Cluster, MachineGroup

_COMING = (Status.ON_ORDER, Status.PLANNED)
_TIME_DIMENSION = "standing"
"""Not a reading: the rule says itself that what is planned within the look-ahead counts."""


def limits_of(activity: Activity, law_as_of: date) -> Limits:
    """Return what a cluster must exceed under the law of a day."""
    return Limits(
        operations_per_second=activity.limit_on("operations_per_second", law_as_of).value,
        link_bits_per_second=activity.limit_on("link_bits_per_second", law_as_of).value,
    )


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The groups of a cluster by time: held, coming within the look-ahead, undated, later."""

    held: tuple[MachineGroup, ...]
    coming: tuple[MachineGroup, ...]
    undated: tuple[MachineGroup, ...]
    later: tuple[MachineGroup, ...]


def determine_cluster(case: Case, cluster: Cluster) -> ActivityVerdict:
    """Return the verdict on one cluster, under the default reading and every other one.

    Groups on order or planned count when their date lies within the look-ahead. A group without a
    date may or may not: both are assessed, and the verdict is undetermined where they differ.
    """
    limits = limits_of(case.activity, case.period.law_as_of)
    groups = _by_time(cluster, case.period)
    certain = _assess((*groups.held, *groups.coming), limits, case.period)
    at_most = certain
    if groups.undated:
        at_most = _assess((*groups.held, *groups.coming, *groups.undated), limits, case.period)
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
        when=_when(certain, default),
        amount=default.amount,
        limit=limits.operations_per_second,
        readings=tuple(readings),
        flips=tuple(
            _flip(case, flip) for flip in certain.flips if flip.dimension != _TIME_DIMENSION
        ),
        why=(
            *case.coverage.why,
            *_time_reasons(groups, case.period),
            *_peak_reasons(case, certain, default, limits),
        ),
        findings=(*certain.findings, *_undated(cluster, groups)),
    )


def _by_time(cluster: Cluster, period: Period) -> _Sorted:
    held, coming, undated, later = [], [], [], []
    for group in cluster.groups:
        if group.status not in _COMING:
            held.append(group)
        elif group.since is None:
            undated.append(group)
        elif group.since <= period.until:
            coming.append(group)
        else:
            later.append(group)
    return _Sorted(tuple(held), tuple(coming), tuple(undated), tuple(later))


def _assess(groups: tuple[MachineGroup, ...], limits: Limits, period: Period) -> ClusterAssessment:
    evidence = [
        Evidence(
            observation,
            AssumedDevices(group.device, group.devices_per_machine)
            if group.device and group.devices_per_machine
            else None,
            group.site or "",
            group.status,
            group.owner or "",
            group.since.isoformat() if group.since else "",
        )
        for group in groups
        for observation in group.observations
    ]
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


def _when(certain: ClusterAssessment, default: ReadingVerdict) -> str:
    """Return "current" when the machines in place exceed the limit already."""
    in_place = [item for item in certain.variations if item.reading.standing == "in_place"]
    if any(item.comparison is Comparison.ABOVE for item in in_place):
        return "current"
    if default.comparison is Comparison.ABOVE:
        return "planned"
    return "unknown" if default.comparison is Comparison.STRADDLES else "outside"


def _flip(case: Case, flip: ClusterFlip) -> Flip:
    covered = case.coverage.covered
    to = Verdict(flip.verdict) if covered else Verdict.of(covered, None)
    if flip.kind == "reading":
        return Flip("reading", f"{flip.dimension}={flip.to}", to, flip.what)
    return Flip("value", flip.what, to)


def _time_reasons(groups: _Sorted, period: Period) -> list[Reason]:
    reasons = []
    for word, named in (
        ("held", groups.held),
        (f"coming by {period.until}", groups.coming),
        ("coming on a day not known", groups.undated),
        (f"left out: coming after {period.until}", groups.later),
    ):
        if named:
            listed = ", ".join(
                f"{group.id} ({group.status.value}{f', {group.since}' if group.since else ''})"
                for group in named
            )
            reasons.append(Reason(f"Machines {word}: {listed}.", period.citation))
    return reasons


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
            f"Under the reading {default.id}, {result.default.machines:,} machines with "
            f"{result.default.devices:,} devices hang together through links above "
            f"{show_bits_per_second(limits.link_bits_per_second)}.",
            cite(link.citation),
        ),
        Reason(
            f"Their theoretical maximum, {show_interval(default.amount)} operations per second, "
            f"{relation} {show_rate(limits.operations_per_second)}.",
            cite(peak.citation),
        ),
    ]


def _undated(cluster: Cluster, groups: _Sorted) -> list[Finding]:
    return [
        Finding(
            "determination.group_undated",
            f"{group.id} of {cluster.name} is {group.status.value} without a date.",
            Place(field=f"clusters[{cluster.id}].groups[{group.id}].date"),
            "Give the day from which it is expected.",
            effect="it widens the bounds",
        )
        for group in groups.undated
    ]
