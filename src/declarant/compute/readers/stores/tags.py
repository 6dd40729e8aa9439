"""What trainers call the scalars they log: name -> quantity, unit, and whose word it is.

One table for TensorBoard, MLflow and Weights & Biases, since trainers write the same names to each.
A name is compared whole, in lower case, either by itself or behind a folder: `consumed_samples`
is also `train/consumed_samples`. Names of evaluation (`eval/…`) and names whose axis is not the
step (`lm loss vs samples`) are passed over. Sources, by trainer:

- Megatron-LM: `training_log` in megatron/training/training.py; Megatron-DeepSpeed, the same file.
- NeMo: docs.nvidia.com/nemo-framework, FLOPs callback and the language-model loggers.
- torchtitan: torchtitan/components/metrics.py, docs/metrics.md. Its tps is that of one device.
- Transformers: `Trainer.log` and `rewrite_logs`; TRL's `num_tokens`.
- Lightning: `ThroughputMonitor`, lightning.ai/docs. Composer: `SpeedMonitor`, docs.mosaicml.com.
- OLMo and OLMo-core: olmo/train.py, `SpeedMonitorCallback`. Levanter: docs of its metrics.
- nanotron: src/nanotron/trainer.py. MaxText: MaxText/metric_logger.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Quantity(StrEnum):
    """What a scalar says, in base units: tokens, samples, operations, seconds, shares of one."""

    TOKENS = "tokens so far"
    SAMPLES = "samples so far"
    OPERATIONS = "operations so far"
    STEP_SAMPLES = "samples in a step"
    STEP_SECONDS = "seconds of a step"
    DEVICE_STEP_TOKENS = "tokens in a step, of one device"
    RATE = "operations a second, all devices"
    DEVICE_RATE = "operations a second, one device"
    EXECUTED_DEVICE_RATE = "executed operations a second, one device"
    SPEED = "tokens or samples a second"  # a fact to compare; a total does not rest on it
    UTILISATION = "share of the peak"
    DEVICES = "devices"
    STEP = "optimizer steps so far"  # where the store's own step counts calls of the logger
    MARK = "shows that a step was taken"


@dataclass(frozen=True, slots=True)
class Tag:
    """One name of the table.

    Attributes:
        name: in lower case.
        scale: from the unit written to the base unit.
        trainer: whose word it is.
        convention: what a figure of operations holds and leaves out, "" for other quantities.
    """

    name: str
    quantity: Quantity
    scale: float = 1.0
    trainer: str = ""
    convention: str = ""


_Q = Quantity
_MEGATRON = "Megatron's formula: attention in full before 2025-03-06, halved for causal since"
WITHOUT_ATTENTION = "6 x elements x parameters without embeddings: no attention, padding counted"
_OWN = "the trainer's own formula, which it does not write down here"
_T = 1e12

_TABLE: tuple[tuple[str, tuple[tuple[str, Quantity, float, str], ...]], ...] = (
    (
        "Megatron",
        (
            ("throughput", _Q.DEVICE_RATE, _T, _MEGATRON),
            ("throughput/tflops", _Q.DEVICE_RATE, _T, _MEGATRON),
            ("iteration-time", _Q.STEP_SECONDS, 1, ""),
            ("iteration-time/iteration-time", _Q.STEP_SECONDS, 1, ""),
            ("throughput/iteration-time", _Q.STEP_SECONDS, 1, ""),
            ("batch-size", _Q.STEP_SAMPLES, 1, ""),
            ("batch-size/batch-size", _Q.STEP_SAMPLES, 1, ""),
            ("samples vs steps", _Q.SAMPLES, 1, ""),
            ("consumed-train-samples", _Q.SAMPLES, 1, ""),
            ("consumed_train_samples", _Q.SAMPLES, 1, ""),
            ("consumed-train-tokens", _Q.TOKENS, 1, ""),
            ("consumed_train_tokens", _Q.TOKENS, 1, ""),
            ("world-size", _Q.DEVICES, 1, ""),
            ("throughput/tokens_per_sec", _Q.SPEED, 1, ""),
            ("throughput/samples_per_sec", _Q.SPEED, 1, ""),
            ("lm loss", _Q.MARK, 1, ""),
            ("learning-rate", _Q.MARK, 1, ""),
        ),
    ),
    (
        "NeMo",
        (
            ("consumed_samples", _Q.SAMPLES, 1, ""),
            ("train_step_timing in s", _Q.STEP_SECONDS, 1, ""),
            ("tflops_per_gpu", _Q.DEVICE_RATE, _T, _OWN),
            ("tflops_per_sec_per_gpu", _Q.DEVICE_RATE, _T, _OWN),
            ("reduced_train_loss", _Q.MARK, 1, ""),
        ),
    ),
    (
        "torchtitan",
        (
            ("n_tokens_seen", _Q.TOKENS, 1, ""),
            ("tflops", _Q.DEVICE_RATE, _T, _OWN),
            ("time_metrics/end_to_end(s)", _Q.STEP_SECONDS, 1, ""),
            ("throughput(tps)", _Q.SPEED, 1, ""),
            ("mfu(%)", _Q.UTILISATION, 0.01, ""),
            ("loss_metrics/global_avg_loss", _Q.MARK, 1, ""),
        ),
    ),
    (
        "Transformers",
        (
            ("num_input_tokens_seen", _Q.TOKENS, 1, ""),
            ("num_tokens", _Q.TOKENS, 1, ""),
            ("total_flos", _Q.OPERATIONS, 1, WITHOUT_ATTENTION),
            ("global_step", _Q.STEP, 1, ""),
            ("train_samples_per_second", _Q.SPEED, 1, ""),
            ("train_tokens_per_second", _Q.SPEED, 1, ""),
            ("train/loss", _Q.MARK, 1, ""),
            ("train_loss", _Q.MARK, 1, ""),
            ("loss", _Q.MARK, 1, ""),
            ("learning_rate", _Q.MARK, 1, ""),
        ),
    ),
    (
        "Lightning",
        (
            ("trainer/global_step", _Q.STEP, 1, ""),
            ("train/samples", _Q.SAMPLES, 1, ""),
            ("train/lengths", _Q.TOKENS, 1, ""),
            ("device/flops_per_sec", _Q.DEVICE_RATE, 1, _OWN),
            ("train/flops_per_sec", _Q.RATE, 1, _OWN),
            ("device/mfu", _Q.UTILISATION, 1, ""),
        ),
    ),
    (
        "Composer",
        (
            ("time/token", _Q.TOKENS, 1, ""),
            ("time/sample", _Q.SAMPLES, 1, ""),
            ("time/batch", _Q.STEP, 1, ""),
            ("throughput/flops_per_sec", _Q.RATE, 1, _OWN),
            ("throughput/device/flops_per_sec", _Q.DEVICE_RATE, 1, _OWN),
            ("throughput/device/mfu", _Q.UTILISATION, 1, ""),
            ("loss/train/total", _Q.MARK, 1, ""),
        ),
    ),
    (
        "OLMo",
        (
            ("throughput/total_tokens", _Q.TOKENS, 1, ""),
            ("throughput/total tokens", _Q.TOKENS, 1, ""),
            ("throughput/total_training_gflops", _Q.OPERATIONS, 1e9, _OWN),
            ("throughput/device/tokens_per_second", _Q.SPEED, 1, ""),
            ("train/crossentropyloss", _Q.MARK, 1, ""),
        ),
    ),
    (
        "Levanter",
        (
            ("throughput/total_gflops", _Q.OPERATIONS, 1e9, _OWN),
            ("throughput/gflops_per_second", _Q.RATE, 1e9, _OWN),
            ("throughput/duration", _Q.STEP_SECONDS, 1, ""),
            ("throughput/tokens_per_second", _Q.SPEED, 1, ""),
            ("throughput/mfu", _Q.UTILISATION, 0.01, ""),
        ),
    ),
    (
        "nanotron",
        (
            ("consumed_tokens", _Q.TOKENS, 1, ""),
            ("global_batch_size", _Q.STEP_SAMPLES, 1, ""),
            ("elapsed_time_per_iteration_ms", _Q.STEP_SECONDS, 0.001, ""),
            ("time_per_iteration_ms", _Q.STEP_SECONDS, 0.001, ""),
            ("model_tflops_per_gpu", _Q.DEVICE_RATE, _T, _OWN),
            ("hardware_tflops_per_gpu", _Q.EXECUTED_DEVICE_RATE, _T, _OWN),
            ("tokens_per_sec", _Q.SPEED, 1, ""),
            ("tokens_per_sec_per_gpu", _Q.SPEED, 1, ""),
            ("lm_loss", _Q.MARK, 1, ""),
        ),
    ),
    (
        "MaxText",
        (
            ("perf/step_time_seconds", _Q.STEP_SECONDS, 1, ""),
            ("perf/per_device_tflops_per_sec", _Q.DEVICE_RATE, _T, _OWN),
            ("perf/per_device_tokens", _Q.DEVICE_STEP_TOKENS, 1, ""),
            ("perf/per_device_tokens_per_sec", _Q.SPEED, 1, ""),
            ("learning/loss", _Q.MARK, 1, ""),
        ),
    ),
    (
        "",
        (
            ("tokens_seen", _Q.TOKENS, 1, ""),
            ("total_tokens", _Q.TOKENS, 1, ""),
            ("samples_seen", _Q.SAMPLES, 1, ""),
            ("mfu", _Q.UTILISATION, 1, ""),
        ),
    ),
)

TAGS = {
    name: Tag(name, quantity, scale, trainer, convention)
    for trainer, names in _TABLE
    for name, quantity, scale, convention in names
}
"""The table, by name."""

_EVALUATION = {"eval", "evaluation", "val", "valid", "validation", "test"}
_OTHER_AXES = (" vs samples", " vs tokens", "-vs-samples", "-vs-tokens", "x=samples", "x=tokens")
_WORDS_OF_EVALUATION = ("eval_", "val_", "valid_", "validation_", "test_")


@lru_cache(maxsize=8192)
def tag_of(name: str) -> Tag | None:
    """Return what a name says; None when the table does not hold it."""
    whole = name.strip().lower().replace("|", "/")
    if has_other_axis(name):
        return None
    parts = whole.split("/")
    if parts[0] in _EVALUATION or parts[-1].startswith(_WORDS_OF_EVALUATION):
        return None
    for start in range(min(len(parts), 4)):
        found = TAGS.get("/".join(parts[start:]))
        if found is not None:
            return found
    return None


def has_other_axis(name: str) -> bool:
    """Whether a name says that its axis is samples or tokens, not steps."""
    return name.strip().lower().endswith(_OTHER_AXES)


SEQUENCE_LENGTH = (
    *("seq_length", "sequence_length", "seq_len", "max_seq_len", "max_seq_length", "block_size"),
    *("max_sequence_length", "training.seq_len", "max_target_length", "encoder_seq_length"),
)
GLOBAL_BATCH = ("global_batch_size", "global_train_batch_size", "training.global_batch_size")
DEVICES = ("world_size", "num_gpus", "n_gpus", "num_devices", "gpu_count", "total_gpus")


def parameter(held: Iterable[tuple[str, str]], names: tuple[str, ...]) -> int | None:
    """Return a whole number, above zero, that a run's parameters give under one of the names.

    A name also counts behind a folder (`model.seq_length`); None when there is none, or when two
    say different things.
    """
    found = set()
    for key, value in held:
        written = key.strip().lower().replace("-", "_").replace("/", ".")
        whole = any(written == name or written.endswith(f".{name}") for name in names)
        text = value.strip()
        if whole and text.isascii() and text.isdigit() and len(text) <= 12 and int(text) > 0:
            found.add(int(text))
    return found.pop() if len(found) == 1 else None
