"""Logs as Megatron-LM writes them, made for tests: arguments, iterations, checkpoints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

ARGUMENTS: dict[str, object] = {
    "bf16": True,
    "eval_iters": 10,
    "ffn_hidden_size": 28672,
    "finetune": False,
    "fp16": False,
    "fp8": None,
    "global_batch_size": 1024,
    "group_query_attention": True,
    "hidden_size": 8192,
    "kv_channels": 128,
    "log_interval": 1,
    "num_attention_heads": 64,
    "num_experts": None,
    "num_layers": 80,
    "num_query_groups": 8,
    "padded_vocab_size": 128256,
    "recompute_granularity": None,
    "seq_length": 4096,
    "swiglu": True,
    "train_iters": 5000,
    "world_size": 1024,
}


def arguments(**changed: object) -> str:
    """Return the list that is printed at the start; `changed` replaces and adds."""
    shown = {**ARGUMENTS, **changed}
    lines = [f"  {name} {'.' * (48 - len(name))} {value}" for name, value in sorted(shown.items())]
    rule = "------------------------"
    return "\n".join([f"{rule} arguments {rule}", *lines, f"{rule} end of arguments {rule}", ""])


def iteration(
    number: int,
    moment: datetime | None = None,
    *,
    consumed: int | None = None,
    planned: int = 5000,
    ms: float = 4000.0,
    rate: float | None = 440.0,
    batch: int = 1024,
    loss: float | None = 2.0,
    skipped: int = 0,
    nan: int = 0,
    prefix: str = "",
) -> str:
    """Return a line of the form in use since 2023."""
    date = f" [{moment:%Y-%m-%d %H:%M:%S}]" if moment else ""
    seen = number * batch if consumed is None else consumed
    speed = "" if rate is None else f" throughput per GPU (TFLOP/s/GPU): {rate:.1f} |"
    lm_loss = "" if loss is None else f" lm loss: {loss:.6E} |"
    return (
        f"{prefix}{date} iteration {number:8d}/{planned:8d} | consumed samples: {seen:12d} |"
        f" elapsed time per iteration (ms): {ms:.1f} |{speed} learning rate: 1.500000E-04 |"
        f" global batch size: {batch:5d} |{lm_loss} loss scale: 1.0 | grad norm: 0.512 |"
        f" number of skipped iterations: {skipped:3d} | number of nan iterations: {nan:3d} |\n"
    )


def bigscience(number: int, *, seconds: float = 105.22, rate: float = 149.02) -> str:
    """Return a line of Megatron-DeepSpeed as the BigScience workshop ran it."""
    return (
        f"[default7]: iteration {number:8d}/  115311 | consumed samples: {number * 2048:12d} |"
        f" consumed tokens: {number * 2048 * 2048:12d} |"
        f" elapsed time per iteration (s): {seconds:.2f} | learning rate: 5.969E-05 |"
        f" global batch size:  2048 | lm loss: 2.463556E+00 | grad norm: 0.174 | num zeros: 0.0 |"
        f" number of skipped iterations:   0 | number of nan iterations:   0 |"
        f" samples per second: 19.463 | TFLOPs: {rate:.2f} |\n"
    )


def loaded(number: int) -> str:
    """Return the line of a restart from the checkpoint of an iteration."""
    return f"  successfully loaded checkpoint from /runs/7 [ t 1/8, p 1/4 ] at iteration {number}\n"


def evaluated(number: int) -> str:
    """Return the line of an evaluation after an iteration."""
    return f" validation loss at iteration {number} | lm loss value: 2.1E+00 | PPL: 8.2E+00 |\n"


def iterations(numbers: Iterable[int], began: datetime, **changed: object) -> str:
    """Return lines with times four seconds apart, the loss falling from 11 towards 2."""
    text = []
    for place, number in enumerate(numbers):
        moment = began + timedelta(seconds=4 * (place + 1))
        line: dict[str, object] = {"loss": 2 + 9 / (1 + number / 50), **changed}
        text.append(iteration(number, moment, **line))  # type: ignore[arg-type]
    return "".join(text)


def crash_resume_and_reset(interval: int = 1) -> str:
    """Return a log with a crash, a resume and counters set back to 0.

    Steps 1 to 1200; a crash, and a resume from the checkpoint of step 1000; on to step 1500; a
    conversion of the checkpoint, which sets iteration and samples to 0; on for 300 steps.
    """
    day = datetime(2024, 10, 2)  # noqa: DTZ001 - the trainer writes no zone
    every = {"log_interval": interval}
    return "".join(
        (
            arguments(**every),
            iterations(range(interval, 1201, interval), day),
            arguments(**every),
            loaded(1000),
            iterations(range(1000 + interval, 1501, interval), day + timedelta(hours=3)),
            arguments(**every),
            loaded(0),
            iterations(range(interval, 301, interval), day + timedelta(hours=5), loss=2.3),
        )
    )
