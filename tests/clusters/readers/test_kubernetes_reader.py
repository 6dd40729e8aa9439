"""Kubernetes nodes: devices are counted, not slices, shares or partitions."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from declarant.clusters.observation import Observation
from declarant.clusters.readers import read_file
from declarant.clusters.readers.kubernetes_devices import devices_of
from declarant.hardware import device as listed
from declarant.problems import BadInput

FIXTURES = Path(__file__).parent / "fixtures"


def rows(seen: Observation) -> dict[str, list[tuple[str, int]]]:
    held: dict[str, list[tuple[str, int]]] = {}
    for name, device, count in zip(
        seen.machines.name, seen.machines.device, seen.machines.count.tolist(), strict=True
    ):
        held.setdefault(name, []).append((device, count))
    return held


def read(folder: Path, text: str, name: str = "nodes.json") -> Observation:
    (folder / name).write_text(text)
    return read_file(folder / name)


def node(name: str, **capacity: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {"capacity": capacity},
    }


def test_it_counts_devices_not_parts_of_them() -> None:
    seen = read_file(FIXTURES / "kubernetes-nodes.json")
    assert seen.format == "kubernetes-nodes"
    assert seen.machines.naming == "kubernetes"
    assert rows(seen) == {
        "whole": [("NVIDIA-GB200", 4)],
        "mig-single": [("NVIDIA-A100-SXM4-80GB", -1)],
        "mig-whole": [("NVIDIA-A100-SXM4-80GB", 8)],
        "mig-mixed": [("NVIDIA-H100-80GB-HBM3", 8)],
        "time-sliced": [("NVIDIA-L40S", 8)],
        "amd": [("AMD_Instinct_MI300X_OAM", 8)],
        "amd-partitioned": [("AMD_Instinct_MI300X_OAM", -1)],
        "tpu": [("tpu-v5p-slice", 4)],
        "gaudi": [("", 8)],
        "cores-only": [("", -1)],
        "newcomer": [("", -1)],
        "plain": [("", 0)],
    }


def test_it_reads_cliques_sites_and_statuses() -> None:
    held = read_file(FIXTURES / "kubernetes-nodes.json").machines
    by_name = {name: row for row, name in enumerate(held.name)}
    assert held.clique[by_name["whole"]] == "7b968a6d-c8aa-45e1-9e07-e1e51be99c31.1"
    assert held.clique[by_name["tpu"]] == "tpu slice slice-7"
    assert held.clique[by_name["amd"]] == ""
    assert held.site[by_name["whole"]] == "us-east-1a"
    assert held.status[by_name["whole"]] == "in_service"  # cordoned, and in service
    assert held.status[by_name["amd"]] == "installed"  # not ready
    assert held.status[by_name["plain"]] == "unknown"


def test_it_says_what_is_not_known_and_where() -> None:
    found = {f.code: f for f in read_file(FIXTURES / "kubernetes-nodes.json").findings}
    assert set(found) == {
        "kubernetes-nodes.no_device_name",
        "kubernetes-nodes.slices",
        "kubernetes-nodes.unknown_resource",
        "kubernetes-nodes.not_ready",
    }
    sliced = found["kubernetes-nodes.slices"]
    lines = (FIXTURES / "kubernetes-nodes.json").read_text().splitlines()
    assert sliced.where.line is not None
    assert '"name": "mig-single"' in "".join(lines[sliced.where.line - 1 : sliced.where.line + 5])
    assert sliced.effect


def test_a_stream_of_documents_with_other_kinds_between() -> None:
    seen = read_file(FIXTURES / "kubernetes-stream.yaml")
    assert rows(seen) == {"a": [("V100M32", 8)], "b": [("nvidia-h100-mega-80gb", 8)]}
    found = {f.code: f for f in seen.findings}
    assert found["kubernetes-nodes.twice"].where.line == 32
    assert "1 Pod" in found["kubernetes-nodes.other_kind"].what


def test_yaml_and_json_of_the_same_nodes_agree(tmp_path: Path) -> None:
    import yaml

    document = json.loads((FIXTURES / "kubernetes-nodes.json").read_text())
    seen = read(tmp_path, yaml.safe_dump(document), "nodes.yaml")
    assert rows(seen) == rows(read_file(FIXTURES / "kubernetes-nodes.json"))


def test_objects_that_follow_one_another_without_a_list(tmp_path: Path) -> None:
    text = "".join(json.dumps(node(name, cpu="4")) + "\n" for name in ("a", "b"))
    assert rows(read(tmp_path, text)) == {"a": [("", 0)], "b": [("", 0)]}


def test_the_interface_leaves_out_the_kind_of_each_entry(tmp_path: Path) -> None:
    entry = node("a", **{"nvidia.com/gpu": "8"})
    del entry["kind"], entry["apiVersion"]
    text = json.dumps({"kind": "NodeList", "apiVersion": "v1", "items": [entry]})
    assert rows(read(tmp_path, text)) == {"a": [("", 8)]}


GFD = "nvidia.com/gpu."


@pytest.mark.parametrize(
    ("labels", "capacity", "devices"),
    [
        ({}, {"nvidia.com/gpu": "8"}, [("", 8)]),
        ({GFD + "product": "X"}, {"nvidia.com/gpu": "8"}, [("X", 8)]),
        ({GFD + "product": "X", GFD + "count": "8"}, {"nvidia.com/gpu": "7"}, [("X", 8)]),
        ({GFD + "product": "X", GFD + "count": "8"}, {}, [("X", 8)]),  # no plugin runs
        # two products on one node: the labels tell of one
        (
            {GFD + "product": "X", GFD + "count": "6"},
            {"nvidia.com/gpu": "8"},
            [("X", 6), ("", 2)],
        ),
        ({GFD + "product": "X", GFD + "replicas": "4"}, {"nvidia.com/gpu": "32"}, [("X", 8)]),
        ({GFD + "product": "X", GFD + "replicas": "5"}, {"nvidia.com/gpu": "32"}, [("X", -1)]),
        (
            {GFD + "product": "X-MIG-1g.10gb-SHARED", GFD + "count": "56"},
            {"nvidia.com/gpu": "112"},
            [("X", -1)],
        ),
        ({GFD + "product": "X-MIG-INVALID", GFD + "count": "0"}, {}, [("X", -1)]),
        ({}, {"nvidia.com/mig-1g.10gb": "14"}, [("", -1)]),
        ({}, {"nvidia.com/gpu.shared": "32"}, [("", -1)]),
        ({GFD + "count": "0"}, {"nvidia.com/gpu": "0"}, []),
        ({}, {"aws.amazon.com/neuron": "16", "aws.amazon.com/neuroncore": "128"}, [("", 16)]),
        ({}, {"aws.amazon.com/neuron": "16", "aws.amazon.com/neurondevice": "16"}, [("", 16)]),
        (
            {"amd.com/gpu.product-name": "M", "amd.com/compute-memory-partition": "spx_nps1"},
            {"amd.com/gpu": "8"},
            [("M", 8)],
        ),
        ({}, {"amd.com/cpx_nps4": "64"}, [("", -1)]),
        ({}, {"alibabacloud.com/gpu-milli": "8000"}, [("", -1)]),
    ],
)
def test_it_counts(
    labels: dict[str, str], capacity: dict[str, str], devices: list[tuple[str, int]]
) -> None:
    assert devices_of(labels, capacity).rows == devices


INSTANCE = "node.kubernetes.io/instance-type"


@pytest.mark.parametrize(
    ("labels", "capacity", "devices"),
    [
        ({INSTANCE: "p5.48xlarge"}, {}, [("h100-sxm", 8)]),  # no plugin runs
        ({INSTANCE: "p5.48xlarge"}, {"nvidia.com/gpu": "7"}, [("h100-sxm", 7)]),
        ({INSTANCE: "trn2.48xlarge"}, {"aws.amazon.com/neuroncore": "128"}, [("trainium2", 16)]),
        (
            {INSTANCE: "p4d.24xlarge", GFD + "product": "X-MIG-1g.5gb", GFD + "count": "56"},
            {"nvidia.com/gpu": "56"},
            [("X", 8)],
        ),
        ({INSTANCE: "m5.large"}, {}, []),
    ],
)
def test_the_instance_type_tells_what_the_node_does_not(
    labels: dict[str, str], capacity: dict[str, str], devices: list[tuple[str, int]]
) -> None:
    held = devices_of(labels, capacity)
    wanted = [((found.name if (found := listed(name)) else name), n) for name, n in devices]
    assert held.rows == wanted
    assert held.from_instance_type == (labels[INSTANCE] if devices else "")
    assert not held.sliced


def test_an_instance_type_changes_nothing_that_the_node_says() -> None:
    labels = {INSTANCE: "p5.48xlarge", GFD + "product": "NVIDIA-H100-80GB-HBM3", GFD + "count": "8"}
    held = devices_of(labels, {"nvidia.com/gpu": "8"})
    assert held.rows == [("NVIDIA-H100-80GB-HBM3", 8)]
    assert held.from_instance_type == ""


def test_an_empty_fabric_is_no_clique() -> None:
    label = {"nvidia.com/gpu.clique": "00000000-0000-0000-0000-000000000000.0"}
    assert devices_of(label, {}).clique == ""


def test_a_tpu_slice_of_one_host_is_no_clique() -> None:
    labels = {
        "cloud.google.com/gke-tpu-topology": "2x2x1",
        "cloud.google.com/gke-nodepool": "pool",
    }
    assert devices_of(labels, {"google.com/tpu": "4"}).clique == ""
    labels["cloud.google.com/gke-tpu-topology"] = "x".join(["99999"] * 1000) + "xjunk"
    assert devices_of(labels, {"google.com/tpu": "4"}).clique == ""


@pytest.mark.parametrize("count", ["-1", "8.5", "many", "1e3", "9" * 30, "8Gi"])
def test_a_count_that_is_none_is_refused(tmp_path: Path, count: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, json.dumps(node("n", **{"nvidia.com/gpu": count})))
    assert refused.value.findings[0].code == "kubernetes-nodes.count"
    assert refused.value.findings[0].where.line == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"apiVersion": "v1", "kind": "List", "items": []}', "no_nodes"),
        ('{"apiVersion": "v1", "kind": "Pod"}', "no_nodes"),
        ('{"apiVersion": "v1", "kind": "List", "items": null}', "shape"),
        ('{"apiVersion": "v1", "kind": "List", "items": [7]}', "shape"),
        ('{"apiVersion": "v1", "kind": "Node"}', "no_name"),
        ('{"apiVersion": "v1", "kind": "Node", "metadata": {"name": 7}}', "no_name"),
        ('{"apiVersion": "v1", "items": [{"kind": "Node"', "json"),
        ('{"apiVersion": "v1", "kind": "List"} extra', "json"),
        ('{"apiVersion": "v1", "kind": ' + "9" * 5000 + "}", "json"),
    ],
)
def test_it_refuses_what_holds_no_nodes(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    assert refused.value.findings[0].code == f"kubernetes-nodes.{code}"


def test_it_names_the_kinds_it_found_instead(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="2 Pod"):
        read(tmp_path, "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n", "x.yaml")


@pytest.mark.slow
def test_fifty_thousand_nodes_take_seconds(tmp_path: Path) -> None:
    entry = json.loads((FIXTURES / "kubernetes-nodes.json").read_text())["items"][0]
    entry["metadata"]["annotations"] = {"note": "x" * 800}
    head, tail = json.dumps(entry).split('"whole"')
    with (tmp_path / "fleet.json").open("w") as fleet:
        fleet.write('{"apiVersion": "v1", "items": [')
        fleet.write(",\n".join(f'{head}"n{number}"{tail}' for number in range(50_000)))
        fleet.write('], "kind": "List"}')
    began = time.monotonic()
    seen = read_file(tmp_path / "fleet.json")
    assert time.monotonic() - began < 20  # about 2 s alone
    assert len(seen.machines) == 50_000
    assert int(seen.machines.count.sum()) == 200_000
