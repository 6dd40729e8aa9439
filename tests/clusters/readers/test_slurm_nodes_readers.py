"""Slurm's nodes as machines: resources, states, both ways of printing."""

from pathlib import Path

import pytest

from declarant.clusters.observation import Observation, Status
from declarant.clusters.readers import read_file
from declarant.clusters.readers.slurm_gres import read_gres
from declarant.clusters.readers.slurm_state import status_of, words_of
from declarant.problems import BadInput

FIXTURES = Path(__file__).parent / "fixtures"


def rows(seen: Observation) -> list[tuple[str, str, int, str]]:
    held = seen.machines
    return list(zip(held.name, held.device, held.count.tolist(), held.status, strict=True))


def read(folder: Path, text: str, name: str = "nodes.txt") -> Observation:
    (folder / name).write_text(text)
    return read_file(folder / name)


def test_it_reads_every_node() -> None:
    seen = read_file(FIXTURES / "slurm-nodes.txt")
    assert seen.machines.naming == "slurm"
    assert rows(seen) == [
        ("gpu001", "h100", 8, "in_service"),
        ("gpu002", "h100", 6, "in_service"),  # drains, and still works
        ("gpu002", "a100", 2, "in_service"),
        ("gpu003", "", 8, "installed"),
        ("mig01", "a100", -1, "in_service"),
        ("cpu01", "", 0, "in_service"),
        ("burst-1", "h200", 8, "unknown"),
        ("rack9-1", "b200", 8, "planned"),
    ]
    assert {f.code for f in seen.findings} == {
        "slurm-nodes.no_type",
        "slurm-nodes.slices",
        "slurm-nodes.cloud_slots",
        "slurm-nodes.other_resource",
    }


def test_one_line_a_node_says_the_same(tmp_path: Path) -> None:
    blocks = (FIXTURES / "slurm-nodes.txt").read_text().strip().split("\n\n")
    oneline = "\n".join(" ".join(block.split()) for block in blocks)
    assert rows(read(tmp_path, oneline)) == rows(read_file(FIXTURES / "slurm-nodes.txt"))


def test_findings_know_their_line() -> None:
    found = read_file(FIXTURES / "slurm-nodes.txt").findings
    lines = (FIXTURES / "slurm-nodes.txt").read_text().splitlines()
    told = next(f for f in found if f.code == "slurm-nodes.no_type")
    assert told.where.line is not None
    assert lines[told.where.line - 1].startswith("NodeName=gpu003")


def test_json_reads_state_words_and_flags() -> None:
    seen = read_file(FIXTURES / "slurm-nodes.json")
    assert seen.format == "slurm-nodes-json"
    assert rows(seen) == [
        ("gpu001", "h100", 8, "in_service"),
        ("gpu002", "h200", 8, "installed"),  # the type stands in the tres only
        ("cpu01", "", 0, "installed"),
    ]


@pytest.mark.parametrize(
    ("gres", "devices"),
    [
        ("gpu:h100:8", {"h100": 8}),
        ("gpu:h100:8(S:0-1)", {"h100": 8}),
        ("gpu:h100:8(S:0,3)", {"h100": 8}),
        ("gpu:8", {"": 8}),
        ("gpu:h100", {"h100": 1}),
        ("gpu", {"": 1}),
        ("gpu:h100:4(S:0),gpu:h100:4(S:1)", {"h100": 8}),
        ("gpu:h100:6,gpu:a100:2", {"h100": 6, "a100": 2}),
        ("gpu:h100:no_consume:8", {"h100": 8}),
        ("gpu:h100:1K", {"h100": 1024}),
        ("gpu:h100:0", {}),
        ("nic:mlx5:8,license:4", {}),
        ("gpu:h100:8,shard:h100:64,mps:800", {"h100": 8}),
        ("gpu:a100_7g.40gb:8", {"a100": 8}),
        ("gpu:a100_1g.5gb:56", {"a100": -1}),
        ("gpu:nvidia_a100-sxm4-40gb_3g.20gb:2", {"nvidia_a100-sxm4-40gb": -1}),
        ("gpu:1g.10gb:7", {"": -1}),
        ("(null)", {}),
        ("", {}),
    ],
)
def test_it_reads_resources(gres: str, devices: dict[str, int]) -> None:
    assert read_gres(gres).devices == devices


