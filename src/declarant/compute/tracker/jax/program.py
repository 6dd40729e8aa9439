"""Model operations of a traced step: its jaxpr, walked.

A loop counts as often as it turns, a branch within its bounds, and what nothing uses not at all.
Recomputation (jax.checkpoint) carries the name `rematted_computation` in the trace and stands
apart, so that the model figure holds every product once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from declarant.compute.tracker.jax.kernels import (
    Spatial,
    convolution,
    factorisation,
    fused_attention,
    number_format,
    transform,
)
from declarant.compute.tracker.jax.work import (
    Work,
    kernel,
    one_of,
    unknown,
    unknown_times,
)
from declarant.compute.tracker.step_count import Bounds

RECOMPUTED = "rematted_computation"
"""What jax.checkpoint calls the part of a gradient that repeats the forward pass."""
_FACTORISATIONS = frozenset(
    [
        "cholesky",
        "cholesky_update",
        "eig",
        "eigh",
        "geqrf",
        "geqp3",
        "hessenberg",
        "householder_product",
        "lu",
        "ormqr",
        "qr",
        "schur",
        "svd",
        "triangular_solve",
        "tridiagonal",
        "tridiagonal_solve",
        "symmetric_product",
    ]
)
_OPAQUE = ("pallas_call", "ffi_call", "custom_call", "pure_callback", "io_callback", "tpu_custom")
_OPAQUE_PARTS = ("cudnn", "flash", "triton")


def work_of(jaxpr: Any) -> Work:
    """Return what a closed jaxpr needs, for all devices of its mesh together."""
    return _Walk().closed(jaxpr)


class _Walk:
    """One walk; inner programs that are used several times are walked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[bool, ...]], tuple[Work, list[bool]]] = {}
        self._held: list[Any] = []  # keeps ids of programs from being used anew

    def closed(self, jaxpr: Any) -> Work:
        inner = _open(jaxpr)
        return self._program(inner, (True,) * len(inner.outvars))[0]

    def _program(self, jaxpr: Any, used: tuple[bool, ...]) -> tuple[Work, list[bool]]:
        """Return the work for the outputs that are used, and which inputs it takes."""
        key = (id(jaxpr), used)
        if key not in self._known:
            self._held.append(jaxpr)
            self._known[key] = self._walked(jaxpr, used)
        return self._known[key]

    def _walked(self, jaxpr: Any, used: tuple[bool, ...]) -> tuple[Work, list[bool]]:
        live = {id(var) for var, is_used in zip(jaxpr.outvars, used, strict=True) if is_used}
        whole = Work()
        for equation in reversed(jaxpr.eqns):
            outs = tuple(id(var) in live for var in equation.outvars)
            if not any(outs) and not equation.effects:
                continue
            work, takes = self._equation(equation, outs)
            if RECOMPUTED in str(equation.source_info.name_stack):
                work = work.again()
            whole = whole + work
            live |= {id(var) for var, taken in zip(equation.invars, takes, strict=True) if taken}
        return whole, [id(var) in live for var in jaxpr.invars]

    def _equation(self, equation: Any, used: tuple[bool, ...]) -> tuple[Work, list[bool]]:
        name = equation.primitive.name
        params = equation.params
        takes = [True] * len(equation.invars)
        own = _kernel(name, equation)
        if own is not None:
            return own, takes
        if name == "cond":
            return one_of(self.closed(branch) for branch in params["branches"]), takes
        if name == "while":
            body = self.closed(params["body_jaxpr"]) + self.closed(params["cond_jaxpr"])
            return unknown_times("while", body), takes
        inner = [held for value in params.values() for held in _programs(value)]
        if name in _CALLS and len(inner) >= 1:
            called = _open(inner[0])
            if len(called.outvars) == len(used):
                work, inner_takes = self._program(called, used)
                return work, inner_takes if len(inner_takes) == len(takes) else takes
        works = [self.closed(held) for held in inner]
        whole = Work()
        for work in works[:1] if name.startswith("custom_") else works:
            whole = whole + work
        return whole.times(_turns(name, params)), takes


