"""Bounds of a peak where links, devices or hosts are not known, and what the bounds are for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.clusters.dumps import Dump
from tests.clusters.fabrics import LIMITS, inventory, links, named, star

from declarant.clusters import AssumedDevices, ClusterAssessment, Evidence, Fabric, assess
from declarant.clusters.observation import NodeKind, Observation
from declarant.clusters.readers import read_file

H100 = 1_978_900_000_000_000
ASSUMED = AssumedDevices("H100 SXM", 8)


def found_in(*evidence: Observation | Evidence) -> ClusterAssessment:
    return assess(Fabric.join(evidence), LIMITS)


def kinds(found: ClusterAssessment) -> dict[str, int]:
    return {item.kind: item.count for item in found.unattributed}


def test_everything_known_is_exact() -> None:
    found = found_in(links(star(3)), inventory(named(3)))
    assert found.default.peak.is_exact
    assert found.default.peak.low == 24 * H100
    assert found.unattributed == ()


def test_a_host_without_inventory_has_no_upper_bound() -> None:
    found = found_in(links(star(3)), inventory(named(2)))
    # beside an inventory a name of unknown kind would be a switch; this one is said to be a machine
    assert found.default.peak.low == 16 * H100
    assert found.default.peak.high is None
    assert found.verdict == "undetermined"
    assert kinds(found) == {"machines_without_inventory": 1}


def test_a_person_may_say_what_hosts_without_inventory_hold() -> None:
    found = found_in(Evidence(links(star(3)), ASSUMED), inventory(named(2), count=4))
    assert found.default.peak.is_exact
    assert found.default.devices == 16
    assert "cluster.assumed_devices" in {finding.code for finding in found.findings}
    none = Evidence(links(star(3)), AssumedDevices("", 0))
    assert found_in(none, inventory(named(2))).default.peak.is_exact


def test_a_device_nobody_knows_has_no_upper_bound() -> None:
    found = found_in(links(star(2)), inventory(named(2), ["H100 SXM", "Tensor Beast 9000"]))
    assert (found.default.peak.low, found.default.peak.high) == (8 * H100, None)
    assert kinds(found) == {"unknown_devices": 8}
    (remark,) = [item for item in found.findings if item.code == "cluster.unknown_device"]
    assert "Tensor Beast 9000" in remark.what


def test_a_count_nobody_knows_has_no_upper_bound() -> None:
    found = found_in(links(star(2)), inventory(named(2), count=[8, -1]))
    assert (found.default.peak.low, found.default.peak.high) == (8 * H100, None)
    assert kinds(found) == {"uncounted_devices": 1}


@pytest.mark.parametrize(
    ("device", "count", "high"),
    [("H100 SXM", 8, 8 * H100), ("Tensor Beast 9000", 8, None), ("H100 SXM", -1, None)],
)
@pytest.mark.parametrize("linked", [True, False])
def test_a_machine_by_itself_is_a_set_like_any_other(
    device: str, count: int, high: int | None, linked: bool
) -> None:
    slow = [links([("n0", "s0", 100)])] if linked else []
    assert found_in(*slow, inventory(["n0"], device, count)).default.peak.high == high


def test_links_of_unknown_speed_join_at_most() -> None:
    found = found_in(links(star(4, None)), inventory(named(4)))
    assert (found.default.peak.low, found.default.peak.high) == (8 * H100, 32 * H100)
    assert (found.default.machines, found.default.at_most_machines) == (1, 4)
    assert found.default.peak.best is None
    assert kinds(found) == {"links_without_speed": 32}


def test_a_tree_without_speeds_joins_at_most() -> None:
    found = found_in(links(star(4), speeds_known=False), inventory(named(4)))
    assert (found.default.peak.low, found.default.peak.high) == (8 * H100, 32 * H100)


def test_speeds_of_one_file_stand_beside_the_tree_of_another() -> None:
    tree = links(star(4, hub="s-other"), speeds_known=False, path="tree")
    found = found_in(links(star(4)), tree, inventory(named(4)))
    assert found.default.peak.is_exact


def test_machines_without_links_may_hang_together() -> None:
    found = found_in(inventory(named(5)))
    assert (found.default.peak.low, found.default.peak.high) == (8 * H100, 40 * H100)
    assert found.default.machines == 1
    assert kinds(found) == {"machines_without_links": 5}
    joined = found_in(links(star(3)), inventory(named(5)))
    assert (joined.default.peak.low, joined.default.peak.high) == (24 * H100, 40 * H100)


def test_one_machine_by_itself_is_exact() -> None:
    found = found_in(inventory(["n0"]))
    assert found.default.peak.low == found.default.peak.high == 8 * H100


def test_names_that_no_file_explains() -> None:
    unknown = dict.fromkeys(("n0", "n1", "leaf"), NodeKind.UNKNOWN)
    alone = links(star(2), kinds=unknown)
    found = found_in(alone)
    assert found.verdict == "undetermined"
    assert (found.default.machines, found.default.peak.high) == (0, None)
    assert kinds(found) == {"unexplained_names": 3}
    assert "cluster.unexplained_names" in {item.code for item in found.findings}
    told = found_in(alone, inventory(named(2)))
    assert told.default.peak.is_exact
    assert "cluster.taken_for_switches" in {item.code for item in told.findings}


def test_nothing_at_all_is_nothing() -> None:
    found = found_in()
    assert found.default.peak.is_exact
    assert found.default.peak.low == 0
    assert found.verdict == "not_reportable"


@pytest.fixture
def nameless(tmp_path) -> Observation:
    dump = Dump()
    leaf = dump.switch("leaf")
    for description in ("n0 mlx5_0", "n1 mlx5_0", "MT4129 ConnectX7", "localhost HCA-1"):
        dump.link(dump.adapter(description), leaf)
    dump.link(dump.adapter("Mellanox Technologies Aggregation Node"), leaf)
    file = tmp_path / "dump"
    file.write_text(dump.text())
    return read_file(file)


def test_adapters_without_a_name_may_be_further_machines(nameless: Observation) -> None:
    found = found_in(Evidence(nameless, ASSUMED))
    assert (found.default.peak.low, found.default.peak.high) == (16 * H100, 32 * H100)
    assert (found.default.machines, found.default.at_most_machines) == (2, 4)
    assert kinds(found) == {"adapters_without_host": 1, "adapters_with_placeholder": 1}
    open_ended = found_in(nameless, inventory(["n0", "n1"]))
    assert (open_ended.default.peak.low, open_ended.default.peak.high) == (16 * H100, None)


def test_a_truncated_dump_leaves_open_what_it_cut_off(tmp_path) -> None:
    dump = Dump()
    leaf, spine = dump.switch("leaf"), dump.switch("spine")
    dump.link(leaf, spine)
    for number in range(3):
        dump.link(dump.adapter(f"n{number} mlx5_0"), leaf)
    file = tmp_path / "dump"
    file.write_text(dump.text(without=[spine]))
    found = found_in(Evidence(read_file(file), ASSUMED))
    assert (found.default.peak.low, found.default.peak.high) == (24 * H100, None)
    listed = found_in(read_file(file), inventory(named(3)))
    assert listed.default.peak.low == listed.default.peak.high == 24 * H100


def test_an_ambiguous_name_lies_between_its_devices() -> None:
    found = found_in(links(star(2)), inventory(named(2), "h100"))
    low, high = found.default.peak.low, found.default.peak.high
    assert high == 16 * H100
    assert low < high


def test_an_ambiguous_name_is_remarked_with_its_file() -> None:
    found = found_in(links(star(2)), inventory(named(2), "h100", path="gres.conf"))
    (remark,) = [item for item in found.findings if item.code == "cluster.ambiguous_device"]
    assert str(remark.where) == "gres.conf"
    assert "NVIDIA H100 PCIe" in remark.what
    assert "nvidia-smi -L" in remark.mend


@pytest.mark.parametrize("device", ["NVIDIA GeForce RTX 3080", "Tesla Beast 9000"])
def test_an_unknown_name_is_remarked_with_its_file_and_what_helps(device: str) -> None:
    for naming in ("nvidia-smi", "csv"):
        stock = inventory(named(2), device, path="stock")
        stock = replace(stock, machines=replace(stock.machines, naming=naming))
        found = found_in(links(star(2)), stock)
        (remark,) = [item for item in found.findings if item.code == "cluster.unknown_device"]
        assert str(remark.where) == "stock"
        assert "catalogue does not hold it" in remark.mend
        assert ("misspelt" in remark.mend) == (naming == "csv")


def test_switches_without_any_machine_decide_nothing() -> None:
    found = found_in(links([("s1", "s2", 400)]))
    assert (found.verdict, found.default.peak.high) == ("undetermined", None)
    assert "cluster.no_machines" in {item.code for item in found.findings}


def test_devices_that_nobody_knows_are_not_none() -> None:
    unknown = found_in(links(star(2)), inventory(named(2), "Tensor Beast 9000", -1)).default
    unlisted = found_in(links(star(2))).default
    none = found_in(links(star(2)), inventory(named(2), count=0)).default
    assert [item.as_json()["devices"] for item in (unknown, unlisted, none)] == [None, None, 0]
