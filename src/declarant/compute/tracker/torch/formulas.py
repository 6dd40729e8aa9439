"""Operations of each kernel: PyTorch's own registry of formulas, and what it lacks.

The registry is `torch.utils.flop_counter.flop_registry`, which FlopCounterMode counts with. Added
here are the kernels it counts as zero in PyTorch 2.13 (fused attention on CPUs, grouped products
of experts, recurrent layers, products with vectors) and one it counts too high (the gradient of
weights of a grouped convolution, by the number of groups). A multiplication with an addition is
two operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from torch.utils.flop_counter import flop_registry

from declarant.compute.tracker.step_count import Bounds
from declarant.compute.tracker.torch.kernels import name_of

Arguments = Mapping[str, Any]
Formula = Callable[..., "int | Bounds"]


@dataclass(frozen=True, slots=True)
class Kernel:
    """What one call of a kernel costs.

    Attributes:
        operations: executed, every query with every key where it is attention.
        skipped: of these, what the kernel may leave out because a mask is causal.
        masked: of these, what a mask may leave out of the mathematics.
        repeated: of these, what was done before already (a fused attention's backward pass
            multiplies queries and keys again).
        formula_from: "" or, for bounds in place of a formula, where they come from.
    """

    operations: Bounds
    skipped: int = 0
    masked: int = 0
    repeated: int = 0
    formula_from: str = ""


def kernel(
    func: Any, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any, given: Mapping[Any, Formula]
) -> Kernel | None:
    """Return what a call costs; None when there is no formula for the kernel.

    `given` holds formulas of the user's own, by operator or by its name: they are called as
    FlopCounterMode calls those of a `custom_mapping` whose arguments are raw tensors.
    """
    name = name_of(func)
    own = given.get(name) or given.get(getattr(func, "_overloadpacket", func))
    if own is not None:
        return Kernel(_bounds(own(*args, **kwargs, out_val=out)))
    named = _by_name(func, args, kwargs)
    if name in _ATTENTION:
        return _attention(_ATTENTION[name], named)
    if name in _OURS:
        return Kernel(Bounds.exactly(_OURS[name](named, out)))
    theirs = flop_registry.get(getattr(func, "_overloadpacket", func))
    if theirs is not None:
        operations = int(theirs(*args, **kwargs, out_val=out))
        if "attention" in name:
            return _masked(operations, name, named)
        return Kernel(Bounds.exactly(operations))
    if name in _BOUNDED:
        why, most = _BOUNDED[name]
        high = most(named, out)
        return Kernel(Bounds(0, high, high), formula_from=why)
    return None


def has_formula(func: Any, given: Mapping[Any, Formula]) -> bool:
    """Whether `kernel` knows the operator."""
    name, packet = name_of(func), getattr(func, "_overloadpacket", func)
    known = name in _ATTENTION or name in _OURS or name in _BOUNDED
    return known or packet in flop_registry or name in given or packet in given


def _bounds(amount: int | Bounds) -> Bounds:
    return amount if isinstance(amount, Bounds) else Bounds.exactly(int(amount))


def _by_name(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    schema = getattr(func, "_schema", None)
    if schema is None:
        return dict(kwargs)
    names = [argument.name for argument in schema.arguments]
    return {**dict(zip(names, args, strict=False)), **kwargs}


def _masked(operations: int, name: str, named: Arguments) -> Kernel:
    """Return an attention kernel of the registry, with what its mask and its backward pass mean."""
    backward = "backward" in name
    repeated = 0
    if backward and "query" in named and "value" in named:
        keys, values = named["query"].shape[-1], named["value"].shape[-1]
        repeated = operations * keys // (3 * keys + 2 * values)
    once = operations - repeated
    if name.startswith("higher_order::"):  # FlexAttention: a mask of any form, blocks are skipped
        return Kernel(Bounds.exactly(operations), operations, once, repeated)
    causal, mask = _mask(named)
    left = operations // 2 if causal else 0
    return Kernel(Bounds.exactly(operations), left, once // 2 if causal or mask else 0, repeated)


def _mask(named: Arguments) -> tuple[bool, bool]:
    causal = bool(named.get("is_causal", named.get("causal", False)))
    mask = any(named.get(word) is not None for word in ("attn_mask", "attn_bias", "bias"))
    return causal, mask


@dataclass(frozen=True, slots=True)
class _Attention:
    """How an attention kernel calls its tensors, and whether heads stand before positions."""

    query: str = "query"
    key: str = "key"
    value: str = "value"
    heads_first: bool = True
    backward: bool = False


_ATTENTION: dict[str, _Attention] = {
    "aten::_scaled_dot_product_flash_attention_for_cpu": _Attention(),
    "aten::_scaled_dot_product_flash_attention_for_cpu_backward": _Attention(backward=True),
    "aten::_scaled_dot_product_fused_attention_overrideable": _Attention(),
    "aten::_scaled_dot_product_fused_attention_overrideable_backward": _Attention(backward=True),
    "flash_attn::_flash_attn_forward": _Attention("q", "k", "v", heads_first=False),
    "flash_attn::_flash_attn_backward": _Attention("q", "k", "v", heads_first=False, backward=True),
}
"""Attention that PyTorch's registry does not hold.

