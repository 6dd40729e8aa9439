"""What the machines of the example `juniper` recorded: training log, accounting, GPU telemetry.

Invented, in the true formats, from one course of events, so that the methods can be set against
each other: a run on 256 H100 that crashes once and loses the steps since its last checkpoint.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from declarant.compute.meter import Known, meter, number_format, read_jobs, write_metered

SEQUENCE, BATCH = 4096, 1024
DEVICES, NODES = 256, 32
STEP = timedelta(milliseconds=2040)
EVERY = 500  # iterations between printed lines
SAVED, CRASHED, REACHED = 130_000, 137_900, 400_000
ZONE = ZoneInfo("America/Los_Angeles")
BEGAN = datetime(2026, 12, 1, 9, 0, 0, tzinfo=ZONE)
RESUMED_AFTER = timedelta(minutes=47)
THROUGHPUT = 387.5  # TFLOP/s of one device, as the trainer's formula gives it
PLANNED = 953_674  # iterations: 4.0e12 tokens
SCRAPED = timedelta(minutes=5)
CLOCK_MHZ = 1755
ACTIVITY = 0.4206  # of the tensor pipes while training: the trainer's throughput and 3 % of padding


def stints() -> list[tuple[int, int, datetime, datetime]]:
    """Return (first iteration, last iteration, begun, ended) of each job."""
    crash = BEGAN + CRASHED * STEP
    again = crash + RESUMED_AFTER
    return [
        (1, CRASHED, BEGAN, crash),
        (SAVED + 1, REACHED, again, again + (REACHED - SAVED) * STEP),
    ]


def megatron_log() -> Iterator[str]:
    """Lines as Megatron-LM prints them: arguments, then iterations, twice."""
    for first, last, begun, _ in stints():
        yield from _arguments()
        if first > 1:
            yield (
                "  successfully loaded checkpoint from /checkpoints/juniper-8b [ t 1/4, p 1/1 ] at"
                f" iteration {first - 1}"
            )
        for iteration in range(first - 1 + EVERY, last + 1, EVERY):
            moment = begun + (iteration - first + 1) * STEP
            wobble = 1 + 0.004 * math.sin(iteration / 7919)
            yield (
                f" [{moment:%Y-%m-%d %H:%M:%S}] iteration {iteration:8d}/{PLANNED:8d} |"
                f" consumed samples: {iteration * BATCH:12d} |"
                f" elapsed time per iteration (ms): {STEP.total_seconds() * 1000 * wobble:.1f} |"
                f" throughput per GPU (TFLOP/s/GPU): {THROUGHPUT / wobble:.1f} |"
                f" learning rate: {3e-4 * max(0.1, 1 - iteration / PLANNED):.6E} |"
                f" global batch size: {BATCH:5d} |"
                f" lm loss: {1.9 + 9 / math.sqrt(iteration):.6E} | loss scale: 1.0 |"
                f" grad norm: {0.2 + 30 / math.sqrt(iteration):.3f} |"
                " number of skipped iterations:   0 | number of nan iterations:   0 |"
            )
            if iteration % 10_000 == 0:
                yield (
                    f"  successfully saved checkpoint from iteration {iteration:7d} to"
                    " /checkpoints/juniper-8b [ t 1/4, p 1/1 ]"
                )


def _arguments() -> Iterator[str]:
    yield "------------------------ arguments ------------------------"
    for name, value in (
        ("bf16", True),
        ("ffn_hidden_size", 14336),
        ("data_parallel_size", 64),
        ("fp8", None),
        ("global_batch_size", BATCH),
        ("group_query_attention", True),
        ("hidden_size", 4096),
        ("kv_channels", 128),
        ("log_interval", EVERY),
        ("num_attention_heads", 32),
        ("num_layers", 32),
        ("num_query_groups", 8),
        ("padded_vocab_size", 128256),
        ("recompute_granularity", None),
        ("seq_length", SEQUENCE),
        ("swiglu", True),
        ("tensor_model_parallel_size", 4),
        ("world_size", DEVICES),
    ):
        yield f"  {name} {'.' * (47 - len(name))} {value}"
    yield "-------------------- end of arguments ---------------------"


def accounting() -> Iterator[str]:
    """Lines as `sacct -P -X` prints them, with a job of another run between."""
    yield (
        "JobIDRaw|JobName|User|Account|Partition|State|Submit|Start|End|ElapsedRaw|NNodes|NodeList"
        "|AllocTRES|ConsumedEnergyRaw|Restarts"
    )
    (_, _, first, crash), (_, _, again, reached) = stints()
    waited, done = first - timedelta(minutes=12), first + timedelta(hours=3)
    restarted = again - timedelta(minutes=9)
    jobs = (
        (50231, "juniper-8b", "NODE_FAIL", waited, crash, "jun[001-032]", 32),
        (50377, "tokenizer", "COMPLETED", first, done, "jun[033-034]", 2),
        (50420, "juniper-8b", "COMPLETED", restarted, reached, "jun[001-032]", 32),
    )
    for number, name, state, begun, ended, nodes, count in jobs:
        seconds = int((ended - begun).total_seconds())
        tres = f"cpu={96 * count},gres/gpu:h100={8 * count},gres/gpu={8 * count},node={count}"
        started, finished = f"{begun:%Y-%m-%dT%H:%M:%S}", f"{ended:%Y-%m-%dT%H:%M:%S}"
        yield (
            f"{number}|{name}|train|juniper|h100|{state}|{started}|{started}|{finished}|{seconds}"
            f"|{count}|{nodes}|billing={96 * count},{tres}|{seconds * 7000 * count}|0"
        )


def metered(accounting_file: Path, out: Path) -> None:
    """Write what `declarant meter` makes of the devices' telemetry and the scheduler's accounting.

    The telemetry itself is too bulky to keep here: DCGM fields of 256 devices, every five minutes,
    with the gaps that an exporter leaves.
    """
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        dcgm = Path("dcgm-2026-12.csv")
        _telemetry().write_csv(dcgm)
        jobs = read_jobs(Path(shutil.copy(accounting_file, accounting_file.name)), ZONE)
        known = Known(formats={"": number_format("bf16")})
        write_metered(meter([dcgm], known, jobs=jobs), out)


def _telemetry() -> pl.DataFrame:
    (_, _, begun, crashed), (_, _, again, reached) = stints()
    moments = [
        moment
        for number in range(1, (reached - begun) // SCRAPED)
        if not crashed < (moment := begun + number * SCRAPED) < again
    ]
    utc = [int(moment.timestamp() * 1000) for moment in moments]
    beside = utc[: timedelta(hours=3) // SCRAPED]  # the tokenizer's, on two machines more
    devices = pl.concat(
        [
            pl.DataFrame({"timestamp": utc}).join(
                pl.DataFrame({"device": range(DEVICES)}), how="cross"
            ),
            pl.DataFrame({"timestamp": beside}).join(
                pl.DataFrame({"device": range(DEVICES, DEVICES + 16)}), how="cross"
            ),
        ]
    )
    activity = pl.when(pl.col("device") < DEVICES).then(ACTIVITY).otherwise(0.05)
    swing = (pl.col("device") * 37 + pl.col("timestamp") // 300_000 * 11) % 17 - 8
    lost = (pl.col("device") * 101 + pl.col("timestamp") // 300_000 * 7) % 499 == 0
    return devices.filter(~lost).select(
        "timestamp",
        pl.format("jun{}", (pl.col("device") // 8 + 1).cast(str).str.zfill(3)).alias("Hostname"),
        (pl.col("device") % 8).alias("gpu"),
        pl.format("GPU-{}", pl.col("device").cast(str).str.zfill(8)).alias("UUID"),
        pl.lit("NVIDIA H100 80GB HBM3").alias("modelName"),
        (activity + swing / 1000).round(4).alias("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"),
        pl.lit(CLOCK_MHZ).alias("DCGM_FI_DEV_SM_CLOCK"),
    )
