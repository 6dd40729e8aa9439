"""What tracking costs: a training step with the tracker, without it, and with FlopCounterMode.

    python -m benchmarks.tracker_overhead [--device cuda] [--turns 60]

Steps take turns, and the ratio is the median over pairs of them. On a CPU the process's own time is
taken, on one thread, so that a busy machine spoils little; on a GPU, time on
the clock, after waiting for the device. A second measurement takes the tracker's own work alone:
the time inside its hooks, which no noise of the step itself can hide.

On a GPU, operations can be set against the hardware's own counters (needs the right to read them):

    ncu --metrics sm__inst_executed_pipe_tensor.sum,\\
sm__ops_path_tensor_src_bf16_dst_fp32.sum --target-processes all \\
        python -m benchmarks.tracker_overhead --device cuda --counted-steps 1

and with NVML's tensor activity (Hopper and later), sampled beside a longer run:

    dcgmi dmon -e 1004,1001,100 -d 1000
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

SIZES = {  # layers, width, sequences, positions; the steps take about 5, 50 and 200 ms on one core
    "cpu": {"small": (2, 64, 2, 32), "middle": (4, 128, 4, 128), "large": (6, 256, 4, 128)},
    "cuda": {"small": (4, 256, 8, 256), "middle": (12, 768, 8, 1024), "large": (24, 1536, 8, 2048)},
}
GOAL = 1.01  # for steps of 50 ms and more
WARMING = 3


def transformer(layers: int, width: int, device: str) -> Any:
    from torch import nn

    layer = nn.TransformerEncoderLayer(
        width, max(1, width // 64), 4 * width, dropout=0.0, batch_first=True, norm_first=True
    )
    model = nn.Sequential(
        nn.Embedding(1024, width),
        nn.TransformerEncoder(layer, layers, enable_nested_tensor=False),
        nn.Linear(width, 1024),
    )
    return model.to(device)


def steps(size: tuple[int, int, int, int], device: str) -> tuple[Any, Callable[[], None]]:
    import torch

    layers, width, sequences, positions = size
    model = transformer(layers, width, device)
    optimizer = torch.optim.AdamW(model.parameters(), fused=device == "cuda")
    ids = torch.randint(0, 1024, (sequences, positions), device=device)
    kind = torch.bfloat16 if device == "cuda" else torch.float32

    def step() -> None:
        with torch.autocast(device, dtype=kind, enabled=device == "cuda"):
            out = model(ids)
            loss = torch.nn.functional.cross_entropy(out.flatten(0, 1), ids.flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()

    return model, step


def seconds(step: Callable[[], None], device: str) -> float:
    import torch

    clock = time.perf_counter if device == "cuda" else time.process_time
    began = clock()
    step()
    if device == "cuda":
        torch.cuda.synchronize()
    return clock() - began


def measured(size: tuple[int, int, int, int], device: str, turns: int) -> dict[str, float]:
    """Return seconds of a plain step, and the ratios of the two ways of counting to it.

    Two equal models take single steps in turn, one tracked and one not, then with the parts
    exchanged: a machine that drifts or is busy spoils both alike, and where their memory lies
    cancels out. The median of the pairs is taken.
    """
    from torch.utils.flop_counter import FlopCounterMode

    pair = [steps(size, device) for _ in range(2)]
    plain, ratios = [], []
    for (model, tracked), (_, untracked) in (pair, pair[::-1]):
        with tracking(model):
            for _ in range(WARMING):
                tracked()
                untracked()
            for turn in range(turns):
                first, second = (tracked, untracked) if turn % 2 else (untracked, tracked)
                taken = {first: seconds(first, device), second: seconds(second, device)}
                plain.append(taken[untracked])
                ratios.append(taken[tracked] / taken[untracked])
    model, step = pair[0]
    with tracking(model):
        step()
        own = own_work(step, device, WARMING)
    with FlopCounterMode(display=False):
        step()
        counted = statistics.median(seconds(step, device) for _ in range(WARMING))
    once = statistics.median(plain)
    return {
        "seconds": once,
        "own": own,
        "tracked": statistics.median(ratios),
        "error": statistics.stdev(ratios) / len(ratios) ** 0.5,
        "flop_counter": counted / once,
    }


@contextlib.contextmanager
def tracking(model: Any) -> Iterator[None]:
    import declarant

    with (
        tempfile.TemporaryDirectory() as folder,
        declarant.track(model, run="overhead", folder=folder),
    ):
        yield


def own_work(step: Callable[[], None], device: str, turns: int) -> float:
    """Return the seconds spent inside the tracker's hooks in one step; the median of `turns`."""
    from declarant.compute.tracker.torch.watch import Watch

    clock = time.perf_counter if device == "cuda" else time.process_time
    spent = [0.0]

    def timed(method: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            began = clock()
            try:
                return method(*args, **kwargs)
            finally:
                spent[0] += clock() - began

        return call

    names = ("before", "after", "fired", "before_optimizer", "after_optimizer")
    kept = {name: getattr(Watch, name) for name in names}
    each = []
    with contextlib.ExitStack() as restore:
        for name, method in kept.items():
            restore.callback(setattr, Watch, name, method)
            setattr(Watch, name, timed(method))
        for _ in range(turns):
            spent[0] = 0.0
            step()
            each.append(spent[0])
    return statistics.median(each)


def counted_steps(size: tuple[int, int, int, int], device: str, number: int) -> None:
    """Train some steps and print what they need, for a profiler to be set against."""
    import declarant

    model, step = steps(size, device)
    with (
        tempfile.TemporaryDirectory() as folder,
        declarant.track(model, run="counters", folder=folder) as tracker,
    ):
        for _ in range(number):
            step()
    for count in tracker.registered:
        print(f"{number} x executed {count.executed}, by kernel {dict(count.by_kernel)}")


def main(arguments: list[str] | None = None) -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    given.add_argument("--turns", type=int, default=60)
    given.add_argument("--sizes", nargs="+", default=["small", "middle", "large"])
    given.add_argument("--counted-steps", type=int, default=0)
    chosen = given.parse_args(arguments)
    sizes = SIZES[chosen.device]
    if chosen.counted_steps:
        counted_steps(sizes["middle"], chosen.device, chosen.counted_steps)
        return
    import torch

    if chosen.device == "cpu":
        torch.set_num_threads(1)
    name = torch.cuda.get_device_name() if chosen.device == "cuda" else "CPU"
    table = Table(title=f"Tracker, ratio to an untracked step on {name} (goal: {GOAL} from 50 ms)")
    for column in (
        "model",
        "step, ms",
        "tracker",
        "tracker's own, us",
        "own, %",
        "FlopCounterMode",
    ):
        table.add_column(column, justify="right")
    for label in chosen.sizes:
        found = measured(sizes[label], chosen.device, chosen.turns)
        table.add_row(
            label,
            f"{1000 * found['seconds']:.1f}",
            f"{found['tracked']:.4f} ± {found['error']:.4f}",
            f"{1e6 * found['own']:.0f}",
            f"{100 * found['own'] / found['seconds']:.3f}",
            f"{found['flop_counter']:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
