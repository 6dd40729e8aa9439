"""Putting evidence together: one machine for all its names, one link for all its files."""

from __future__ import annotations

import pytest
from tests.clusters.fabrics import LIMITS, fabric, inventory, links, named, star

from declarant.clusters import Evidence, Fabric, Status, assess
from declarant.clusters.evidence import AssumedDevices
from declarant.clusters.observation import NodeKind, Nodes, Observation
from declarant.problems import BadInput


def machines(made: Fabric) -> list[str]:
    return made.group.machines.to_list()


@pytest.mark.parametrize(
    ("in_fabric", "in_inventory", "joined"),
    [
        ("N1", "n1", True),
        ("n1", " n1 ", True),
        ("n1", "n1.example.org", True),
        ("n1.example.org", "n1", True),
        ("n1.a.org", "n1.b.org", False),
        ("10.0.0.1", "10", False),
    ],
)
def test_machines_are_joined_by_name(in_fabric: str, in_inventory: str, joined: bool) -> None:
    kinds = {in_fabric: NodeKind.MACHINE}
    made = fabric(links([(in_fabric, "s1", 400)], kinds=kinds), inventory([in_inventory]))
    assert (len(machines(made)) == 1) == joined


def test_two_full_names_with_one_short_name_stay_two() -> None:
    made = fabric(inventory(["n1", "n1.a.org", "n1.b.org"]))
    assert machines(made) == ["n1", "n1.a.org", "n1.b.org"]


def test_planes_in_several_files_are_joined_by_host() -> None:
    planes = [
        links([(f"n{n}", f"s{plane}", 200) for n in range(3)], path=f"plane {plane}")
        for plane in range(4)
    ]
    found = assess(fabric(*planes, inventory(named(3))), LIMITS)
    assert found.default.machines == 3
    assert found.default.switches == 4
    apart = [r for r in found.readings if r.reading.link == "single"]
    assert {r.machines for r in apart} == {1}


def test_a_fabric_read_twice_counts_once() -> None:
    once = links([("n1", "s1", 200), ("n2", "s1", 200)], path="monday")
    again = links([("n1", "s1", 200), ("n2", "s1", 200), ("n3", "s1", 400)], path="tuesday")
    made = fabric(once, again)
    assert len(made.wiring.edges) == 3
    (finding,) = [item for item in made.findings if item.code == "cluster.linked_twice"]
    assert finding.where.file == "monday, tuesday"
    pair = [r for r in assess(made, LIMITS).readings if r.reading.link == "pair"]
    assert {r.machines for r in pair} == {1}


def test_the_file_with_the_greater_total_counts() -> None:
    made = fabric(links([("n1", "s1", 200)], path="a"), links([("n1", "s1", 200, 2)], path="b"))
    assert made.wiring.edges.count.tolist() == [2]


def test_links_of_a_machine_to_itself_are_none() -> None:
    nodes = Nodes(("a", "b"), ("n1", "n1"), ("", ""), links([("n1", "n2", 1)]).nodes.kind)
    seen = links([("n1", "n2", 400)])
    looped = Observation("x", "", "test", nodes=nodes, links=seen.links)
    made = fabric(looped)
    assert machines(made) == ["n1"]
    assert len(made.wiring.edges) == 0


def test_inventories_that_disagree_are_named_and_count_for_the_least() -> None:
    made = fabric(
        links(star(2)),
        inventory(named(2), count=8, path="a"),
        inventory(named(2), count=4, path="b"),
    )
    assert "cluster.inventories_disagree" in {item.code for item in made.findings}
    assert assess(made, LIMITS).default.devices == 8


def test_the_first_inventory_that_names_devices_counts() -> None:
    vague = inventory(named(2), "", -1, path="scheduler")
    made = fabric(links(star(2)), vague, inventory(named(2), path="list"))
    assert assess(made, LIMITS).default.devices == 16


def test_several_kinds_of_devices_in_a_machine_add_up() -> None:
    made = fabric(inventory(["n1", "n1"], ["H100 SXM", "L40S"], [4, 2]))
    assert assess(made, LIMITS).default.devices == 6


def test_status_of_a_machine_is_the_one_that_makes_more_of_it() -> None:
    made = fabric(
        inventory(["n1"], status="retired", path="old"),
        inventory(["n1"], status="in_service", path="new"),
    )
    assert made.group.status.to_list() == ["in_service"]


def test_what_a_person_says_of_a_group_fills_what_its_files_do_not() -> None:
    group = {"site": "Reno", "status": Status.ON_ORDER, "date": "2027-01-01"}
    made = fabric(
        Evidence(links([("n1", "s1", 400)]), AssumedDevices("B200", 8), **group),
        Evidence(inventory(["n2"], status="unknown"), **group),
        Evidence(inventory(["n3"], status="in_service", site="Austin"), **group),
    )
    assert machines(made) == ["n1", "n2", "n3"]
    assert made.group.status.to_list() == ["on_order", "on_order", "in_service"]
    assert made.group.site.to_list() == ["Reno", "Reno", "Austin"]
    assert made.group.date.to_list() == ["2027-01-01"] * 3


def test_inputs_are_summed_up() -> None:
    made = fabric(links(star(3, count=2)), inventory(named(3)))
    wired, listed = made.inputs
    assert (wired.switches, wired.links, wired.machines) == (1, 6, 0)
    assert (listed.machines, listed.links) == (3, 0)
    assert wired.as_json()["sha256"] == "0" * 64


def test_rates_that_add_up_to_nonsense_are_refused() -> None:
    absurd = links([("n1", "s1", 900_000, 2_000_000_000), ("n2", "s1", 900_000, 2_000_000_000)])
    with pytest.raises(BadInput, match="add up"):
        fabric(absurd)
