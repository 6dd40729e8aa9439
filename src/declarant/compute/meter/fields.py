"""The fields that GPU telemetry carries, by every name their exporters have used.

DCGM's identifiers are in its field header (dcgm_fields.h); release 4 renamed the profiling fields
(`..._UTIL_RATIO`) and kept the older names as aliases, and dcgm-exporter writes either. Weights &
Biases names the same readings of NVML's GPM `gpu.N.pipeTensorActive` and documents them in percent
(https://docs.wandb.ai/ref/python/experiments/system-metrics).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a column or a label of telemetry says; the canonical names of columns."""

    TIME = "time"
    HOST = "host"
    INDEX = "gpu"
    UUID = "uuid"
    MODEL = "model"
    PROFILE = "mig_profile"
    INSTANCE = "mig_instance"
    POD = "pod"
    NAMESPACE = "namespace"
    CONTAINER = "container"
    RUN = "run"
    METRIC = "metric"
    VALUE = "value"
    TENSOR = "tensor"  # any tensor pipe
    HMMA = "hmma"  # FP16, BF16 and kin
    IMMA = "imma"  # INT8
    DFMA = "dfma"  # FP64
    CLOCK = "clock"
    ACTIVE_CYCLES = "active_cycles"  # counts up from the start of the exporter
    ELAPSED_CYCLES = "elapsed_cycles"


class Unit(StrEnum):
    """In what an activity is written."""

    RATIO = "ratio"
    PERCENT = "percent"


ACTIVITIES = (Role.TENSOR, Role.HMMA, Role.IMMA, Role.DFMA)
READINGS = (*ACTIVITIES, Role.CLOCK, Role.ACTIVE_CYCLES, Role.ELAPSED_CYCLES)
LABELS = (
    Role.HOST,
    Role.INDEX,
    Role.UUID,
    Role.MODEL,
    Role.PROFILE,
    Role.INSTANCE,
    Role.POD,
    Role.NAMESPACE,
    Role.CONTAINER,
    Role.RUN,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A reading under one of its names; `unit` as its maker documents it, None if nobody does."""

    role: Role
    unit: Unit | None = None


FIELDS = {
    "dcgm_fi_prof_pipe_tensor_active": Field(Role.TENSOR, Unit.RATIO),
    "dcgm_fi_prof_tensor_util_ratio": Field(Role.TENSOR, Unit.RATIO),
    "dcgm_fi_prof_pipe_tensor_hmma_active": Field(Role.HMMA, Unit.RATIO),
    "dcgm_fi_prof_hmma_util_ratio": Field(Role.HMMA, Unit.RATIO),
    "dcgm_fi_prof_pipe_tensor_imma_active": Field(Role.IMMA, Unit.RATIO),
    "dcgm_fi_prof_imma_util_ratio": Field(Role.IMMA, Unit.RATIO),
    "dcgm_fi_prof_pipe_tensor_dfma_active": Field(Role.DFMA, Unit.RATIO),
    "dcgm_fi_prof_dfma_util_ratio": Field(Role.DFMA, Unit.RATIO),
    "pipetensoractive": Field(Role.TENSOR, Unit.PERCENT),
    "pipetensorhmmaactive": Field(Role.HMMA, Unit.PERCENT),
    "tensor_active": Field(Role.TENSOR),
    "tensor_activity": Field(Role.TENSOR),
    "pipe_tensor_active": Field(Role.TENSOR),
    "dcgm_fi_dev_sm_clock": Field(Role.CLOCK),
    "smclock": Field(Role.CLOCK),
    "sm_clock": Field(Role.CLOCK),
    "dcgm_fi_prof_mma_cycles_active_total": Field(Role.ACTIVE_CYCLES),
    "dcgm_fi_prof_sm_cycles_elapsed_total": Field(Role.ELAPSED_CYCLES),
}

# in order of trust: behind a scrape that keeps its own labels, `pod` is the exporter's own pod and
# `instance` the exporter's address
_NAMES: dict[Role, tuple[str, ...]] = {
    Role.TIME: ("timestamp", "_timestamp", "time", "ts", "datetime", "date_time"),
    Role.HOST: ("hostname", "host", "node", "nodename", "instance"),
    Role.INDEX: ("gpu", "gpu_index", "gpu_id", "minor_number", "device"),
    Role.UUID: ("uuid", "gpu_uuid"),
    Role.MODEL: ("modelname", "model_name", "model", "gpu_name", "gpu_model"),
    Role.PROFILE: ("gpu_i_profile",),
    Role.INSTANCE: ("gpu_i_id",),
    Role.POD: ("exported_pod", "pod", "pod_name"),
    Role.NAMESPACE: ("exported_namespace", "namespace", "pod_namespace"),
    Role.CONTAINER: ("exported_container", "container", "container_name"),
    Role.RUN: ("run", "run_id", "_run_id"),
    Role.METRIC: ("metric", "metric_name", "__name__", "field", "field_name"),
    Role.VALUE: ("value", "metric_value"),
}
_GPM = re.compile(r"^(?:system\.)?gpu\.(\d{1,4})\.(\w+)(?:/l:(.+))?$")


def field(name: str) -> Field | None:
    """Return the reading of that name, in any case of letters; None when it is of no use here."""
    return FIELDS.get(name.strip().lower())


def gpm_column(name: str) -> tuple[str, str, Field] | None:
    """Return GPU index, host ("" not named) and reading of a W&B column; None for any other."""
    match = _GPM.match(name.strip())
    found = field(match[2]) if match else None
    return (match[1], match[3] or "", found) if match and found else None


def labels(names: tuple[str, ...]) -> dict[Role, str]:
    """Return which of these names says what; the most trusted where several say the same."""
    known = {name.lower(): name for name in reversed(names)}
    found = {}
    for role, words in _NAMES.items():
        held = next((known[word] for word in words if word in known), None)
        if held is not None:
            found[role] = held
    return found