The last two are the operators of the flash-attn package (batch, positions, heads, head size).
"""


def _attention(how: _Attention, named: Arguments) -> Kernel:
    q, k, v = (tuple(named[name].shape) for name in (how.query, how.key, how.value))
    place, heads = (2, 1) if how.heads_first else (1, 2)
    product = 2 * q[0] * q[heads] * q[place] * k[place]  # of queries with keys, one operation deep
    scores, weighted = product * q[-1], product * v[-1]
    causal, mask = _mask(named)
    once = (2 if how.backward else 1) * (scores + weighted)
    repeated = scores if how.backward else 0
    whole = once + repeated
    return Kernel(
        Bounds.exactly(whole),
        whole // 2 if causal else 0,
        once // 2 if causal or mask else 0,
        repeated,
    )


def _grouped(named: Arguments, _: Any) -> int:
    """Products of groups of rows (or of columns) with a matrix each: every row is used once."""
    a, b = named["self"].shape, named["mat2"].shape
    groups = a[0] if len(a) == 3 and len(b) == 3 else 1
    return int(2 * groups * a[-2] * a[-1] * b[-1])


def _fused_layer(source: str) -> Callable[[Arguments, Any], int]:
    """Attention with its projections, and the feed-forward maps where the kernel holds them.

    What `nn.TransformerEncoderLayer` and `nn.MultiheadAttention` run without gradients: each
    position once with each weight, and every query with every key, twice.
    """
    weights = ("qkv_weight", "proj_weight", "ffn_weight_1", "ffn_weight_2")

    def operations(named: Arguments, _: Any) -> int:
        sequences, length, width = named[source].shape
        maps = _matrices(named.get(name) for name in weights)
        return int(2 * sequences * length * (maps + 2 * length * width))

    return operations


def _convolution_backward(named: Arguments, _: Any) -> int:
    x, weight, out = (named[name].shape for name in ("input", "weight", "grad_output"))
    seen = x if named["transposed"] else out
    once = 2 * seen[0] * prod(seen[2:]) * prod(weight)
    return int(once * sum(bool(wanted) for wanted in named["output_mask"][:2]))


def _recurrent(weights: Callable[[Arguments], int], times: int) -> Callable[[Arguments, Any], int]:
    def operations(named: Arguments, _: Any) -> int:
        x = named["input"].shape
        return int(2 * times * prod(x[:-1]) * weights(named))

    return operations


def _matrices(tensors: Any) -> int:
    return sum(prod(tensor.shape) for tensor in tensors if tensor is not None and tensor.dim() > 1)


def _of(*names: str, last: str = "", times: int = 2) -> Callable[[Arguments, Any], int]:
    """Return the product of all sizes of some arguments, times the last size of another."""

    def operations(named: Arguments, _: Any) -> int:
        sizes = prod(prod(named[name].shape) for name in names)
        return int(times * sizes * (named[last].shape[-1] if last else 1))

    return operations


def _distances(times: int) -> Callable[[Arguments, Any], int]:
    return lambda named, _: int(times * prod(named["x1"].shape) * named["x2"].shape[-2])


_OURS: dict[str, Callable[[Arguments, Any], int]] = {
    "aten::_grouped_mm": _grouped,
    "aten::_scaled_grouped_mm": _grouped,
    "aten::_transformer_encoder_layer_fwd": _fused_layer("src"),
    "aten::_native_multi_head_attention": _fused_layer("query"),
    "aten::_int_mm": _of("self", last="mat2"),
    "aten::addbmm": _of("batch1", last="batch2"),
    "aten::mv": _of("self"),
    "aten::addmv": _of("mat"),
    "aten::dot": _of("self"),
    "aten::vdot": _of("self"),
    "aten::addr": _of("vec1", "vec2"),
    "aten::_euclidean_dist": _distances(2),  # by a product of matrices
    "aten::_cdist_forward": _distances(3),  # subtract, multiply, add
    "aten::convolution_backward": _convolution_backward,
    "aten::mkldnn_rnn_layer": _recurrent(lambda n: _matrices((n["weight0"], n["weight1"])), 1),
    "aten::mkldnn_rnn_layer_backward": _recurrent(
        lambda n: _matrices((n["weight1"], n["weight2"])), 2
    ),
    "aten::_cudnn_rnn": _recurrent(lambda n: _matrices(n["weight"]), 1),
    "aten::_cudnn_rnn_backward": _recurrent(lambda n: _matrices(n["weight"]), 2),
}


def _most_dense(named: Arguments, _: Any) -> int:
    tensors = [value for value in named.values() if hasattr(value, "shape") and value.dim() > 1]
    return max((32 * prod(item.shape) * max(item.shape[-2:]) for item in tensors), default=0)


def _most_fourier(named: Arguments, _: Any) -> int:
    shape = named["self"].shape
    points = prod(shape[axis] for axis in named["dim"])
    return int(5 * prod(shape) * max(1, (points - 1).bit_length()))


_DENSE = "dense factorisations need at most some 30 n^3 (Golub and Van Loan, Matrix Computations)"
_FOURIER = "a fast Fourier transform needs at most 5 N log2 N"
_BOUNDED: dict[str, tuple[str, Callable[[Arguments, Any], int]]] = {
    **{
        f"aten::{name}": (_DENSE, _most_dense)
        for name in (
            *("linalg_inv_ex", "linalg_cholesky_ex", "linalg_qr", "linalg_eig", "_linalg_eigh"),
            *("_linalg_svd", "_linalg_det", "_linalg_slogdet", "_linalg_solve_ex", "linalg_lu"),
            *("linalg_lu_factor_ex", "linalg_lu_solve", "linalg_solve_triangular"),
            *("triangular_solve", "cholesky_solve", "_cholesky_solve_helper", "cholesky_inverse"),
            *("linalg_householder_product", "geqrf", "ormqr"),
        )
    },
    **{f"aten::{name}": (_FOURIER, _most_fourier) for name in ("_fft_c2c", "_fft_r2c", "_fft_c2r")},
}
