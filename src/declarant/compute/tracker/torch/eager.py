"""Compiled models run uncompiled while they are counted: a compiled graph hides its operators."""

from __future__ import annotations

import sys
from typing import Any

import torch


class Eager:
    """Switches the compiler off from `begin` to `end`; does nothing where none is loaded."""

    def __init__(self) -> None:
        self._stance: Any = None

    def begin(self) -> None:
        """Run compiled functions eagerly from here on."""
        set_stance = getattr(torch.compiler, "set_stance", None)  # PyTorch 2.6 and later
        if set_stance is not None and "torch._dynamo" in sys.modules:
            self._stance = set_stance("force_eager")

    def end(self) -> None:
        """Restore what was before."""
        if self._stance is not None:
            self._stance.__exit__(None, None, None)
            self._stance = None


def is_compiled(module: Any) -> bool:
    """Whether a module, or one inside it, was handed to the compiler."""
    return any(
        getattr(item, "_compiled_call_impl", None) is not None
        or type(item).__name__ == "OptimizedModule"
        for item in module.modules()
    )


def is_inside_compiled_code() -> bool:
    """Whether a compiled function is running: too late to switch the compiler off."""
    if "torch._dynamo" not in sys.modules:
        return False
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_qualname.startswith("_TorchDynamoContext."):
            return True
        frame = frame.f_back  # type: ignore[assignment]  # None ends it
    return False