@pytest.mark.parametrize(
    "gres", ["gpu:h100:eight", "gpu:h100:8:9", "gpu:h100:99999999999", "gpu::", "gpu:a:b:c"]
)
def test_a_resource_that_is_none_is_named(gres: str) -> None:
    held = read_gres(gres)
    assert held.unreadable == gres
    assert held.devices == {}


def test_tres_stand_in_for_what_gres_leaves_open() -> None:
    tres = "cpu=224,mem=1T,gres/gpu=8,gres/gpu:h100=8"
    assert read_gres("gpu:8", tres).devices == {"h100": 8}
    assert read_gres("(null)", tres).devices == {"h100": 8}
    assert read_gres("(null)", "cpu=4,gres/gpu=2").devices == {"": 2}
    assert read_gres("gpu:8", "gres/gpu:h100=4").devices == {"": 8}  # they disagree


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("IDLE", Status.IN_SERVICE),
        ("ALLOCATED+PLANNED", Status.IN_SERVICE),
        ("IDLE+PLANNED", Status.IN_SERVICE),  # planned for a job, not a planned machine
        ("IDLE+MAINT+RESERVED", Status.IN_SERVICE),
        ("MIXED+DRAIN", Status.IN_SERVICE),
        ("IDLE+CLOUD", Status.IN_SERVICE),
        ("IDLE+DRAIN", Status.INSTALLED),
        ("DOWN", Status.INSTALLED),
        ("DOWN*", Status.INSTALLED),
        ("IDLE*", Status.INSTALLED),
        ("idle~", Status.INSTALLED),
        ("IDLE+POWERED_DOWN", Status.INSTALLED),
        ("MIXED+DRAIN+NOT_RESPONDING", Status.INSTALLED),
        ("FUTURE", Status.PLANNED),
        ("IDLE+CLOUD+POWERED_DOWN", Status.UNKNOWN),
        ("UNKNOWN", Status.UNKNOWN),
        ("", Status.UNKNOWN),
        ("###", Status.UNKNOWN),
    ],
)
def test_it_maps_states(state: str, status: Status) -> None:
    assert status_of(words_of(state)) is status


def test_a_node_that_stands_twice_counts_once(tmp_path: Path) -> None:
    block = "NodeName=n1 CPUTot=4 Gres=gpu:h100:8 State=IDLE\n"
    seen = read(tmp_path, block + block)
    assert len(seen.machines) == 1
    assert [f.code for f in seen.findings] == ["slurm-nodes.twice"]
    assert seen.findings[0].where.line == 2


def test_a_resource_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    text = "NodeName=n1 CPUTot=4 State=IDLE\nNodeName=n2 CPUTot=4 Gres=gpu:h100:x State=IDLE\n"
    with pytest.raises(BadInput, match="n2") as refused:
        read(tmp_path, text)
    assert refused.value.findings[0].where.line == 2


def test_slurm_conf_is_not_taken_for_it(tmp_path: Path) -> None:
    text = "ClusterName=x\nNodeName=n[1-4] CPUs=4 Gres=gpu:h100:8 State=UNKNOWN\n"
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text, "slurm.conf")
    assert refused.value.findings[0].code == "file.format_unrecognised"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"nodes": [1], "x": "\\"gres\\""}', None),
        ('{"gres": 0, "nodes": ["a"]}', "slurm-nodes-json.shape"),
        ('{"gres": 0, "nodes": []}', "slurm-nodes-json.no_nodes"),
        ('{"gres": 0, "nodes": [{"state": ["IDLE"]}]}', "slurm-nodes-json.no_name"),
        ('{"gres": 0, "nodes": [{"name": "n1", "gres": "gpu:x:y"}]}', "slurm-nodes-json.gres"),
        ('{"gres": 0, "nodes": [{"name": "n1"', "slurm-nodes-json.json"),
    ],
)
def test_broken_json_is_refused(tmp_path: Path, text: str, code: str | None) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text, "nodes.json")
    assert code is None or refused.value.findings[0].code == code
