"""A ledger for each rank: DDP and FSDP2 on two processes, tensor parallelism in this one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn

PROGRAM = """
import json, sys
import torch, torch.distributed as dist, torch.nn as nn
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel
import declarant

how, folder = sys.argv[1:]
dist.init_process_group("gloo")
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
if how == "ddp":
    model = DistributedDataParallel(model)
else:
    fully_shard(model)
optimizer = torch.optim.SGD(model.parameters(), 0.01)
with declarant.track(model, run="atlas", folder=folder) as tracker:
    for _ in range(4):
        model(torch.randn(5 + dist.get_rank(), 8)).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
counts = tracker.registered
print(json.dumps([[count.executed.best, count.executed.high] for count in counts]))
dist.destroy_process_group()
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["ddp", "fsdp2"])
def test_each_rank_writes_its_own_ledger(how, tmp_path) -> None:
    program = tmp_path / "train.py"
    program.write_text(PROGRAM)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ledgers = tmp_path / "ledgers"
    ranks = []
    for rank in range(2):
        place = {"RANK": str(rank), "WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
        where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        ranks.append(
            subprocess.Popen(
                [sys.executable, str(program), how, str(ledgers)],
                env={**_environment(), **place, **where},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    row, first = 2 * (8 * 16 + 16 * 4), 2 * 8 * 16
    for rank, process in enumerate(ranks):
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        training = (5 + rank) * (3 * row - first)
        assert json.loads(out.splitlines()[-1]) == [[training, training]]
    files = [file for file in ledgers.rglob("*") if file.is_file()]
    assert len({file.name for file in files if "rank" in str(file)}) >= 2, files


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


def test_tensor_parallel_ranks_count_their_own_part(small, tracked) -> None:
    """Ranks that hold half of each matrix do half of the work; the world here is made up."""
    import torch.distributed as dist
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor.parallel import (
        ColwiseParallel,
        RowwiseParallel,
        parallelize_module,
    )
    from torch.testing._internal.distributed.fake_pg import FakeStore

    whole = 5 * (3 * small.row - small.first)
    dist.init_process_group("fake", rank=1, world_size=2, store=FakeStore())
    try:
        mesh = init_device_mesh("cpu", (2,))
        plan = {"0": ColwiseParallel(), "2": RowwiseParallel()}
        model = parallelize_module(small.model, mesh, plan)
        with tracked(model) as tracker:
            for _ in range(3):
                model(torch.randn(5, 8)).sum().backward()
        assert (tracker.ledger.rank, tracker.ledger.world_size) == (1, 2)
    finally:
        dist.destroy_process_group()
    for count in tracker.ledger.counts():
        assert count.executed.low == count.executed.high == whole // 2
        assert not count.uncounted


def test_the_launchers_environment_gives_the_rank(small, tracked, monkeypatch) -> None:
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("WORLD_SIZE", "8")
    tracker = tracked(small.model)
    assert (tracker.ledger.rank, tracker.ledger.world_size) == (3, 8)
    monkeypatch.setenv("RANK", "nonsense")
    tracker = tracked(small.model)
    assert (tracker.ledger.rank, tracker.ledger.world_size) == (0, 1)
