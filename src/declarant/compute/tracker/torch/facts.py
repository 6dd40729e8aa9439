"""What a ledger says of the model and of the machine, for people to compare."""

from __future__ import annotations

import os
from typing import Any

import torch

from declarant.compute.tracker.torch.eager import is_compiled
from declarant.compute.tracker.torch.subject import Subject

CONVENTION = (
    "products of matrices, convolutions and attention, two operations for a multiplication with an "
    "addition; elementwise operations, reductions, look-ups, communication and the optimizer are "
    "not counted (under 0.5 % together, as a rule)"
)


def place_in_world() -> tuple[int, int]:
    """Return this process's rank and the number of ranks.

    From torch.distributed where it is initialised, else from the launcher's environment.
    """
    distributed = torch.distributed
    if distributed.is_available() and distributed.is_initialized():
        return int(distributed.get_rank()), int(distributed.get_world_size())
    rank, size = os.environ.get("RANK", ""), os.environ.get("WORLD_SIZE", "")
    if rank.isdigit() and size.isdigit() and int(rank) < int(size):
        return int(rank), int(size)
    return 0, 1


def facts_of(subjects: list[Subject]) -> dict[str, str]:
    """Return facts by name: versions, classes, parameters of this rank, device."""
    parameters = [item for subject in subjects for item in subject.module.parameters()]
    facts = {
        "framework": f"PyTorch {torch.__version__}",
        "model": ", ".join(subject.name for subject in subjects),
        "wrapper": ", ".join(sorted({type(subject.module).__name__ for subject in subjects})),
        "parameters_on_rank": str(sum(_local(item) for item in parameters)),
        "trained_parameters_on_rank": str(
            sum(_local(item) for item in parameters if item.requires_grad)
        ),
        "device": ", ".join(sorted({_device(item) for item in parameters})),
        "counted": CONVENTION,
    }
    if any(is_compiled(subject.module) for subject in subjects):
        facts["compiled"] = "yes; counted steps ran uncompiled"
    return facts


def _local(parameter: Any) -> int:
    held = getattr(parameter, "_local_tensor", parameter)
    return int(held.numel())


def _device(parameter: Any) -> str:
    if parameter.device.type == "cuda":
        return str(torch.cuda.get_device_name(parameter.device))
    return str(parameter.device.type)
