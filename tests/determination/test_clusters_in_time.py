"""Groups of machines that are held, coming, undated or too late; and the limit itself."""

from __future__ import annotations

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


@pytest.mark.parametrize(("gbit", "expected"), [(300, "outside"), (301, "current")])
def test_a_link_must_exceed_300(gbit: int, expected: str) -> None:
    assert decide(group(40_001, gbit=gbit)).when == expected


@pytest.mark.parametrize(
    ("since", "expected", "when"),
    [
        (date(2027, 6, 15), Verdict.REPORTABLE, "planned"),
        (date(2027, 6, 16), Verdict.NOT_REPORTABLE, "outside"),
        (None, Verdict.UNDETERMINED, "unknown"),
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
