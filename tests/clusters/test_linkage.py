"""What "connected by networking of greater than" a limit means under each reading."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clusters.fabrics import GBIT, LIMITS, fabric, inventory, links

from declarant.clusters import Limits, Reading, ReadingResult, survey
from declarant.clusters.fabric import Fabric
from declarant.clusters.linkage import forest
from declarant.clusters.strands import UNBOUNDED, Strands, exact_sum, strands
from declarant.clusters.survey import Survey
from declarant.quantities import Comparison

RATES = (100, 200, 300, 400)
quick = settings(max_examples=40, deadline=None)


def strands_of(made: Fabric, reading: Reading, *, possible: bool = False) -> Strands:
    counted = np.ones(len(made.group.machines), np.bool_)
    return strands(made, reading, counted, possible=possible)


def parts(made: Fabric, reading: Reading, limit: int = 300) -> set[frozenset[str]]:
    """Return the sets of names that are joined at a limit in Gbit/s; single ones left out."""
    found = strands_of(made, reading)
    label = forest(found, reading.link).joined(limit * GBIT)
    sets: dict[int, set[str]] = {}
    for vertex in range(made.group.vertices):
        sets.setdefault(int(label[vertex]), set()).add(made.group.name(vertex))
    return {frozenset(names) for names in sets.values() if len(names) > 1}


@pytest.mark.parametrize(
    ("gbit", "count", "single", "pair", "machine"),
    [
        (400, 1, True, True, True),
        (300, 1, False, False, False),  # greater, not as great
        (301, 1, True, True, True),
        (200, 2, False, True, True),
        (100, 3, False, False, False),
    ],
)
def test_one_machine_on_a_switch_with_many_links(
    gbit: int, count: int, single: bool, pair: bool, machine: bool
) -> None:
    made = fabric(links([("n1", "s1", gbit, count), ("n2", "s1", 800, 1)]))
    for link, joined in (("single", single), ("pair", pair), ("machine", machine)):
        whole = frozenset(("n1", "n2", "s1"))
        assert (whole in parts(made, Reading(link=link))) == joined


def test_a_machine_on_many_switches_is_joined_by_all_its_links() -> None:
    rails = [(f"n{n}", f"l{rail}", 200) for n in range(2) for rail in range(4)]
    made = fabric(links(rails))
    assert parts(made, Reading(link="single")) == parts(made, Reading(link="pair")) == set()
    (whole,) = parts(made, Reading(link="machine"))
    assert {"n0", "n1"} <= whole


def test_switches_count_with_all_their_links_as_machines_do() -> None:
    clos = [(f"l{leaf}", f"s{spine}", 200) for leaf in range(2) for spine in range(4)]
    hosts = [(f"n{leaf}", f"l{leaf}", 200, 8) for leaf in range(2)]
    (whole,) = parts(fabric(links(clos + hosts)), Reading(link="machine"))
    assert {"n0", "n1"} <= whole


@pytest.mark.parametrize(("between", "by_pair"), [(1, False), (3, False), (4, True)])
def test_halls_are_joined_by_switches_that_exceed_or_by_the_links_between_them(
    between: int, by_pair: bool
) -> None:
    halls = [(f"n{hall}{k}", f"s{hall}", 400, 8) for hall in range(2) for k in range(3)]
    made = fabric(links([*halls, ("s0", "s1", 100, between)]))
    assert len(parts(made, Reading(link="machine"))) == 1
    assert len(parts(made, Reading(link="pair"))) == (1 if by_pair else 2)


def test_a_switch_of_slow_ports_joins_nothing() -> None:
    fast = [(f"n{n}", f"s{n}", 400, 8) for n in range(2)]
    management = [(f"n{n}", "s-management", 1, 24) for n in range(2)]
    assert len(parts(fabric(links([*fast, *management])), Reading(link="machine"))) == 2


def by_hall(host: int | None) -> list:
    ends = [("m1", "s1", host, 2), ("s1", "s2", 200, 1), ("m2", "s2", host, 2)]
    return [*ends, ("m1", "s1", 200, 2), ("m2", "s2", 200, 2)] if host is None else ends


def test_faster_links_inside_halls_do_not_part_them() -> None:
    stock = inventory(["m1", "m2"], "GB200", 6000)
    for host in (200, 400, 800, None):
        result = Survey(fabric(links(by_hall(host)), stock), LIMITS).result(Reading())
        assert (result.verdict, result.machines) == ("reportable", 2)


def test_scale_up_links_count_or_do_not() -> None:
    made = fabric(
        links([("n1", "s1", 400), ("n2", "s2", 400)]),
        links([("n1", "n2", 3600)], scale_up=True, path="nvlink"),
    )
    assert len(parts(made, Reading())) == 1
    assert len(parts(made, Reading(scale_up="does_not_count"))) == 2


def test_rails_stay_apart_when_machines_pass_nothing() -> None:
    made = fabric(links([(f"n{n}", f"l{rail}", 400) for n in range(3) for rail in range(2)]))
    found = strands_of(made, Reading(rails="separate"))
    label = forest(found, "single").joined(300 * GBIT)
    sets = {}
    for vertex in np.flatnonzero(found.machine_of >= 0).tolist():
        sets.setdefault(int(label[vertex]), set()).add(int(found.machine_of[vertex]))
    assert sorted(map(len, sets.values())) == [1, 1, 1, 3, 3]  # each machine also stands alone
    assert len(parts(made, Reading())) == 1


def test_links_between_machines_stay_joined_there_when_rails_are_apart() -> None:
    ring = [(f"n{n}", f"n{(n + 1) % 4}", 400) for n in range(4)]
    found = strands_of(fabric(links(ring)), Reading(rails="separate"))
    assert len(set(forest(found, "single").joined(300 * GBIT).tolist())) == 1


def test_a_link_of_unknown_speed_joins_only_what_may_hang_together() -> None:
    made = fabric(links([("n1", "s1", None), ("n2", "s1", 400)]))
    for link in ("single", "pair", "machine"):
        reading = Reading(link=link)
        assert parts(made, reading) == {frozenset(("n2", "s1"))}
        possible = strands_of(made, reading, possible=True)
        assert len(set(forest(possible, link).joined(10**15).tolist())) == 2


names = st.sampled_from(["n0", "n1", "n2", "n3", "s0", "s1", "s2"])
drawn = st.lists(
    st.tuples(names, names, st.sampled_from(RATES), st.integers(1, 3)).filter(
        lambda row: row[0] != row[1]
    ),
    min_size=1,
    max_size=14,
)


@quick
@given(rows=drawn, limit=st.sampled_from([50, 150, 300, 500, 900]))
def test_single_and_pair_are_the_components_of_a_plain_graph(rows: list, limit: int) -> None:
    made = fabric(links(rows))
    multi = nx.MultiGraph([(a, b, {"gbit": gbit, "n": n}) for a, b, gbit, n in rows])
    single = nx.Graph([(a, b) for a, b, data in multi.edges(data=True) if data["gbit"] > limit])
    total: dict[frozenset[str], int] = {}
    for a, b, gbit, n in rows:
        total[frozenset((a, b))] = total.get(frozenset((a, b)), 0) + gbit * n
    pair = nx.Graph([tuple(ends) for ends, gbit in total.items() if gbit > limit])
    for link, graph in (("single", single), ("pair", pair)):
        wanted = {frozenset(part) for part in nx.connected_components(graph)}
        assert parts(made, Reading(link=link), limit) == wanted


def joined_by_definition(rows: list, limit: int) -> set[frozenset[str]]:
    """Work out "machine" from its definition: both ends of a link exceed with all their links."""
    total: dict[str, int] = {}
    for a, b, gbit, n in rows:
        for end in (a, b):
            total[end] = total.get(end, 0) + gbit * n
    graph = nx.Graph([(a, b) for a, b, *_ in rows if min(total[a], total[b]) > limit])
    return {frozenset(part) for part in nx.connected_components(graph)}


@quick
@given(rows=drawn, limit=st.sampled_from([50, 150, 300, 500, 900]))
def test_machine_is_what_its_definition_says(rows: list, limit: int) -> None:
    assert parts(fabric(links(rows)), Reading(link="machine"), limit) == joined_by_definition(
        rows, limit
    )


@quick
@given(rows=drawn, limit=st.integers(0, 2000))
def test_each_reading_joins_what_the_stricter_one_joins(rows: list, limit: int) -> None:
    made = fabric(links(rows))
    by_link = [parts(made, Reading(link=link), limit) for link in ("single", "pair", "machine")]
    for strict, cautious in itertools.pairwise(by_link):
        assert all(any(part <= whole for whole in cautious) for part in strict)


@quick
@given(rows=drawn, limits=st.tuples(st.integers(0, 3000), st.integers(0, 3000)))
def test_a_higher_limit_never_joins_more(rows: list, limits: tuple[int, int]) -> None:
    made = fabric(links(rows))
    for link in ("single", "pair", "machine"):
        below = parts(made, Reading(link=link), min(limits))
        above = parts(made, Reading(link=link), max(limits))
        assert all(any(part <= whole for whole in below) for part in above)


@quick
@given(rows=drawn, limit=st.integers(0, 3000))
def test_a_spanning_forest_gives_the_same_sets_for_every_limit(rows: list, limit: int) -> None:
    made = fabric(links(rows))
    for link in ("single", "pair", "machine"):
        whole = forest(strands_of(made, Reading(link=link)), link)
        spanning = whole.spanning()
        assert len(spanning.weight) < spanning.vertices
        first, second = whole.joined(limit * GBIT), spanning.joined(limit * GBIT)
        assert len(set(zip(first, second, strict=True))) == len(set(first)) == len(set(second))


stocks = st.lists(st.integers(0, 9), min_size=4, max_size=4)
every_way = st.builds(
    Reading,
    link=st.sampled_from(["machine", "pair", "single"]),
    rails=st.sampled_from(["machine_passes", "separate"]),
)
BELOW_BOTH = Limits(operations_per_second=10**17, link_bits_per_second=300 * GBIT)


def largest(rows: list, counts: list[int], reading: Reading) -> ReadingResult:
    stock = inventory(["n0", "n1", "n2", "n3"], "GB200", counts)
    return Survey(fabric(links(rows), stock), BELOW_BOTH).result(reading)


@quick
@given(rows=drawn, counts=stocks, reading=every_way, data=st.data())
def test_more_bandwidth_never_lowers_the_peak(
    rows: list, counts: list[int], reading: Reading, data: st.DataObject
) -> None:
    more = [
        (
            a,
            b,
            gbit + data.draw(st.sampled_from([0, 0, 100, 400])),
            n + data.draw(st.integers(0, 2)),
        )
        for a, b, gbit, n in rows
    ]
    before, after = largest(rows, counts, reading), largest(more, counts, reading)
    assert after.peak.low >= before.peak.low
    if before.comparison is Comparison.ABOVE:
        assert after.comparison is Comparison.ABOVE


@quick
@given(rows=drawn, counts=stocks, reading=every_way, data=st.data())
def test_bounds_hold_for_every_speed_that_is_not_known(
    rows: list, counts: list[int], reading: Reading, data: st.DataObject
) -> None:
    hidden = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    blind = [
        (a, b, None if hide else gbit, n)
        for (a, b, gbit, n), hide in zip(rows, hidden, strict=True)
    ]
    actual = [
        (a, b, data.draw(st.sampled_from([0, 100, 400, 10_000])) if hide else gbit, n)
        for (a, b, gbit, n), hide in zip(rows, hidden, strict=True)
    ]
    bounds, exact = largest(blind, counts, reading), largest(actual, counts, reading)
    assert bounds.peak.high is not None
    assert exact.peak.high is not None
    assert bounds.peak.low <= exact.peak.low
    assert exact.peak.high <= bounds.peak.high
    if bounds.comparison is not Comparison.STRADDLES:
        assert exact.comparison is bounds.comparison


@given(values=st.lists(st.integers(0, 2**60), min_size=1, max_size=30), data=st.data())
def test_sums_are_exact_where_floating_point_is_not(values: list[int], data: st.DataObject) -> None:
    index = [data.draw(st.integers(0, 3)) for _ in values]
    sums = exact_sum(np.array(index), np.array(values, np.int64), 4)
    for place in range(4):
        wanted = sum(value for value, at in zip(values, index, strict=True) if at == place)
        assert sums[place] == min(wanted, UNBOUNDED)


@quick
@given(rows=drawn)
def test_asking_the_switches_first_changes_no_set(rows: list) -> None:
    fast = [(a, b, 400, n) for a, b, _, n in rows]  # every link exceeds the limit
    made = fabric(links(fast), inventory(["n0", "n1", "n2", "n3"]))
    apart = Reading(rails="separate")
    asked = Survey(made, LIMITS).result(apart)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "switches_suffice", lambda _: False)
        unasked = Survey(made, LIMITS).result(apart)
    assert (asked.peak, asked.machines) == (unasked.peak, unasked.machines)
