"""Slurm's trees, blocks and rings, from topology.conf, topology.yaml and scontrol."""

from pathlib import Path

import pytest

from declarant.clusters.observation import UNKNOWN_RATE, NodeKind, Observation
from declarant.clusters.readers import read_file
from declarant.problems import BadInput, Severity

FIXTURES = Path(__file__).parent / "fixtures"


def read(folder: Path, text: str, name: str = "topology.conf") -> Observation:
    (folder / name).write_text(text)
    return read_file(folder / name)


def pairs(seen: Observation) -> set[tuple[str, str]]:
    keys = [key.removeprefix("slurm ") for key in seen.nodes.key]
    return {(keys[a], keys[b]) for a, b in zip(seen.links.a, seen.links.b, strict=True)}


def codes(seen: Observation) -> set[str]:
    return {finding.code.partition(".")[2] for finding in seen.findings}


def test_a_tree_joins_machines_without_speeds() -> None:
    seen = read_file(FIXTURES / "slurm-tree.conf")
    assert seen.format == "slurm-topology"
    assert pairs(seen) == {
        ("switch leaf1", "gpu001"),
        ("switch leaf1", "gpu002"),
        ("switch leaf1", "gpu003"),
        ("switch leaf2", "gpu004"),
        ("switch leaf2", "gpu005"),
        ("switch leaf2", "login1"),
        ("switch spine", "switch leaf1"),
        ("switch spine", "switch leaf2"),
    }
    assert not seen.speeds_known
    assert set(seen.links.active.tolist()) == {UNKNOWN_RATE}
    assert set(seen.links.supported.tolist()) == {UNKNOWN_RATE}
    told = next(f for f in seen.findings if f.code == "slurm-topology.no_speeds")
    assert told.effect == "connectivity is an upper bound"


def test_machines_know_their_host_and_switches_have_none() -> None:
    nodes = read_file(FIXTURES / "slurm-tree.conf").nodes
    by_key = dict(zip(nodes.key, zip(nodes.kind, nodes.host, strict=True), strict=True))
    assert by_key["gpu001"] == (NodeKind.MACHINE, "gpu001")
    assert by_key["slurm switch leaf1"] == (NodeKind.SWITCH, "")


def test_a_line_that_is_commented_out_is_told_and_not_read() -> None:
    seen = read_file(FIXTURES / "slurm-tree.conf")
    assert "gpu006" not in seen.nodes.key
    told = next(f for f in seen.findings if f.code == "slurm-topology.commented_out")
    assert told.where.line == 5
    assert told.effect


def test_a_file_of_comments_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, "# made by a tool\n#BlockName=b1 Nodes=n[1-4]\nBlockSizes=20\n")
    finding = refused.value.findings[0]
    assert finding.code == "slurm-topology.commented_out"
    assert finding.where.line == 2


def test_blocks_are_joined_as_an_upper_bound() -> None:
    seen = read_file(FIXTURES / "slurm-blocks.conf")
    assert ("block b1", "nvl1-18") in pairs(seen)
    assert {("all blocks", "block b1"), ("all blocks", "block b2")} <= pairs(seen)
    assert len(seen.links) == 36 + 2
    assert "blocks_joined" in codes(seen)


def test_one_block_needs_nothing_above(tmp_path: Path) -> None:
    seen = read(tmp_path, "BlockName=b1 Nodes=n[1-4]\nBlockSizes=4\n")
    assert len(seen.links) == 4
    assert codes(seen) == {"no_speeds"}


def test_scontrol_repeats_machines_above_and_they_are_not_linked_twice() -> None:
    seen = read_file(FIXTURES / "slurm-show-topology.txt")
    assert ("switch spine", "gpu001") not in pairs(seen)
    assert len(seen.links) == 6


def test_aggregated_blocks_of_scontrol_are_passed_over(tmp_path: Path) -> None:
    seen = read(
        tmp_path,
        "BlockName=b0 BlockIndex=0 Nodes=n[1-2] BlockSize=2\n"
        "BlockName=b1 BlockIndex=1 Nodes=n[3-4] BlockSize=2\n"
        "AggregatedBlock=b[0-1] BlockIndex=2 Nodes=n[1-4] BlockSize=4\n",
    )
    assert len(seen.links) == 6


def test_a_ring_joins_its_machines(tmp_path: Path) -> None:
    assert len(read(tmp_path, "RingName=r0 Nodes=n[01-08]\n").links) == 8


