"""Which machines of a cluster are held, coming, undated or gone, row by row.

An inventory's row may say another status or day than the group it stands in: the row is nearer to
the machine and wins, and the difference is said. Held machines whose day lies ahead are coming;
machines that retire on a day of the period or later were still held in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from declarant.clusters import Evidence
from declarant.clusters.evidence import AssumedDevices
from declarant.clusters.observation import Observation, Status
from declarant.determination.period import Period
from declarant.problems import Finding, Place
from declarant.register.facts import Cluster, MachineGroup

COMING = (Status.ON_ORDER, Status.PLANNED)
NEVER = date.max.isoformat()
"""A day that no look-ahead reaches: of coming machines that nobody has dated."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The evidence of a cluster with the status and day of each machine settled.

    `certain` leaves machines out that come on a day nobody knows; `at_most` counts them. Both are
    the same when there are none.
    """

    certain: tuple[Evidence, ...]
    at_most: tuple[Evidence, ...]
    findings: tuple[Finding, ...]


def settle(cluster: Cluster, period: Period) -> Standing:
    """Return the evidence of every group, each machine with what holds for it in the period."""
    pairs = [
        _settled(group, observation, period)
        for group in cluster.groups
        for observation in group.observations
    ]
    return Standing(
        tuple(certain for certain, _ in pairs),
        tuple(at_most for _, at_most in pairs),
        tuple(_findings(cluster)),
    )


def _settled(
    group: MachineGroup, observation: Observation, period: Period
) -> tuple[Evidence, Evidence]:
    machines = observation.machines
    of_group = _status_and_day(group.status, group.since, period)
    days = machines.date or ("",) * len(machines)
    known: dict[tuple[str, str], tuple[Status, str]] = {}
    rows = []
    for said in zip(machines.status, days, strict=True):
        if said not in known:
            known[said] = _of_row(*said, group, period)
        rows.append(known[said])
    made = []
    for undated in (NEVER, ""):
        columns = replace(
            machines,
            status=tuple(status.value for status, _ in rows),
            date=tuple(_day(status, day, undated) for status, day in rows),
        )
        made.append(
            Evidence(
                replace(observation, machines=columns),
                AssumedDevices(group.device, group.devices_per_machine)
                if group.device and group.devices_per_machine
                else None,
                group.site or "",
                of_group[0],
                group.owner or "",
                _day(*of_group, undated),
            )
        )
    return made[0], made[1]


def _of_row(status: str, day: str, group: MachineGroup, period: Period) -> tuple[Status, str]:
    own = Status(status)
    chosen = group.status if own is Status.UNKNOWN else own
    since = date.fromisoformat(day) if day else None
    if since is None and chosen is group.status:  # a day of another status says nothing here
        since = group.since
    return _status_and_day(chosen, since, period)


def _status_and_day(status: Status, since: date | None, period: Period) -> tuple[Status, str]:
    """Return what a status means in the period, and the day it comes (held machines: "")."""
    if status in COMING:
        return status, since.isoformat() if since else ""
    if status is Status.RETIRED:
        still_held = since is not None and since >= period.start
        return (Status.IN_SERVICE if still_held else Status.RETIRED), ""
    if since is not None and since > min(period.as_of, period.until):
        return Status.PLANNED, since.isoformat()
    return status, ""


def _day(status: Status, day: str, undated: str) -> str:
    return undated if status in COMING and not day else day


def _findings(cluster: Cluster) -> Iterator[Finding]:
    for group in cluster.groups:
        where = Place(field=f"clusters[{cluster.id}].groups[{group.id}]")
        told = {
            Status(status)
            for observation in group.observations
            for status in set(observation.machines.status)
        }
        others = sorted(told - {group.status, Status.UNKNOWN})
        if others:
            yield Finding(
                "determination.status_disagrees",
                f"{group.id} is {group.status.value} in the register, but its inventory says "
                f"{', '.join(status.value for status in others)}.",
                where,
                "Correct whichever is wrong.",
                effect="each machine counts by its inventory",
            )
        undated = group.status in COMING and group.since is None
        if undated or any(
            status in COMING and not any(observation.machines.date or ())
            for observation in group.observations
            for status in map(Status, set(observation.machines.status))
            if status is not group.status
        ):
            yield Finding(
                "determination.group_undated",
                f"machines of {group.id} are to come on a day that is not given.",
                where,
                "Give the day from which they are expected.",
                effect="they widen the bounds",
            )
