"""Verdicts on clusters: known cases, limits met exactly, and what turns a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clusters.dumps import rail_fabric
from tests.clusters.fabrics import GBIT, LIMITS, fabric, inventory, links, named, star

from declarant.clusters import (
    AssumedDevices,
    ClusterAssessment,
    Evidence,
    Fabric,
    Limits,
    Reading,
    ReadingResult,
    assess,
    declared_machines,
    read_file,
)
from declarant.quantities import Comparison, FormatClass


def under(found: ClusterAssessment, **choices: str) -> ReadingResult:
    reading = Reading(**choices)
    return next(
        result for result in (*found.readings, *found.variations) if result.reading == reading
    )


def cluster(
    machines: int, device: str, each: int, *, gbit: int = 400, count: int = 8, **more: Any
) -> ClusterAssessment:
    return assess(
        fabric(links(star(machines, gbit, count)), inventory(named(machines), device, each)),
        LIMITS,
        **more,
    )


def test_a_hundred_thousand_h100_are_below_at_16_bit_and_above_at_8_bit() -> None:
    found = cluster(12_500, "H100 SXM", 8)
    assert found.verdict == "reportable"
    assert under(found, number_format="16-bit").comparison is Comparison.BELOW
    assert under(found, number_format="8-bit").comparison is Comparison.ABOVE
    assert under(found, number_format="16-bit").peak.best == 98_940_000_000_000_000_000
    assert under(found, number_format="16-bit").exceeds_from == 101_072
    flips = {(flip.kind, flip.to): flip.verdict for flip in found.flips}
    assert flips["reading", "16-bit"] == "not_reportable"
    assert flips["devices", "50533"] == "not_reportable"
    assert flips["link_speed", str(3200 * GBIT)] == "not_reportable"


@pytest.mark.parametrize(("devices", "above"), [(40_000, False), (40_001, True)])
def test_forty_thousand_gb200_reach_the_limit_and_do_not_exceed_it(
    devices: int, above: bool
) -> None:
    counts = [4] * 10_000 + [devices - 40_000]
    found = assess(fabric(links(star(10_001)), inventory(named(10_001), "GB200", counts)), LIMITS)
    result = under(found, number_format="16-bit")
    assert result.devices == devices
    assert result.verdict == ("reportable" if above else "not_reportable")
    assert result.exceeds_from == 40_001


@pytest.mark.parametrize(
    ("machines", "each", "device", "gbit", "count", "single"),
    [
        (1_452, 8, "H100 SXM", 400, 8, True),  # NVIDIA Eos
        (9_408, 4, "MI250X", 200, 4, False),  # Frontier
        (1_000, 8, "H100 SXM", 100, 32, False),  # AWS P5
    ],
)
def test_clusters_that_are_known(
    machines: int, each: int, device: str, gbit: int, count: int, single: bool
) -> None:
    found = cluster(machines, device, each, gbit=gbit, count=count)
    assert under(found, link="machine").machines == machines
    assert under(found, link="pair").machines == machines
    assert under(found, link="single").machines == (machines if single else 1)
    assert under(found, link="single").outcome == ("cluster" if single else "no_cluster")


def test_an_a100_rail_fabric_has_three_outcomes(tmp_path: Path) -> None:
    file = tmp_path / "a100.txt"
    file.write_text(rail_fabric().text())
    made = Fabric.join([Evidence(read_file(file), AssumedDevices("A100 SXM", 8))])
    found = assess(made, LIMITS)
    single, pair, machine = (under(found, link=link) for link in ("single", "pair", "machine"))
    assert (single.outcome, single.machines, single.switches) == ("no_cluster", 1, 1)
    assert (pair.outcome, pair.machines, pair.switches) == ("switches_only", 1, 60)
    assert (machine.outcome, machine.machines, machine.devices) == ("cluster", 140, 1120)
    assert found.default == machine
    assert found.witness is not None
    assert found.witness.machines_in_all == 140
    assert [(step.above, step.machines) for step in found.speeds] == [(0, 140), (1600 * GBIT, 1)]


@pytest.mark.parametrize(("gbit", "machines"), [(300, 1), (301, 50)])
def test_links_at_the_limit_do_not_exceed_it(gbit: int, machines: int) -> None:
    found = cluster(50, "B200", 8, gbit=gbit, count=1)
    assert {under(found, link=link).machines for link in ("single", "pair", "machine")} == {
        machines
    }


def test_speeds_say_where_the_verdict_turns() -> None:
    rows = [*star(6_000, 400, 8), *[(f"m{n}", "leaf", 100, 8) for n in range(6_000)]]
    names = [*named(6_000), *[f"m{n}" for n in range(6_000)]]
    found = assess(fabric(links(rows), inventory(names, "H100 SXM", 8)), LIMITS)
    assert [(step.above, step.machines) for step in found.speeds] == [
        (0, 12_000),
        (800 * GBIT, 6_000),
        (3200 * GBIT, 1),
    ]
    turns = [flip for flip in found.flips if flip.kind == "link_speed"]
    assert [flip.to for flip in turns] == [str(800 * GBIT)]
    assert found.verdict == "reportable"


def test_a_limit_between_two_turns_names_both_sides() -> None:
    rows = [*star(9_000, 400, 8), *[(f"m{n}", "leaf", 100, 2) for n in range(9_000)]]
    names = [*named(9_000), *[f"m{n}" for n in range(9_000)]]
    made = fabric(links(rows), inventory(names, "H100 SXM", 8))
    limits = Limits(2 * 10**20, 300 * GBIT)
    found = assess(made, limits)
    assert found.verdict == "not_reportable"
    (turn,) = [flip for flip in found.flips if flip.kind == "link_speed"]
    assert (turn.to, turn.verdict) == (str(200 * GBIT), "reportable")


def test_conflicting_sources_leave_the_verdict_open_between_them() -> None:
    found = cluster(1_000, "B300", 8)  # 12.6 to 15 PFLOP/s each at 4 bit
    low, high = found.default.peak.low, found.default.peak.high
    assert high is not None
    assert low < high
    assert assess_at(found, int(low) - 1) == "reportable"
    assert assess_at(found, (int(low) + int(high)) // 2) == "undetermined"
    assert assess_at(found, int(high)) == "not_reportable"


def assess_at(found: ClusterAssessment, limit: int) -> str:
    made = fabric(links(star(1_000)), inventory(named(1_000), "B300", 8))
    return assess(made, Limits(limit, found.limits.link_bits_per_second)).verdict


def test_devices_are_told_apart_by_what_they_are_made_for() -> None:
    names = ["n0", "n1", "n2"]
    made = fabric(links(star(3)), inventory(names, ["H100 SXM", "L40S", "mystery"], [8, 8, 0]))
    found = assess(made, LIMITS)
    assert under(found).devices == 16
    assert under(found, devices="training_accelerators").devices == 8
    assert under(found).machines == under(found, devices="training_accelerators").machines == 3


def test_rails_that_machines_do_not_join() -> None:
    rows = [(f"n{n}", f"l{rail}", 400) for n in range(4) for rail in range(2)]
    rows += [("n4", "l1", 400)]
    found = assess(fabric(links(rows), inventory([f"n{n}" for n in range(5)])), LIMITS)
    assert under(found).machines == 5
    apart = under(found, rails="separate")
    assert (apart.machines, apart.devices) == (5, 40)
    assert apart.switches == 1


def test_a_slow_link_between_halls_does_not_join_them_by_itself() -> None:
    rows = [(f"n{n}", f"s{n % 2}", 400, 8) for n in range(8)] + [("s0", "s1", 100)]
    sites = ["Reno" if n % 2 else "Austin" for n in range(8)]
    made = fabric(links(rows), inventory([f"n{n}" for n in range(8)], site=sites))
    found = assess(made, LIMITS)
    by_pair = under(found, link="pair")
    assert (by_pair.machines, len(by_pair.sites)) == (4, 1)
    fast = [*rows[:-1], ("s0", "s1", 400)]
    whole = assess(fabric(links(fast), inventory([f"n{n}" for n in range(8)], site=sites)), LIMITS)
    assert whole.default.sites == ("Austin", "Reno")


def test_machines_to_come_count_until_the_horizon() -> None:
    status = ["in_service", "installed", "on_order", "planned", "retired", "unknown"]
    date = ["", "", "2027-05-01", "2028-01-01", "", ""]
    names = [f"n{n}" for n in range(6)]
    made = fabric(links(star(6)), inventory(names, status=status, date=date))
    assert assess(made, LIMITS).default.machines == 5
    found = assess(made, LIMITS, horizon="2027-06-15")
    assert found.default.machines == 4
    assert under(found, standing="in_place").machines == 3
    assert under(found, standing="in_service").machines == 2


def test_a_link_below_what_its_ports_can_do_is_read_both_ways(tmp_path: Path) -> None:
    from tests.clusters.dumps import Dump

    dump = Dump()
    leaf, other = dump.switch("leaf"), dump.switch("other")
    dump.link(leaf, other, "4xDDR")
    for number, switch in enumerate((leaf, other, leaf, other)):
        dump.link(dump.adapter(f"n{number} mlx5_0"), switch, "4xNDR")
    file = tmp_path / "dump"
    file.write_text(dump.text())
    made = Fabric.join([Evidence(read_file(file), AssumedDevices("B200", 8))])
    found = assess(made, LIMITS, default=Reading(link="pair"))
    assert under(found, link="pair").machines == 4
    assert under(found, link="pair", link_rate="active").machines == 2


def test_scale_up_domains_of_an_inventory_join_where_scale_up_counts() -> None:
    rows = [(f"n{n}", f"l{n}", 400) for n in range(4)]
    made = fabric(links(rows), inventory([f"n{n}" for n in range(4)], "GB200", 4, clique="rack-1"))
    found = assess(made, LIMITS)
    assert (found.default.machines, found.default.at_most_machines) == (4, 4)
    assert found.unattributed == ()
    assert "cluster.scale_up_rate" in {finding.code for finding in found.findings}
    apart = under(found, scale_up="does_not_count")
    assert apart.machines == 1
    assert found.default.peak.low == 4 * apart.peak.low
    assert found.default.peak.high == found.default.peak.low


def test_the_table_holds_every_combination_and_the_default_is_in_it() -> None:
    found = cluster(3, "H100 SXM", 8)
    table = {
        (result.reading.number_format, result.reading.link, result.reading.scale_up)
        for result in found.readings
    }
    assert len(table) == len(found.readings) == 18
    assert found.default in found.readings
    assert len({result.reading.id for result in (*found.readings, *found.variations)}) == 24


def test_standing_is_shown_and_is_no_reading_that_turns_the_verdict() -> None:
    made = fabric(links(star(12_500)), inventory(named(12_500), status="planned"))
    found = assess(made, LIMITS)
    assert found.verdict == "reportable"
    assert under(found, standing="in_place").verdict == "not_reportable"
    assert "standing" not in {flip.dimension for flip in found.flips}


def test_another_default_decides() -> None:
    default = Reading(number_format="16-bit", link="single")
    found = cluster(12_500, "H100 SXM", 8, default=default, formats=[FormatClass.BITS_4])
    assert found.default.reading == default
    assert found.verdict == "not_reportable"
    assert {result.reading.number_format for result in found.readings} == {"16-bit", "4-bit"}


def test_declared_machines_share_a_fabric_by_its_name() -> None:
    hall = {"device": "H100 SXM", "devices_per_machine": 8, "links": 8}
    one = declared_machines("a", machines=10, link_bits_per_second=400 * GBIT, fabric="f", **hall)
    two = declared_machines("b", machines=5, link_bits_per_second=400 * GBIT, fabric="f", **hall)
    other = declared_machines("c", machines=7, link_bits_per_second=400 * GBIT, **hall)
    found = assess(fabric(one, two, other), LIMITS)
    assert (found.default.machines, found.default.devices) == (15, 120)
    assert found.default.peak.is_exact


def test_the_published_form_holds_what_others_build_on() -> None:
    found = cluster(12_500, "H100 SXM", 8).as_json()
    assert found["default_reading"] == "highest/machine/counts"
    assert found["limits"]["operations_per_second"] == str(10**20)
    first = found["readings"][0]
    assert first["peak"] == dict.fromkeys(("low", "best", "high"), "197890000000000000000")
    assert {flip["kind"] for flip in found["flips"]} == {"reading", "link_speed", "devices"}
    assert found["witness"]["machines_in_all"] == 12_500


sizes = st.lists(
    st.tuples(
        st.sampled_from(["H100 SXM", "B200", "B300", "mystery", "L40S"]),
        st.integers(0, 20),
        st.sampled_from([None, 100, 200, 400]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(rows=sizes, order=st.randoms(use_true_random=False))
def test_results_hold_together_whatever_the_order(rows: list, order: Any) -> None:
    names = [f"n{n}" for n in range(len(rows))]
    cables = [(name, f"s{hub}", gbit) for name, (_, _, gbit, hub) in zip(names, rows, strict=True)]
    stock = inventory(names, [row[0] for row in rows], [row[1] for row in rows])
    made = assess(fabric(links(cables), stock), LIMITS)
    for result in (*made.readings, *made.variations):
        assert result.machines <= result.at_most_machines
        assert result.peak.low >= 0
    cautious = made.default.peak
    for result in made.readings:
        assert result.peak.low <= cautious.low
        if cautious.high is not None:
            assert result.peak.high is not None
            assert result.peak.high <= cautious.high
    order.shuffle(cables)
    again = assess(fabric(stock, links(cables)), LIMITS)
    assert [(r.peak, r.machines) for r in again.readings] == [
        (r.peak, r.machines) for r in made.readings
    ]
