"""The checks of the compute room with what the register knows around each run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from declarant.compute.plausibility import RunContext, check
from declarant.hardware import match_device
from declarant.problems import Finding, Place
from declarant.quantities import HIGHEST, Interval
from declarant.register.facts import Cluster, Facts, MachineGroup


def plausibility_of(facts: Facts, as_of: date) -> tuple[Finding, ...]:
    """Return what is implausible in the ledger, run by run."""
    found: list[Finding] = []
    for run in facts.runs:
        cluster = facts.cluster(run.cluster) if run.cluster else None
        found += check(
            RunContext(
                run.id,
                facts.ledger.of_run(run.id),
                as_of,
                cluster.name if cluster else "",
                _peak(cluster) if cluster else None,
            )
        )
    places = dict(facts.places)
    return tuple(_placed(finding, places) for finding in found)


def _placed(finding: Finding, places: dict[str, Place]) -> Finding:
    """Return the finding with the line of its part (RUN/PART, RUN/PART+APART, with /METHOD)."""
    named = finding.where.field or ""
    part = "/".join(named.split("/")[:2]).partition("+")[0]
    place = places.get(part)
    if place is None:
        return finding
    return replace(finding, where=Place(place.file, place.line, named))


def _peak(cluster: Cluster) -> Interval:
    """Return the peak of every machine of a cluster, connected or not: the most it could do.

    A machine in two files counts twice here, which keeps the bound above the truth. A group without
    an inventory leaves it without an upper bound.
    """
    peaks = [peak for group in cluster.groups for peak in _peaks_of_group(group)]
    return Interval.total(peaks)


def _peaks_of_group(group: MachineGroup) -> Iterator[Interval]:
    inventories = [item.machines for item in group.observations if len(item.machines)]
    if not inventories:
        yield Interval.at_least(0, f"{group.id} has no inventory")
    for machines in inventories:
        held: Counter[str] = Counter()
        for device, count in zip(machines.device, machines.count.tolist(), strict=True):
            held[device] += max(0, count)
            if count < 0:
                yield Interval.at_least(0, f"a machine of {group.id} holds an unknown number")
        for device, count in held.items():
            yield match_device(device, machines.naming).peak(HIGHEST) * count
