"""The tensors in what a model returns that a backward pass can begin at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch

DEEPEST = 3
MOST = 16


def outputs(value: Any) -> list[Any]:
    """Return the tensors that gradients flow through, at most some; containers are looked into."""
    if isinstance(value, torch.Tensor):
        return [value] if value.requires_grad else []
    found = []
    for tensor in _tensors(value, DEEPEST):
        found.append(tensor)
        if len(found) == MOST:
            break
    return found


def _tensors(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, torch.Tensor):
        if value.requires_grad:
            yield value
        return
    if depth == 0 or value is None or isinstance(value, (str, int, float)):
        return
    if isinstance(value, Mapping):
        held: Any = value.values()
    elif isinstance(value, (list, tuple)):
        held = value
    else:
        held = getattr(value, "__dict__", {}).values()
    for item in held:
        yield from _tensors(item, depth - 1)
