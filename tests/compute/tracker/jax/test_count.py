"""Steps of JAX programs against hand counts: two operations for each multiply-add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

jax = pytest.importorskip("jax")

import jax.numpy as jnp  # noqa: E402 - after the skip
from jax import lax  # noqa: E402

from declarant.compute.tracker.jax import count_step  # noqa: E402
from declarant.compute.tracker.step_count import Bounds, StepCount  # noqa: E402

ROWS, WIDTH, WIDE, LAYERS = 16, 32, 64, 6
ONE = 2 * ROWS * WIDTH * WIDTH
"""One layer's product of a batch with a square matrix."""
UP = 2 * ROWS * WIDTH * WIDE

X = jnp.ones((ROWS, WIDTH))
W = jnp.ones((WIDTH, WIDTH))
STACK = jnp.ones((LAYERS, WIDTH, WIDTH))
MLP = (jnp.ones((WIDTH, WIDE)), jnp.ones((WIDE, WIDTH)))


def count(step: Callable[..., Any], *arguments: Any) -> StepCount:
    return count_step(jax.jit(step), arguments, {})


def mlp(weights: Any, x: Any) -> Any:
    return (jnp.tanh(x @ weights[0]) @ weights[1]).sum()


def layers(stack: Any, x: Any) -> Any:
    return lax.scan(lambda carry, w: (jnp.tanh(carry @ w), None), x, stack)[0].sum()


def layers_again(stack: Any, x: Any) -> Any:
    layer = jax.checkpoint(lambda carry, w: jnp.tanh(carry @ w))
    return lax.scan(lambda carry, w: (layer(carry, w), None), x, stack)[0].sum()


def attention(q: Any, k: Any, v: Any) -> Any:
    weights = jax.nn.softmax(jnp.einsum("bqhd,bkhd->bhqk", q, k))
    return jnp.einsum("bhqk,bkhd->bqhd", weights, v)


HEADS = jnp.ones((2, 24, 4, 8))

