"""The readers on public sample files, where these are beside the checkout."""

from collections import Counter
from pathlib import Path

import pytest

from declarant.clusters.observation import NodeKind
from declarant.clusters.readers import read_file
from declarant.problems import BadInput

pytestmark = pytest.mark.samples


def test_openb_nodes(samples: Path) -> None:
    held = read_file(samples / "kubernetes" / "openb-nodes.yaml").machines
    assert len(held) == len(set(held.name)) == 1213
    devices: Counter[str] = Counter()
    for device, count in zip(held.device, held.count.tolist(), strict=True):
        devices[device] += count
    assert devices.total() == 6212
    assert devices["G2"] == 4392  # a model that its operator does not disclose


def test_azure_tree(samples: Path) -> None:
    seen = read_file(samples / "slurm" / "azure-slurm_topology.txt")
    assert Counter(seen.nodes.kind.tolist()) == {NodeKind.MACHINE: 16, NodeKind.SWITCH: 6}
    assert not seen.speeds_known


def test_azure_blocks(samples: Path) -> None:
    seen = read_file(samples / "slurm" / "azure-block_topology.txt")
    assert Counter(seen.nodes.kind.tolist())[NodeKind.MACHINE] == 72


def test_azure_blocks_that_slurm_would_refuse(samples: Path) -> None:
    with pytest.raises(BadInput, match="4 lines"):
        read_file(samples / "slurm" / "azure-slurm_illegal_block_topology.txt")


def test_azure_adapters_in_a_loop(samples: Path) -> None:
    seen = read_file(samples / "slurm" / "azure-topology.txt")
    assert Counter(seen.nodes.kind.tolist()) == {NodeKind.ADAPTER: 128, NodeKind.SWITCH: 49}
    assert {"slurm-topology.loop", "slurm-topology.adapters"} <= {f.code for f in seen.findings}


def test_a100_with_mig(samples: Path) -> None:
    held = read_file(samples / "nvidia-smi" / "a100-sxm4-mig.xml").machines
    # four are attached; the file describes one, whose four slices are not devices
    assert dict(zip(held.device, held.count.tolist(), strict=True)) == {
        "NVIDIA A100-SXM4-80GB": 1,
        "": 3,
    }


def test_desktop_card(samples: Path) -> None:
    held = read_file(samples / "nvidia-smi" / "rtx-3080.xml").machines
    assert held.device == ("NVIDIA GeForce RTX 3080",)
    assert held.clique == ("",)


def test_minigraph(samples: Path) -> None:
    seen = read_file(samples / "sonic" / "lt2-p32o64-minigraph.xml")
    assert Counter(seen.links.active.tolist()) == {400 * 10**9: 64, 800 * 10**9: 24}


def test_config_db(samples: Path) -> None:
    seen = read_file(samples / "sonic" / "sample_config_db.json")
    assert seen.nodes.key[0] == "asw.dc"
    assert len(seen.links) == 4
