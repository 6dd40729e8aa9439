"""The text of compiled steps as GPUs show it: products and convolutions handed to libraries."""

from __future__ import annotations

import pytest

from declarant.compute.tracker.jax.compiled import executed_of
from declarant.compute.tracker.step_count import Bounds


def module(*lines: str, before: str = "") -> str:
    body = "\n".join(f"  {line}" for line in lines)
    entry = "ENTRY %main (a: f32[1]) -> f32[1]"
    return f"HloModule m, is_scheduled=true\n\n{before}\n{entry} {{\n{body}\n}}\n"


A = "%a = bf16[64,128]{1,0} parameter(0)"
B = "%b = bf16[128,32]{1,0} parameter(1)"
GEMM = (
    '"gemm_backend_config":{"alpha_real":1,"dot_dimension_numbers":'
    '{"lhs_contracting_dimensions":["1"],"rhs_contracting_dimensions":["0"]}}'
)


@pytest.mark.parametrize("operands", ["%a, %b", "bf16[64,128]{1,0} %a, bf16[128,32]{1,0} %b"])
@pytest.mark.parametrize("target", ["__cublas$gemm", "__cublas$lt$matmul"])
def test_products_of_cublas(target: str, operands: str) -> None:
    found = executed_of(
        module(
            A,
            B,
            f"ROOT %gemm = (bf16[64,32]{{1,0}}, s8[4194304]{{0}}) custom-call({operands}), "
            f'custom_call_target="{target}", backend_config={{{GEMM}}}',
        )
    )
    assert found.needed == Bounds.exactly(2 * 64 * 128 * 32)
    assert found.by_format == {"bf16": 2 * 64 * 128 * 32}


FORWARD = 2 * 2 * 8 * 3 * (3 * 16 - 2) ** 2  # 16 outputs of 3 taps, the padding not counted
SHAPES = {"x": "f32[2,3,16,16]", "w": "f32[8,3,3,3]", "y": "f32[2,8,16,16]"}


@pytest.mark.parametrize(
    ("target", "operands", "result"),
    [("Forward", "xw", "y"), ("BackwardInput", "yw", "x"), ("BackwardFilter", "xy", "w")],
)
def test_convolutions_of_cudnn(target: str, operands: str, result: str) -> None:
    first, second = operands
    found = executed_of(
        module(
            f"%{first} = {SHAPES[first]}{{3,2,1,0}} parameter(0)",
            f"%{second} = {SHAPES[second]}{{3,2,1,0}} parameter(1)",
            f"ROOT %c = ({SHAPES[result]}{{3,2,1,0}}, u8[0]{{0}}) "
            f"custom-call(%{first}, %{second}), "
            "window={size=3x3 pad=1_1x1_1}, dim_labels=bf01_oi01->bf01, "
            f'custom_call_target="__cudnn$conv{target}"',
        )
    )
    assert found.needed == Bounds.exactly(FORWARD)


def test_fused_attention_is_bounded_by_its_shapes() -> None:
    found = executed_of(
        module(
            "%q = bf16[2,512,8,64]{3,2,1,0} parameter(0)",
            "%k = bf16[2,512,8,64]{3,2,1,0} parameter(1)",
            "%v = bf16[2,512,8,64]{3,2,1,0} parameter(2)",
            "ROOT %f = (bf16[2,512,8,64]{3,2,1,0}, u8[0]{0}) custom-call(%q, %k, %v), "
            'custom_call_target="__cudnn$fmhaSoftmax"',
        )
    )
    operations = 2 * 2 * 2 * 8 * 512 * 512 * 64
    assert found.needed == Bounds(0, operations, operations)
    assert found.uncounted[0].name == "__cudnn$fmhaSoftmax"


LOOP = """%body (p: (s32[], f32[8,8])) -> (s32[], f32[8,8]) {
  %p = (s32[], f32[8,8]{1,0}) parameter(0)
  %x = f32[8,8]{1,0} get-tuple-element(%p), index=1
  %d = f32[8,8]{1,0} dot(%x, %x), lhs_contracting_dims={1}, rhs_contracting_dims={0}
}

%turn (p: (s32[], f32[8,8])) -> pred[] {
  %p = (s32[], f32[8,8]{1,0}) parameter(0)
}
"""


@pytest.mark.parametrize(("trips", "low", "high"), [("5", 5, 5), ("0", 0, 0), (None, 0, None)])
def test_loops(trips: str | None, low: int, high: int | None) -> None:
    known = f', backend_config={{"known_trip_count":{{"n":"{trips}"}}}}' if trips else ""
    found = executed_of(
        module(
            "%t = (s32[], f32[8,8]{1,0}) parameter(0)",
            f"ROOT %w = (s32[], f32[8,8]{{1,0}}) while(%t), condition=%turn, body=%body{known}",
            before=LOOP,
        )
    )
    assert found.needed.low == low * 1024
    assert found.needed.high == (None if high is None else high * 1024)
    assert found.once == (1024 if trips else 0)


@pytest.mark.parametrize("target", ["my_kernel", "__gpu$xla.gpu.triton", "tpu_custom_call"])
def test_a_kernel_of_somebody_else_is_named_without_a_bound(target: str) -> None:
    found = executed_of(
        module(A, f'ROOT %c = f32[4]{{0}} custom-call(%a), custom_call_target="{target}"')
    )
    assert found.needed == Bounds(0, None, None)
    assert [item.name for item in found.uncounted] == [target]


def test_what_is_no_module_is_refused() -> None:
    with pytest.raises(ValueError, match="entry"):
        executed_of("nothing")