def test_yaml_topologies_are_taken_together() -> None:
    seen = read_file(FIXTURES / "slurm-topology.yaml")
    assert seen.format == "slurm-topology-yaml"
    assert {("switch leaf1", "gpu001"), ("block rack1", "gpu001")} <= pairs(seen)
    assert {("switch spine", "switch leaf2"), ("block rack2", "gpu006")} <= pairs(seen)
    assert seen.nodes.key.count("gpu001") == 1
    assert {"flat", "no_speeds", "blocks_joined"} == codes(seen)
    assert not seen.speeds_known


def test_both_writings_of_one_tree_agree(tmp_path: Path) -> None:
    conf = read(tmp_path, "SwitchName=s Switches=l1\nSwitchName=l1 Nodes=n[1-3]\n")
    yaml = read(
        tmp_path,
        "- topology: t\n  tree:\n    switches:\n      - switch: s\n        children: l1\n"
        "      - switch: l1\n        nodes: n[1-3]\n",
        "topology.yaml",
    )
    assert pairs(conf) == pairs(yaml)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("SwitchName=s Switches=l[1-2]\nSwitchName=l1 Nodes=n1\n", "undefined_switch", 1),
        ("SwitchName=s Nodes=n1\nSwitchName=s Nodes=n2\n", "twice", 2),
        ("SwitchName=a Switches=b\nSwitchName=b Switches=a\nSwitchName=b Nodes=n1\n", "loop", 2),
        ("SwitchName=a Switches=a\nSwitchName=b Nodes=n1\n", "loop", 1),
        ("SwitchName=a\nSwitchName=b Nodes=n1\n", "childless", 1),
        ("SwitchName=a Nodes=0x155dfffd33ff7d,0x155dfffd33ffbd\n", "adapters", 1),
        ("SwitchName=a Nodes=n1\nInclude other.conf\n", "include", 2),
        ("SwitchName=a Nodes=n1 Colour=red\n", "unknown_key", 1),
    ],
)
def test_it_tells_what_is_odd_and_where(tmp_path: Path, text: str, code: str, line: int) -> None:
    told = next(f for f in read(tmp_path, text).findings if f.code == f"slurm-topology.{code}")
    assert told.where.line == line
    assert told.mend


def test_guids_are_adapters_of_no_known_machine(tmp_path: Path) -> None:
    nodes = read(tmp_path, "SwitchName=a Nodes=0x155dfffd33ff7d\n").nodes
    row = nodes.key.index("00155dfffd33ff7d")
    assert nodes.kind[row] == NodeKind.ADAPTER
    assert nodes.host[row] == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SwitchName=a Nodes=n1, n2\n", "slurm-topology.line"),
        ("SwitchName= Nodes=n1\n", "slurm-topology.line"),
        ("SwitchName=a BlockName=b Nodes=n1\n", "slurm-topology.line"),
        ("SwitchName=a Nodes=n[1-\n", "slurm-topology.host_list"),
        ("SwitchName=a Nodes=n[1-999999999]\n", "slurm-topology.too_many_hosts"),
        ("SwitchName=a Switches=b\nSwitchName=b\n", "slurm-topology.no_machines"),
    ],
)
def test_it_refuses_what_it_cannot_read(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    finding = refused.value.findings[0]
    assert finding.code == code
    assert finding.severity is Severity.ERROR
    assert finding.where.file is not None
    assert finding.where.file.endswith("topology.conf")
    assert finding.mend


@pytest.mark.parametrize(
    "text",
    [
        "- topology: t\n  tree: leaf1\n",
        "- topology: t\n  tree:\n    switches:\n      - leaf1\n",
        "- topology: t\n  tree:\n    switches:\n      - nodes: n1\n",
        "- topology: t\n  tree:\n    switches:\n      - switch: a\n        nodes: {n1: n2}\n",
        "- topology: t\n  block:\n    block_sizes: [4]\n",
        "- plain\n- topology: t\n",
    ],
)
def test_yaml_of_another_shape_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text, "topology.yaml")
    finding = refused.value.findings[0]
    assert finding.code == "slurm-topology-yaml.shape"
    assert finding.where.line


def test_an_unknown_kind_of_topology_is_told(tmp_path: Path) -> None:
    text = "- topology: t\n  torus3d: {}\n- topology: u\n  tree:\n    switches:\n"
    seen = read(tmp_path, text + "      - switch: a\n        nodes: n1\n", "topology.yaml")
    assert "unread" in codes(seen)
