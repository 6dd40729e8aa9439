"""Operations of the kernels that have a formula, two for each multiply-add, and bounds of others.

Convolutions count a tap only where it meets an element: not the padding, and not the zeros that a
dilated input is spread with, as XLA's HloCostAnalysis does (openxla/xla,
xla/service/hlo_cost_analysis.cc).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from declarant.compute.tracker.step_count import Bounds

_FORMATS = {
    "f64": "fp64",
    "f32": "fp32",
    "f16": "fp16",
    "bf16": "bf16",
    "s8": "int8",
    "u8": "int8",
    "s4": "int4",
    "u4": "int4",
}
_NAMES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "int8": "s8"}


def number_format(element_type: str) -> str:
    """Return the product's name of an element type of XLA ("f32") or NumPy ("float32")."""
    short = _NAMES.get(element_type, element_type)
    if short.startswith(("f8", "float8")):
        return "fp8"
    if short.startswith(("f4", "float4")):
        return "fp4"
    return _FORMATS.get(short, short)


@dataclass(frozen=True, slots=True)
class Spatial:
    """One spatial dimension of a convolution, padding before its input as XLA writes it."""

    size: int
    taps: int
    outputs: int
    stride: int = 1
    pad_low: int = 0
    input_dilation: int = 1
    kernel_dilation: int = 1

    @property
    def meetings(self) -> int:
        """Pairs of an output and a tap that meet an element of the input."""
        spread = (self.size - 1) * self.input_dilation + 1 if self.size else 0
        found = 0
        for tap in range(self.taps):
            offset = tap * self.kernel_dilation - self.pad_low
            found += _fitting(offset, self.stride, self.outputs, spread, self.input_dilation)
        return found


def _fitting(offset: int, stride: int, outputs: int, spread: int, dilation: int) -> int:
    """Count o in [0, outputs) with 0 <= offset + o stride < spread, a multiple of dilation."""
    first = max(0, -(offset // stride)) if offset < 0 else 0
    last = min(outputs - 1, (spread - 1 - offset) // stride)
    if dilation == 1:
        return max(0, last - first + 1)
    period = dilation // math.gcd(stride, dilation)
    start = next(
        (o for o in range(first, first + period) if (offset + o * stride) % dilation == 0), None
    )
    return 0 if start is None or start > last else (last - start) // period + 1


def convolution(
    batch: int, features: int, features_in_group: int, spatial: Sequence[Spatial]
) -> int:
    """Return the operations of a convolution; `batch` and `features` are those of its output."""
    meetings = math.prod(dimension.meetings for dimension in spatial)
    return 2 * batch * features * features_in_group * meetings


FACTORISATION = 30
"""Of n^3: above the costs that Golub and Van Loan, Matrix Computations (4th edition), give for
dense factorisations, of which the singular value decomposition with both sets of vectors takes the
most (4 m^2 n + 22 n^3, section 8.6)."""


def factorisation(shapes: Sequence[Sequence[int]]) -> Bounds:
    """Bound a dense factorisation or solution by its operands' shapes, the batch in front."""
    high = 0
    for shape in shapes:
        if len(shape) >= 2:
            high = max(high, FACTORISATION * math.prod(shape[:-2]) * max(shape[-2:]) ** 3)
    return Bounds(0, None, high)


def transform(shape: Sequence[int]) -> Bounds:
    """Bound a Fourier transform: 5 n log2 n for n points (Cooley and Tukey's own count)."""
    points = math.prod(shape)
    return Bounds(0, None, 5 * points * max(1, math.ceil(math.log2(max(2, points)))))


def fused_attention(shapes: Sequence[Sequence[int]], *, backward: bool) -> Bounds:
    """Bound a fused attention kernel by the shapes of its query and key, a mask not regarded.

    Two products forward, five backward, each of batch x heads x queries x keys x head size
    (Dao et al., FlashAttention, https://arxiv.org/abs/2205.14135, section 3). Which of a key's two
    middle sizes counts keys, and which heads, the shape does not tell: the best value takes the
    greater.
    """
    if len(shapes) < 2 or len(shapes[0]) != 4 or len(shapes[1]) != 4:
        return Bounds(0, None, None)
    high = (5 if backward else 2) * 2 * math.prod(shapes[0]) * max(shapes[1][1:3])
    return Bounds(0, high, high)
