"""The mode that looks at every operator while a step is counted, and at none otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.utils._python_dispatch import (
    TorchDispatchMode,
    _get_current_dispatch_mode_stack,
    _pop_mode,
    _push_mode,
)

from declarant.compute.tracker.torch.formulas import Formula, has_formula, kernel
from declarant.compute.tracker.torch.kernels import (
    is_uncounted_by_convention,
    name_of,
    number_format,
    steers_by_data,
)
from declarant.compute.tracker.torch.observation import INSIDE, OUTSIDE, Observation
from declarant.compute.tracker.torch.unseen import Unseen

_aten = torch.ops.aten
_METADATA = frozenset(
    getattr(packet, overload)
    for packet, overload in (
        *((_aten.sym_is_contiguous, "default"), (_aten.is_contiguous, "default")),
        *((_aten.is_contiguous, "memory_format"), (_aten.is_strides_like_format, "default")),
        *((_aten.is_non_overlapping_and_dense, "default"), (_aten.size, "default")),
        *((_aten.sym_size, "default"), (_aten.stride, "default"), (_aten.sym_stride, "default")),
        *((_aten.storage_offset, "default"), (_aten.sym_storage_offset, "default")),
        *((_aten.numel, "default"), (_aten.sym_numel, "default"), (_aten.dim, "default")),
        (torch.ops.prim.layout, "default"),
    )
    if hasattr(packet, overload)
)
"""Questions about a tensor's form, which a mode must leave to the tensor itself."""


class Looks(Protocol):
    """Whoever says where operators are counted at the moment; None: nowhere."""

    target: Observation | None


class CountingMode(TorchDispatchMode):  # type: ignore[misc]  # an extra: no types
    """Passes every operator on unchanged, and tells the observation of the moment.

    Tensors that stand for parts of larger ones (tensor parallelism) are left to unfold themselves:
    what is counted is what this rank does. Operators on fake tensors are questions about shapes,
    and are not counted. Nothing that goes wrong here reaches the training.
    """

    supports_higher_order_operators = True

    def __init__(self, looks: Looks, formulas: Mapping[Any, Formula]) -> None:
        super().__init__()
        self._looks = looks
        self._formulas = formulas
        self._unseen = Unseen()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Run the operator, and count it where a formula is known."""
        kwargs = kwargs or {}
        if func in _METADATA:
            return NotImplemented
        if any(issubclass(kind, FakeTensor) for kind in types):
            return func(*args, **kwargs)
        if any(kind.__torch_dispatch__ is not torch.Tensor.__torch_dispatch__ for kind in types):
            return NotImplemented
        target = self._looks.target
        if target is None:
            return func(*args, **kwargs)
        task = torch._C._current_graph_task_id()
        if task == OUTSIDE and not target.between and not target.in_forward:
            return func(*args, **kwargs)
        recording = torch.is_grad_enabled()
        target.ran(task, recording)
        if is_uncounted_by_convention(func):
            out = func(*args, **kwargs)
            if steers_by_data(func):
                target.varies = True
            self._look_for_unseen(target, func, args, kwargs, out)
            return out
        if isinstance(func, torch._ops.HigherOrderOperator):
            return self._higher_order(target, task, recording, func, args, kwargs)
        if not has_formula(func, self._formulas):
            with self:
                out = func.decompose(*args, **kwargs)
            if out is not NotImplemented:
                return out
            return self._opaque(target, func, args, kwargs)
        out = func(*args, **kwargs)
        self._count(target, task, recording, func, args, kwargs, out)
        return out

    def _count(
        self,
        target: Observation,
        task: int,
        recording: bool,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        out: Any,
    ) -> None:
        name = name_of(func)
        try:
            one = kernel(func, args, kwargs, out, self._formulas)
            if one is None:
                target.unknown(name)
            else:
                target.take(task, recording, name, _format(args, kwargs), one)
        except Exception as error:
            target.unknown(name, f"its formula failed: {type(error).__name__}: {error}")
        self._look_for_unseen(target, func, args, kwargs, out)

    def _look_for_unseen(
        self, target: Observation, func: Any, args: Any, kwargs: Any, out: Any
    ) -> None:
        try:
            for name in self._unseen.look(func, args, kwargs, out):
                target.unknown(name, "PyTorch did not run it: a kernel launched directly")
        except Exception as error:
            target.notes[f"Memory could not be watched: {type(error).__name__}: {error}."] = None

    def _opaque(self, target: Observation, func: Any, args: Any, kwargs: Any) -> Any:
        """Run an operator without a formula; count what it calls inside, or name it."""
        before, name = target.counted_calls, name_of(func)
        out = self._looking_inside(func, args, kwargs)
        if target.counted_calls == before:
            target.unknown(name)
        else:
            target.notes[INSIDE.format(name)] = None
        self._look_for_unseen(target, func, args, kwargs, out)
        return out

    def _looking_inside(self, func: Any, args: Any, kwargs: Any) -> Any:
        """Call the device's own kernel with this mode on, so that what it calls is seen."""
        tensor = next((item for item in args if isinstance(item, torch.Tensor)), None)
        key = (
            getattr(torch._C.DispatchKey, tensor.device.type.upper(), None)
            if (tensor is not None)
            else None
        )
        if key is None or func.namespace == "aten":
            return func(*args, **kwargs)
        with self:
            return func.redispatch(torch._C.DispatchKeySet(key), *args, **kwargs)

    def _higher_order(
        self,
        target: Observation,
        task: int,
        recording: bool,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        if func is torch.ops.higher_order.cond:
            taken, if_true, if_false, operands = args
            target.varies = True
            with self:
                return (if_true if bool(taken) else if_false)(*operands)
        out = func(*args, **kwargs)
        if has_formula(func, self._formulas):
            self._count(target, task, recording, func, args, kwargs, out)
        else:
            target.unknown(name_of(func))
        return out


def _format(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    for item in (*args, *kwargs.values()):
        for one in item if isinstance(item, (list, tuple)) else (item,):
            if isinstance(one, torch.Tensor) and one.dim() > 1:
                return number_format(one.dtype, one.device.type)
    return "unknown"


def other_modes() -> bool:
    """Whether a dispatch mode of somebody else is on, inside which ours must not be opened."""
    return any(not isinstance(mode, CountingMode) for mode in _get_current_dispatch_mode_stack())


def push(mode: CountingMode) -> None:
    """Switch the mode on, until `remove`."""
    _push_mode(mode)


def remove(mode: CountingMode) -> None:
    """Switch the mode off wherever it stands among others that were opened since."""
    above = []
    while mode in _get_current_dispatch_mode_stack():
        top = _pop_mode()
        if top is mode:
            break
        above.append(top)
    for other in reversed(above):
        _push_mode(other)
