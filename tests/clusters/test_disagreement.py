"""Inventories that disagree about a machine, and one name at two sites."""

from __future__ import annotations

import pytest
from tests.clusters.fabrics import LIMITS, fabric, inventory, links, named, star

from declarant.clusters import ClusterAssessment, assess
from declarant.clusters.observation import NodeKind
from declarant.problems import Finding

H100 = 1_978_900_000_000_000


def with_both(*stocks: tuple, sites: tuple[str, str] = ("", "")) -> ClusterAssessment:
    held = [
        inventory(named(2), device, count, path=f"file{number}", site=sites[number])
        for number, (device, count) in enumerate(stocks)
    ]
    return assess(fabric(links(star(2)), *held), LIMITS)


def remark(found: ClusterAssessment, code: str) -> Finding:
    (one,) = [item for item in found.findings if item.code == code]
    return one


@pytest.mark.parametrize("counts", [(8, 4), (4, 8)])
def test_numbers_that_differ_give_an_interval_whichever_file_is_first(counts: tuple) -> None:
    found = with_both(("H100 SXM", counts[0]), ("H100 SXM", counts[1]))
    assert (found.default.peak.low, found.default.peak.high) == (8 * H100, 16 * H100)
    assert found.default.peak.best is None
    assert found.default.devices == 8
    said = remark(found, "cluster.inventories_disagree")
    assert "n0" in said.what
    assert str(said.where) == "file0, file1"


def test_devices_that_differ_in_the_same_number_give_an_interval() -> None:
    one = with_both(("H100 SXM", 8), ("H100 SXM", 8))
    other = with_both(("B200", 8), ("B200", 8))
    assert one.default.peak.is_exact
    assert other.default.peak.is_exact
    found = with_both(("H100 SXM", 8), ("B200", 8))
    assert found.default.peak.low == one.default.peak.low
    assert found.default.peak.high == other.default.peak.high
    assert "8 x B200 in file1" in remark(found, "cluster.inventories_disagree").what


def test_other_names_of_one_device_agree() -> None:
    found = with_both(("NVIDIA H100 80GB HBM3", 8), ("H100 SXM", 8))
    assert found.default.peak.is_exact
    for order in (("h100", "H100 SXM"), ("H100 SXM", "h100")):
        found = with_both((order[0], 8), (order[1], 8))
        assert found.default.peak.is_exact  # the clearer name counts
        assert found.findings == ()


def test_a_file_that_does_not_say_is_not_against_one_that_does() -> None:
    for order in ((("H100 SXM", -1), ("H100 SXM", 8)), (("H100 SXM", 8), ("", 4))):
        found = with_both(*order)
        assert (found.default.peak.low, found.default.peak.high) == (16 * H100, 16 * H100)


def test_an_unknown_device_against_a_known_one_has_no_upper_bound() -> None:
    found = with_both(("H100 SXM", 8), ("Tensor Beast 9000", 8))
    assert (found.default.peak.low, found.default.peak.high) == (0, None)


@pytest.mark.parametrize("second", [8, 4])
def test_one_name_at_two_sites_may_be_two_machines(second: int) -> None:
    found = with_both(("H100 SXM", 8), ("H100 SXM", second), sites=("Reno", "Austin"))
    assert found.default.peak.low == 2 * min(8, second) * H100
    assert found.default.peak.high == 2 * (8 + second) * H100
    said = remark(found, "cluster.one_name_two_sites")
    assert "n0" in said.what
    assert "Austin, Reno" in said.what
    assert str(said.where) == "file0, file1"


@pytest.mark.parametrize(
    ("sites", "warned"), [(("Reno", "Austin"), True), (("Reno", "Reno"), False), (("", ""), False)]
)
def test_one_switch_name_in_files_about_two_sites(sites: tuple[str, str], warned: bool) -> None:
    made = fabric(
        *(links([(f"n{n}", "leaf-1", 400)], path=f"links{n}") for n in range(2)),
        *(inventory([f"n{n}"], site=sites[n]) for n in range(2)),
    )
    found = [item for item in made.findings if item.code == "cluster.one_switch_two_sites"]
    assert len(found) == warned
    if warned:
        assert str(found[0].where) == "links0, links1"
        assert "leaf-1" in found[0].what
    default = assess(made, LIMITS).default
    assert (default.machines, default.at_most_machines) == (1 if warned else 2, 2)
    assert default.peak.high == 16 * H100


def test_a_switch_with_a_guid_is_one_switch_wherever_it_stands() -> None:
    guid = "S-0002c90000000001"
    kinds = {guid: NodeKind.SWITCH}
    made = fabric(
        *(links([(f"n{n}", guid, 400)], kinds=kinds, path=f"links{n}") for n in range(2)),
        *(inventory([f"n{n}"], site=site) for n, site in enumerate(("Reno", "Austin"))),
    )
    assert made.findings == ()
