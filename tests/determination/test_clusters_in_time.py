"""Groups of machines that are held, coming, undated or too late; and the limit itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.determination.made import AS_OF, BIS, facts

from declarant.clusters import declared_machines
from declarant.clusters.observation import Status
from declarant.determination import ActivityVerdict, Verdict, determine
from declarant.law import load_regime
from declarant.register.facts import Cluster, MachineGroup


def group(
    devices: int,
    *,
    name: str = "g",
    device: str = "GB200",
    status: Status = Status.IN_SERVICE,
    since: date | None = None,
    gbit: int = 400,
) -> MachineGroup:
    made = declared_machines(
        name,
        machines=devices,
        device=device,
        devices_per_machine=1,
        links=1,
        link_bits_per_second=gbit * 10**9,
        fabric="one",
    )
    return MachineGroup(name, None, status, since, (made,))


def decide(*groups: MachineGroup) -> ActivityVerdict:
    known = facts(runs=(), clusters=(Cluster("c", "C", groups),))
    return determine(known, load_regime(BIS), AS_OF).activities[0]


def under(activity: ActivityVerdict, reading: str) -> Verdict:
    return next(item for item in activity.readings if item.id == reading).verdict


@pytest.mark.parametrize(
    ("devices", "expected"),
    [(40_000, Verdict.NOT_REPORTABLE), (40_001, Verdict.REPORTABLE)],
)
def test_forty_thousand_gb200_at_16_bit_do_not_exceed_the_limit(
    devices: int, expected: Verdict
) -> None:
    assert under(decide(group(devices)), "16-bit/machine/counts") is expected


def test_a_hundred_thousand_h100_flip_on_the_format() -> None:
    activity = decide(group(100_000, device="H100 SXM"))
    assert activity.verdict is Verdict.REPORTABLE
    assert under(activity, "16-bit/machine/counts") is Verdict.NOT_REPORTABLE
    assert under(activity, "8-bit/machine/counts") is Verdict.REPORTABLE
    assert "number_format=16-bit" in {flip.what for flip in activity.flips}


@pytest.mark.parametrize(
    ("gbit", "expected"), [(300, Verdict.NOT_REPORTABLE), (301, Verdict.REPORTABLE)]
)
def test_a_link_must_exceed_300(gbit: int, expected: Verdict) -> None:
    assert decide(group(40_001, gbit=gbit)).verdict is expected


@pytest.mark.parametrize(
    ("since", "expected", "when"),
    [
        (date(2027, 6, 15), Verdict.REPORTABLE, "planned"),
        (date(2027, 6, 16), Verdict.NOT_REPORTABLE, "current"),
        (None, Verdict.UNDETERMINED, "current"),
    ],
)
def test_machines_on_order_count_within_six_months(
    since: date | None, expected: Verdict, when: str
) -> None:
    activity = decide(
        group(1, name="here"), group(40_000, name="later", status=Status.ON_ORDER, since=since)
    )
    assert (activity.verdict, activity.when) == (expected, when)


def test_an_undated_group_that_changes_nothing_leaves_no_doubt() -> None:
    small = group(1, name="small", status=Status.PLANNED)
    assert decide(group(40_001, name="big"), small).verdict is Verdict.REPORTABLE
    assert decide(group(1, name="other"), small).verdict is Verdict.NOT_REPORTABLE


def test_retired_machines_do_not_count() -> None:
    assert decide(group(40_001, status=Status.RETIRED)).verdict is Verdict.NOT_REPORTABLE


def test_an_unknown_device_leaves_the_verdict_open() -> None:
    activity = decide(group(10, device="P100"))
    assert activity.verdict is Verdict.UNDETERMINED
    assert activity.amount.high is None


def test_a_cluster_without_machines_is_nothing() -> None:
    known = facts(runs=(), clusters=(Cluster("c", "C", ()),))
    activity = determine(known, load_regime(BIS), AS_OF).activities[0]
    assert activity.verdict is Verdict.NOT_REPORTABLE


def with_rows(made: MachineGroup, **columns: str) -> MachineGroup:
    """Give every row of a group's inventory a status or a date of its own."""
    (observation,) = made.observations
    machines = replace(
        observation.machines,
        **{name: (value,) * len(observation.machines) for name, value in columns.items()},
    )
    return replace(made, observations=(replace(observation, machines=machines),))


def test_an_inventory_that_says_in_service_wins_over_a_group_on_order() -> None:
    late = group(40_001, status=Status.ON_ORDER, since=date(2028, 1, 1))
    activity = decide(with_rows(late, status="in_service"))
    assert (activity.verdict, activity.when) == (Verdict.REPORTABLE, "current")
    assert "determination.status_disagrees" in {item.code for item in activity.findings}


def test_rows_on_order_without_a_day_leave_the_verdict_open() -> None:
    activity = decide(with_rows(group(40_001, since=date(2026, 1, 1)), status="on_order"))
    assert activity.verdict is Verdict.UNDETERMINED
    assert "determination.group_undated" in {item.code for item in activity.findings}


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2026, 9, 30), Verdict.NOT_REPORTABLE),
        (date(2026, 10, 1), Verdict.REPORTABLE),  # still held in the quarter
        (date(2027, 3, 1), Verdict.REPORTABLE),
        (None, Verdict.NOT_REPORTABLE),
    ],
)
def test_machines_are_held_until_they_retire(since: date | None, expected: Verdict) -> None:
    assert decide(group(40_001, status=Status.RETIRED, since=since)).verdict is expected


@pytest.mark.parametrize(
    ("since", "expected", "when"),
    [
        (date(2026, 12, 15), Verdict.REPORTABLE, "current"),
        (date(2026, 12, 16), Verdict.REPORTABLE, "planned"),
        (date(2030, 1, 1), Verdict.NOT_REPORTABLE, "outside"),
    ],
)
def test_machines_in_service_from_a_later_day_are_coming(
    since: date, expected: Verdict, when: str
) -> None:
    activity = decide(group(40_001, since=since))
    assert (activity.verdict, activity.when) == (expected, when)
