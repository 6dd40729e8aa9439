"""Which of PyTorch's operators multiply matrices, and which are left out by convention.

The convention of the field, and of this product's closed form: products of matrices, convolutions
and attention are counted; elementwise work, reductions, look-ups, copies, communication and the
optimizer are not (under 0.5 % together, as a rule). An operator that is neither known to be of the
second kind nor has a formula is unknown, and is named.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import torch

_PRODUCTS = re.compile(
    r"(^|_)(\w*mm|matmul|mv|addmv|dot|vdot|addr|ger|conv(?!ert)\w*|attention|multi_head|rnn|lstm|gru"
    r"|linear|linalg|cholesky|solve|spsolve|svd|eigh?|eigvals|det|slogdet|geqrf|ormqr|orgqr|qr|lu"
    r"|inverse|matrix|fft|cdist|pdist|euclidean|bilinear|trilinear|ctc|encoder)(_|$)"
)
"""Words in the names of ATen operators that multiply matrices or do work of that order.

Checked against every operator of PyTorch 2.13; each one without such a word is pointwise, a
reduction, a look-up or a copy.
"""
_CHEAP = frozenset(
    {
        "linalg_cross",
        "linalg_vector_norm",
        "_linalg_check_errors",
        "lu_unpack",
        "_cudnn_rnn_flatten_weight",
        "_thnn_fused_lstm_cell",
        "_thnn_fused_lstm_cell_backward_impl",
        "_thnn_fused_gru_cell",
        "_thnn_fused_gru_cell_backward",
        "_use_cudnn_ctc_loss",
        "_use_miopen_ctc_loss",
        "diag_embed",
        "ctc_loss",
        "_ctc_loss",
        "_ctc_loss_backward",
        "_cudnn_ctc_loss",
    }
)
"""Those with such a word that are elementwise all the same, or a recursion over a small table."""
_OTHER_ROOMS = frozenset(
    {
        *("prim", "prims", "rngprims", "profiler", "debugprims", "c10d", "_c10d_functional"),
        *("_c10d_functional_autograd", "c10d_functional", "_dtensor", "dtensor", "fsdp"),
        *("symm_mem", "streams", "inductor_prims"),
    }
)
"""Namespaces of communication, bookkeeping and elementwise primitives."""
_DATA_DEPENDENT = frozenset(
    {
        *("aten::nonzero", "aten::_local_scalar_dense", "aten::masked_select", "aten::_unique2"),
        *("aten::unique_dim", "aten::unique_consecutive", "aten::repeat_interleave"),
        *("aten::bincount", "aten::_nested_tensor_from_mask"),
    }
)
"""After these, shapes or the way through the code may depend on the data."""


def name_of(func: Any) -> str:
    """Return an operator's name without its overload: "aten::mm", "mylib::fused_scan"."""
    schema = getattr(func, "_schema", None)
    return str(schema.name) if schema is not None else f"higher_order::{func}"


@functools.cache
def is_uncounted_by_convention(func: Any) -> bool:
    """Whether an operator is elementwise, a reduction, a look-up, a copy or communication."""
    space, _, name = name_of(func).partition("::")
    if space in _OTHER_ROOMS:
        return True
    tags = getattr(func, "tags", ())
    if torch.Tag.pointwise in tags or getattr(torch.Tag, "reduction", None) in tags:
        return True
    if space != "aten":
        return False
    return name in _CHEAP or _PRODUCTS.search(name) is None


def steers_by_data(func: Any) -> bool:
    """Whether what follows may depend on the values in a tensor."""
    return name_of(func) in _DATA_DEPENDENT


def number_format(dtype: Any, device: str) -> str:
    """Return a number format as the ledger names it: "bf16", "fp32"; TF32 where it is switched on.

    On a GPU, PyTorch multiplies matrices of fp32 as TF32 unless the precision is "highest".
    """
    written = str(dtype).removeprefix("torch.")
    if written == "float32" and device == "cuda":
        return "fp32" if torch.get_float32_matmul_precision() == "highest" else "tf32"
    if written.startswith("float8"):
        return "fp8"
    if written.startswith("float4"):
        return "fp4"
    return {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32", "float64": "fp64"}.get(
        written, written
    )
