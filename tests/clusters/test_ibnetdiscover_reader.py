"""The reader of InfiniBand dumps: what it takes from them and what it says about broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clusters.dumps import Dump, rail_fabric

from declarant.clusters.infiniband import scan as scanning
from declarant.clusters.observation import UNKNOWN_RATE, NodeKind, Observation
from declarant.clusters.readers import read_file
from declarant.problems import BadInput

Reading = Callable[..., Observation]


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    def reading(text: str | bytes, **more: object) -> Observation:
        file = tmp_path / "fabric.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_file(file, **more)

    return reading


def codes(found: Observation) -> dict[str, int | None]:
    assert all(finding.what and finding.mend for finding in found.findings)
    return {finding.code.split(".")[1]: finding.where.line for finding in found.findings}


def pair(rate: str = "4xNDR") -> Dump:
    dump = Dump()
    dump.link(dump.adapter("n1 mlx5_0"), dump.switch("leaf"), rate)
    return dump


def test_nodes_and_links_stand_once(read: Reading) -> None:
    dump = Dump()
    leaf, spine = dump.switch("leaf"), dump.switch("spine")
    dump.link(leaf, spine, times=2)
    for number in range(3):
        dump.link(dump.adapter(f"n{number} mlx5_0"), leaf)
    dump.link(leaf, dump.adapter("Mellanox Technologies Aggregation Node"))
    dump.link(leaf, dump.adapter("MT4129 ConnectX7   Mellanox Technologies"))
    found = read(dump.text())
    assert found.format == "ibnetdiscover"
    assert len(found.links) == 7
    assert found.links.active.tolist() == [400 * 10**9] * 7
    assert not found.links.one_ended.any()
    kinds = dict(zip(found.nodes.label, found.nodes.kind.tolist(), strict=True))
    assert kinds["MF0;leaf:MQM9701/U1"] == NodeKind.SWITCH
    assert kinds["Mellanox Technologies Aggregation Node"] == NodeKind.AGGREGATION
    assert sorted(found.nodes.host) == ["", "", "", "", "n0", "n1", "n2"]
    assert found.nodes.key[0] == leaf.id
    assert codes(found) == {"no_host_name": found.findings[0].where.line}


@pytest.mark.parametrize(
    ("rate", "bits"),
    [
        ("4xNDR", 400 * 10**9),
        ("2xNDR", 200 * 10**9),
        ("4xXDR", 800 * 10**9),
        ("4xHDR", 200 * 10**9),
        ("12xEDR", 300 * 10**9),
        ("4xFDR10", 40 * 10**9),
        ("4xFDR", 56 * 10**9),
        ("8xQDR", 80 * 10**9),
        ("1xSDR", 2_500_000_000),
        ("4x106.25", 400 * 10**9),
        ("4x 26.5625", 200 * 10**9),
        ("4xNDR s=128 w=2 v=3", 400 * 10**9),
        ("4x???", UNKNOWN_RATE),
        ("??NDR", UNKNOWN_RATE),
        ("3xNDR", UNKNOWN_RATE),
        ("4xZDR", UNKNOWN_RATE),
        ("", UNKNOWN_RATE),
        ("99999999999xNDR", UNKNOWN_RATE),
    ],
)
def test_rates_are_width_by_generation_and_nominal(read: Reading, rate: str, bits: int) -> None:
    found = read(pair(rate).text())
    assert found.links.active.tolist() == [bits]
    assert ("unknown_rate" in codes(found)) == (bits == UNKNOWN_RATE)


@pytest.mark.parametrize(
    ("description", "host"),
    [
        ("dgx-01 mlx5_3", "dgx-01"),
        ("a06-p1-dgx-02-c01 HCA-6", "a06-p1-dgx-02-c01"),
        ("H_32000 HCA-1 (Mellanox HCA)", "H_32000"),
        ("node7", "node7"),
        ("node7.example.org ibp12s0", "node7.example.org"),
        ("MT4129 ConnectX7   Mellanox Technologies", ""),
        ("MT25408 ConnectX Mellanox Technologies", ""),
        ("Mellanox Technologies Aggregation Node", ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_the_host_stands_before_the_device(read: Reading, description: str, host: str) -> None:
    dump = Dump()
    dump.link(dump.adapter(description), dump.switch("leaf"))
    assert read(dump.text()).nodes.host[0] == host


def test_a_node_name_map_names_switches_and_adapters(read: Reading, tmp_path: Path) -> None:
    dump = pair()
    names = tmp_path / "names"
    adapter, switch = dump.nodes
    names.write_text(f'# map\n0x{adapter.guid:x} "n77 mlx5_0"\n0x{switch.guid:016X}\t"Row A"\n')
    found = read(dump.text(), node_names=names)
    assert found.nodes.host[0] == "n77"
    assert found.nodes.label[1] == "Row A"


def test_a_wrong_node_name_map_is_refused_with_each_line(read: Reading, tmp_path: Path) -> None:
    names = tmp_path / "names"
    names.write_text('0x1 "a"\nleaf1 = x\n0x1 "b"\n')
    with pytest.raises(BadInput) as error:
        read(pair().text(), node_names=names)
    assert [finding.where.line for finding in error.value.findings] == [2, 3]


def test_the_other_dialect_and_odd_blanks(read: Reading) -> None:
    text = (
        'Switch 65 "S-2c5eab0300b87b40" # "MF0;leaf:MQM9701/U1" enhanced port 0 lid 73 lmc 0\n'
        '  [1] "H-e09d7303007a4bd8"[1](e09d7303007a4bd8) # "n1 mlx5_5" lid 647 4xNDR\n'
        '[2]  "H-09d7303007a4bd99"[1] # "n2 mlx5_5" lid 648 4x100\n'
        '\nCa 1 "H-e09d7303007a4bd8" # "n1 mlx5_5"\n'
        '[1](e09d7303007a4bd8)   "S-2c5eab0300b87b40"[1] # lid 6 lmc 0 "MF0;leaf" lid 73 4xNDR  \n'
        'Ca 1 "H-09d7303007a4bd99" # "n2 mlx5_5"\n'
        '[1](9d7303007a4bd99) "S-2c5eab0300b87b40"[2] # lid 648 lmc 0 "MF0;leaf" lid 73 4x100\n'
    )
    found = read(text)
    assert codes(found) == {}
    assert list(found.nodes.host) == ["", "n1", "n2"]
    assert found.links.active.tolist() == [400 * 10**9] * 2


def test_a_grouped_dump_with_chassis_and_external_ports(read: Reading) -> None:
    text = pair().text()
    text = text.replace("\nvendid", "\nChassis 1 (guid 0x2c5eab)\n# Spine Nodes\nvendid", 1)
    text = text.replace('"[1]\t', '"[1][ext 3]\t').replace("\n[1]\t", "\n[1][ext 12]\t")
    found = read(text)
    assert codes(found) == {}
    assert len(found.links) == 1
    assert not found.links.one_ended.any()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_encodings(read: Reading, end: str, encoding: str) -> None:
    text = pair().text().replace("\n", end)
    found = read(text.encode(encoding))
    assert codes(found) == {}
    assert (len(found.links), list(found.nodes.host)) == (1, ["n1", ""])


def test_bytes_of_latin_1_are_replaced_and_nothing_is_lost(read: Reading) -> None:
    dump = Dump()
    dump.link(dump.adapter("rechner-süd mlx5_0"), dump.switch("leaf"))
    found = read(dump.text().encode("latin-1"))
    assert len(found.links) == 1
    assert found.nodes.host[0].startswith("rechner-s")


def test_a_link_with_one_end_is_kept_and_said(read: Reading) -> None:
    dump = pair()
    dump.link(dump.adapter("n2 mlx5_0"), dump.nodes[1])
    text = dump.text(without=[dump.nodes[2]])
    found = read(text)
    assert found.links.one_ended.sum() == 1
    assert found.nodes.host[2] == "n2"  # from the switch's line
    line = codes(found)["one_ended"]
    assert line is not None
    assert "n2 mlx5_0" in text.splitlines()[line - 1]


def test_a_truncated_dump_names_its_last_line(read: Reading) -> None:
    text = pair().text()
    cut = text[: text.rindex('"S-') + 8]
    found = read(cut)
    assert codes(found)["truncated"] == len(cut.splitlines())
    assert codes(found)["one_ended"] is not None


def test_a_link_slower_than_its_ports_keeps_both_rates(read: Reading) -> None:
    dump = Dump()
    a, b = dump.switch("a"), dump.switch("b")
    dump.link(a, b, "4xEDR")
    dump.link(a, b, "4xDDR")
    found = read(dump.text())
    assert sorted(found.links.active.tolist()) == [20 * 10**9, 100 * 10**9]
    assert found.links.supported.tolist() == [100 * 10**9] * 2
    assert codes(found).keys() == {"degraded"}


def test_an_unknown_rate_supports_nothing_known(read: Reading) -> None:
    dump = Dump()
    a, b = dump.switch("a"), dump.switch("b")
    dump.link(a, b, "4xEDR")
    dump.link(a, b, "4x???")
    found = read(dump.text())
    assert sorted(found.links.supported.tolist()) == [UNKNOWN_RATE, 100 * 10**9]


def test_ends_that_disagree(read: Reading) -> None:
    text = pair().text()
    place = text.rindex("4xNDR")
    found = read(text[:place] + "4xHDR" + text[place + 5 :])
    assert found.links.active.tolist() == [200 * 10**9]  # the lower
    assert "unequal_rates" in codes(found)
    half = read(text[:place] + "4x???" + text[place + 5 :])
    assert half.links.active.tolist() == [400 * 10**9]  # the one that is known


def test_a_node_with_two_sections_is_one_node(read: Reading) -> None:
    text = pair().text()
    found = read(text + text)
    assert len(found.links) == 1
    assert codes(found).keys() == {"repeated_node", "repeated_port"}


def test_lines_in_no_known_form_are_said_with_the_first(read: Reading) -> None:
    text = pair().text() + "what is this?\n[1]\tnothing\n[9999]\t" + '"S-2c5eab0300000010"[1]\n'
    found = read(text)
    assert codes(found) == {"line": text.splitlines().index("what is this?") + 1}
    assert "3 lines" in found.findings[0].what
    assert len(found.links) == 1


def test_port_lines_before_any_node(read: Reading) -> None:
    found = read('[1]\t"S-2c5eab0300000010"[1]\t\t# "x" lid 1 4xNDR\n' + pair().text())
    assert "no_section" in codes(found)
    assert len(found.links) == 1


def test_a_dump_without_nodes_is_refused(read: Reading) -> None:
    with pytest.raises(BadInput, match="no switch and no adapter"):
        read("# Topology file: generated on Wed Aug  6 16:11:23 2025\n")


def test_blocks_make_no_difference(read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    text = rail_fabric(units=2, machines=3, rails=2).text()
    whole = read(text)
    for size in (64, 100, 999, 5000):
        monkeypatch.setattr(scanning, "BLOCK", size)
        parts = read(text)
        assert parts.nodes.key == whole.nodes.key
        assert parts.nodes.host == whole.nodes.host
        for column in ("a", "b", "active", "supported", "one_ended"):
            assert np.array_equal(getattr(parts.links, column), getattr(whole.links, column))


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text(pair().text())
    told: list[tuple[int, int]] = []
    read_file(file, advance=lambda done, total: told.append((done, total)))
    assert told[-1] == (file.stat().st_size, file.stat().st_size)


@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_fabric_comes_back_as_written(read: Reading, data: st.DataObject) -> None:
    dump = Dump()
    switches = [dump.switch(f"s{number}") for number in range(data.draw(st.integers(1, 4)))]
    adapters = [dump.adapter(f"n{number} mlx5_0") for number in range(data.draw(st.integers(0, 4)))]
    ends = st.sampled_from([*switches, *adapters])
    rates = st.sampled_from(["4xNDR", "4xHDR", "2xXDR", "12xEDR"])
    drawn = data.draw(st.lists(st.tuples(ends, ends, rates), max_size=8))
    links = [(a, b, rate) for a, b, rate in drawn if a is not b]
    for a, b, rate in links:
        dump.link(a, b, rate)
    found = read(dump.text())
    key = found.nodes.key
    made = [
        (*sorted((key[a], key[b])), bits)
        for a, b, bits in zip(
            found.links.a.tolist(),
            found.links.b.tolist(),
            found.links.active.tolist(),
            strict=True,
        )
    ]
    bits = {"4xNDR": 400, "4xHDR": 200, "2xXDR": 400, "12xEDR": 300}
    wanted = [(*sorted((a.id, b.id)), bits[rate] * 10**9) for a, b, rate in links]
    assert sorted(made) == sorted(wanted)


MUTATED = rail_fabric(units=1, machines=2, rails=2, spines=1).text().encode()


@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(MUTATED)), st.integers(0, 40), st.binary(max_size=12)),
        max_size=6,
    ),
    end=st.integers(0, len(MUTATED)),
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_broken_dump_is_read_or_refused(
    read: Reading, edits: list[tuple[int, int, bytes]], end: int
) -> None:
    text = MUTATED
    for at, removed, put in edits:
        text = text[:at] + put + text[at + removed :]
    text = text[:end]
    try:
        found = read(text, format="ibnetdiscover")
    except BadInput as error:
        refused = error.findings
        found = Observation("", "", "")
    else:
        refused = found.findings
    assert all(finding.what and finding.mend for finding in refused)
    nodes = len(found.nodes)
    assert all(0 <= end < nodes for end in (*found.links.a, *found.links.b))
    assert len(found.nodes.host) == len(found.nodes.label) == len(found.nodes.kind) == nodes


@pytest.mark.samples
def test_a_real_dump(samples: Path) -> None:
    found = read_file(samples / "ibnetdiscover" / "ndr-dgx.txt")
    assert np.bincount(found.nodes.kind).tolist() == [0, 40, 542, 0, 40]
    nameless = found.nodes.kind == NodeKind.ADAPTER
    nameless &= np.array([host == "" for host in found.nodes.host])
    assert nameless.sum() == 69
    assert len(found.links) == 1114
    assert set(found.links.active.tolist()) == {400 * 10**9}


@pytest.mark.samples
def test_a_dump_that_saw_one_node(samples: Path) -> None:
    found = read_file(samples / "ibnetdiscover" / "bad.txt")
    assert codes(found) == {"no_links": 10}