CASES: list[tuple[str, Callable[..., Any], tuple[Any, ...], int, int]] = [
    ("product", lambda x, w: x @ w, (X, W), ONE, ONE),
    ("forward", mlp, (MLP, X), 2 * UP, 2 * UP),
    ("training", jax.value_and_grad(mlp), (MLP, X), 5 * UP, 5 * UP),
    ("what nothing uses", jax.grad(mlp), (MLP, X), 4 * UP, 4 * UP),
    ("frozen first layer", jax.value_and_grad(lambda w, v, x: mlp((v, w), x)),
     (MLP[1], MLP[0], X), 3 * UP, 3 * UP),
    ("scan", layers, (STACK, X), LAYERS * ONE, LAYERS * ONE),
    ("scan, training", jax.value_and_grad(layers), (STACK, X), 3 * LAYERS * ONE,
     3 * LAYERS * ONE),
    ("scan, recomputed", jax.value_and_grad(layers_again), (STACK, X), 3 * LAYERS * ONE,
     4 * LAYERS * ONE),
    ("fori", lambda x, w: lax.fori_loop(0, 5, lambda _, c: c @ w, x), (X, W), 5 * ONE, 5 * ONE),
    ("vmap", jax.vmap(lambda x, w: x @ w, (0, None)), (jnp.ones((3, ROWS, WIDTH)), W), 3 * ONE,
     3 * ONE),
    ("attention", attention, (HEADS,) * 3, 16 * 2 * 24 * 24 * 8, 16 * 2 * 24 * 24 * 8),
    ("scan of scans", lambda s, x: lax.scan(lambda c, _: (layers(s, x * c), None), 0.0, None, 3)[0],
     (STACK, X), 3 * LAYERS * ONE, 3 * LAYERS * ONE),
    ("jit in jit", lambda x, w: jax.jit(lambda a: a @ w)(jax.jit(lambda a: a @ w)(x)), (X, W),
     2 * ONE, 2 * ONE),
    ("debug print", lambda x, w: (jax.debug.print("{}", x[0, 0]), x @ w)[1], (X, W), ONE, ONE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "arguments", "model", "executed"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_hand_counts(
    step: Callable[..., Any], arguments: tuple[Any, ...], model: int, executed: int
) -> None:
    found = count(step, *arguments)
    assert found.model == Bounds.exactly(model)
    assert found.executed == Bounds.exactly(executed)
    assert not found.uncounted


def test_recomputation_is_executed_as_far_as_the_compiler_kept_it() -> None:
    """XLA joins a small recomputed product with the first one; the compiled text tells."""
    step = jax.jit(jax.value_and_grad(jax.checkpoint(mlp)))
    products = step.lower(MLP, X).compile().as_text().count(" dot(")
    assert products in (5, 6)
    found = count_step(step, (MLP, X), {})
    assert found.model == Bounds.exactly(5 * UP)
    assert found.executed == Bounds.exactly(products * UP)


def naive_convolution(size: int, taps: int, stride: int, padding: int) -> tuple[int, int]:
    """Return outputs of one dimension, and the taps that meet an element."""
    outputs = (size + 2 * padding - taps) // stride + 1
    places = [o * stride + k - padding for o in range(outputs) for k in range(taps)]
    return outputs, sum(0 <= place < size for place in places)


@pytest.mark.parametrize("taps", [1, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_convolutions(taps: int, stride: int, padding: int) -> None:
    """Gradients have as many multiplications as the forward pass, however it strides."""
    images, kernels = jnp.ones((2, 3, 11, 11)), jnp.ones((5, 3, taps, taps))

    def step(kernels: Any, images: Any) -> Any:
        pads = [(padding, padding)] * 2
        return (lax.conv_general_dilated(images, kernels, (stride, stride), pads) ** 2).sum()

    _, meetings = naive_convolution(11, taps, stride, padding)
    forward = 2 * 2 * 5 * 3 * meetings**2
    assert count(step, kernels, images).model == Bounds.exactly(forward)
    both = count(jax.value_and_grad(step, (0, 1)), kernels, images)
    assert both.model == Bounds.exactly(3 * forward)


def test_grouped_convolution() -> None:
    images, kernels = jnp.ones((2, 6, 9, 9)), jnp.ones((12, 3, 3, 3))
    found = count(
        lambda x, w: lax.conv_general_dilated(x, w, (1, 1), "VALID", feature_group_count=2),
        images,
        kernels,
    )
    assert found.model == found.executed == Bounds.exactly(2 * 2 * 12 * 3 * 7 * 7 * 9)


def test_a_loop_whose_turns_the_data_tells_has_no_upper_bound() -> None:
    found = count(lambda x, w: lax.while_loop(lambda c: c.sum() > 0, lambda c: c @ w, x), X, W)
    assert (found.model.low, found.model.high, found.executed.high) == (0, None, None)
    assert [kernel.name for kernel in found.uncounted] == ["while"]
    assert str(ONE) in found.uncounted[0].why


def test_a_branch_lies_between_its_arms() -> None:
    found = count(lambda p, x, w: lax.cond(p, lambda x: x @ w @ w, lambda x: x @ w, x), True, X, W)
    assert found.model == found.executed == Bounds(ONE, None, 2 * ONE)


def test_a_factorisation_is_named_and_bounded() -> None:
    found = count(jnp.linalg.cholesky, jnp.eye(WIDTH))
    assert found.executed.low == 0
    assert found.executed.high is not None
    assert found.executed.high >= WIDTH**3 // 3
    assert len(found.uncounted) == 1


def test_a_call_out_of_the_program_is_named_and_has_no_bound() -> None:
    shape = jax.ShapeDtypeStruct(X.shape, X.dtype)
    found = count(lambda x, w: jax.pure_callback(lambda a: a, shape, x) @ w, X, W)
    assert found.executed == Bounds(ONE, None, None)
    assert "callback" in found.uncounted[0].name


def test_a_mixture_of_experts_needs_each_token_once() -> None:
    found = count(lax.ragged_dot, X, STACK, jnp.array([2, 4, 2, 4, 2, 2]))
    assert found.model == Bounds.exactly(ONE)
    assert found.executed.low >= ONE  # a CPU computes every expert for every token


def test_products_that_the_compiler_joins_or_turns_stay_within_bounds() -> None:
    twice = count(lambda x: x @ x.T + x @ x.T, X)
    assert twice.model.best is not None
    assert twice.executed == Bounds(twice.model.best // 2, twice.model.best, twice.model.best)
    inner = count(lambda a, b: a @ b, X[0], X[0])
    assert inner.model == Bounds.exactly(2 * WIDTH)
    assert inner.executed.high == 2 * WIDTH


def test_number_formats_are_told_apart() -> None:
    found = count(lambda a, b, x: (a @ b, x @ x.T), X.astype("bfloat16"), W.astype("bfloat16"), X)
    assert found.model.best == ONE + 2 * ROWS * ROWS * WIDTH
    assert set(found.by_format) <= {"bf16", "fp32"}
    assert sum(found.by_format.values()) == found.executed.best


def test_xla_counts_a_loop_once_and_says_so_in_a_note() -> None:
    """If this ever fails, XLA's own figure has become right, and the docs want a word."""
    compiled = jax.jit(layers).lower(STACK, X).compile()
    figure = compiled.cost_analysis()["flops"]
    assert ONE <= figure < 1.1 * ONE
    assert any(
        f"gives {int(figure)} for one device" in note for note in count(layers, STACK, X).notes
    )