_CALLS = (
    "pjit",
    "jit",
    "closed_call",
    "core_call",
    "remat",
    "remat2",
    "checkpoint",
    "custom_jvp_call",
    "custom_vjp_call",
    "custom_vjp_call_jaxpr",
)


def _turns(name: str, params: Any) -> int:
    if name == "scan":
        return int(params["length"])
    if name == "shard_map":  # one device's program along these axes, all devices' along others
        sizes = params["mesh"].shape
        split = params.get("newly_manual_axes", params.get("manual_axes"))
        if split is None:
            split = set(sizes) - set(params.get("auto", ()))
        return math.prod(int(sizes[axis]) for axis in split)
    if name in ("xla_pmap", "pmap"):
        return int(params.get("global_axis_size") or params["axis_size"])
    return 1


def _kernel(name: str, equation: Any) -> Work | None:
    shapes = [tuple(getattr(var.aval, "shape", ())) for var in equation.invars]
    if name in ("dot_general", "ragged_dot_general", "ragged_dot"):
        form = number_format(str(equation.invars[0].aval.dtype))
        return kernel("dot", form, _product(name, equation, shapes))
    if name == "conv_general_dilated":
        form = number_format(str(equation.invars[0].aval.dtype))
        out = tuple(equation.outvars[0].aval.shape)
        return kernel("convolution", form, _convolution(equation.params, shapes, out))
    if name in _FACTORISATIONS:
        why = "bounded by 30 n^3 of its greatest operand"
        return unknown(name, factorisation(shapes), why)
    if name == "fft":
        return unknown(name, transform(shapes[0]), "bounded by 5 n log2 n")
    if "dot_product_attention" in name:
        bounds = fused_attention(shapes, backward="bwd" in name)
        return unknown(name, bounds, "from the shapes of query and key, a mask not regarded")
    if name in _OPAQUE or any(part in name for part in _OPAQUE_PARTS):
        return _opaque(name, equation.params)
    return None


def _opaque(name: str, params: Any) -> Work:
    stated = getattr(params.get("cost_estimate"), "flops", None)
    called = str(params.get("name") or params.get("target_name") or "")[:60]
    shown = f"{name} {called}".strip()
    if isinstance(stated, int) and stated > 0:
        return unknown(shown, Bounds(0, stated, None), "its author's own estimate")
    return unknown(shown, Bounds(0, None, None), "a kernel that cannot be looked into")


def _product(name: str, equation: Any, shapes: list[tuple[int, ...]]) -> int:
    numbers = equation.params.get("ragged_dot_dimension_numbers")
    (contracted, _), _ = (
        numbers.dot_dimension_numbers if numbers else equation.params["dimension_numbers"]
    )
    left = [int(axis) for axis in contracted]
    out = math.prod(int(size) for size in equation.outvars[0].aval.shape)
    operations = 2 * out * math.prod(shapes[0][axis] for axis in left)
    if numbers and set(numbers.lhs_ragged_dimensions) & set(left):
        return operations // shapes[2][-1]  # each group takes its own part of the contraction
    return operations


def _convolution(params: Any, shapes: list[tuple[int, ...]], out: tuple[int, ...]) -> int:
    numbers = params["dimension_numbers"]
    inputs, kernels, outputs = numbers.lhs_spec, numbers.rhs_spec, numbers.out_spec
    spatial = [
        Spatial(
            shapes[0][inputs[2 + axis]],
            shapes[1][kernels[2 + axis]],
            out[outputs[2 + axis]],
            params["window_strides"][axis],
            params["padding"][axis][0],
            params["lhs_dilation"][axis],
            params["rhs_dilation"][axis],
        )
        for axis in range(len(inputs) - 2)
    ]
    return convolution(out[outputs[0]], out[outputs[1]], shapes[1][kernels[1]], spatial)


def _open(jaxpr: Any) -> Any:
    return getattr(jaxpr, "jaxpr", jaxpr)


def _programs(value: Any) -> Sequence[Any]:
    if isinstance(value, (tuple, list)):
        return [held for item in value for held in _programs(item)]
    return [value] if hasattr(_open(value), "eqns") else []
