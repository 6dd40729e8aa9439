"""Finds kernels that PyTorch's dispatcher never saw: launched directly from Python or C++.

Such a kernel (Triton without a registered operator, a compiled extension) writes into memory that
was allocated empty. Where an operator reads memory that no operator wrote, something unseen did.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import torch

from declarant.compute.tracker.torch.kernels import name_of

_EMPTY = frozenset(
    f"aten::{name}"
    for name in ("empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided")
)
_ONLY_SHAPE = ("_like", "new_", "resize", "record_stream")
_NO_READING = frozenset({"profiler", "c10d", "_c10d_functional", "fsdp", "symm_mem"})
"""Namespaces that fill buffers in ways their schemas do not tell."""


class Unseen:
    """Remembers floating-point memory that was allocated and not yet written."""

    def __init__(self) -> None:
        self._unwritten: dict[int, str] = {}

    def look(self, func: Any, args: Any, kwargs: Any, out: Any) -> Iterator[str]:
        """Yield a name for each piece of memory that is read here and was written by nobody."""
        schema = getattr(func, "_schema", None)
        if schema is None or any(
            item.alias_info is not None and not item.alias_info.is_write for item in schema.returns
        ):
            return  # a view moves no data
        name = name_of(func)
        if name in _EMPTY:
            for tensor in _tensors(out):
                if tensor.is_floating_point() and tensor.numel():
                    self._unwritten[_memory(tensor)] = _caller()
            return
        if self._unwritten:
            space, _, short = name.partition("::")
            reads = space not in _NO_READING and not any(word in short for word in _ONLY_SHAPE)
            for tensor, written in _arguments(schema, args, kwargs):
                maker = self._unwritten.pop(_memory(tensor), None)
                if maker is not None and reads and not written:
                    yield f"unseen::{maker}"
            for tensor in _tensors(out):
                self._unwritten.pop(_memory(tensor), None)


def _arguments(schema: Any, args: Any, kwargs: Any) -> Iterator[tuple[Any, bool]]:
    for declared, given in zip(schema.arguments, args, strict=False):
        written = declared.alias_info is not None and declared.alias_info.is_write
        for tensor in _tensors(given):
            yield tensor, written
    by_name = {declared.name: declared for declared in schema.arguments}
    for key, given in kwargs.items():
        info = by_name[key].alias_info if key in by_name else None
        for tensor in _tensors(given):
            yield tensor, info is not None and info.is_write


def _tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)


def _memory(tensor: Any) -> int:
    return int(tensor.untyped_storage()._cdata)


def _caller() -> str:
    """Return the function outside of PyTorch that asked for the memory."""
    frame = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if not module.startswith(("torch.", "declarant.compute.tracker.torch")):
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back  # type: ignore[assignment]  # None ends it
    return "kernel"
