"""A tracked JAX step: every call counted, each signature once, and training never stopped."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.compute.tracker.ledgers import done, found, piece, read

jax = pytest.importorskip("jax")

import jax.numpy as jnp  # noqa: E402 - after the skip

from declarant.compute.tracker.jax import tracked  # noqa: E402

ONE = 2 * 8 * 16 * 16
W = jnp.ones((16, 16))


def rows(number: int) -> Any:
    return jnp.ones((number, 16))


def signatures(folder: Path) -> int:
    (file,) = folder.rglob("*.jsonl")
    return file.read_text().count('"type":"signature"')


def test_steps_of_several_shapes(tmp_path: Path) -> None:
    with tracked(
        lambda w, x: x @ w, run="r", folder=tmp_path, first_step=0, tokens=lambda w, x: x.size
    ) as step:
        for number in (8, 8, 16, 8, 16, 8):
            step(W, rows(number))
    recording = read(tmp_path)
    assert done(recording, "kept") == (8 * ONE,) * 3
    tokens = piece(recording, "kept").tokens
    assert tokens is not None
    assert tokens.low == 8 * 128
    assert signatures(tmp_path) == 2
    assert recording.progress is not None
    assert recording.progress.marks[-1].step == 5


def test_shapes_compiled_before_tracking_are_told_apart(tmp_path: Path) -> None:
    function = jax.jit(lambda w, x: x @ w)
    for number in (8, 800):
        function(W, rows(number))
    with tracked(function, run="r", folder=tmp_path) as step:
        for number in (8, 800, 800):
            step(W, rows(number))
    assert done(read(tmp_path), "kept") == (201 * ONE,) * 3


def test_two_tracked_steps_of_one_function(tmp_path: Path) -> None:
    function = jax.jit(lambda w, x: x @ w)
    train = tracked(function, run="r", folder=tmp_path)
    evaluate = tracked(function, purpose="evaluation", writer=train.writer)
    train(W, rows(8))
    evaluate(W, rows(800))
    train(W, rows(8))
    train(W, rows(800))
    evaluate(W, rows(8))
    evaluate.close()
    train.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == (102 * ONE,) * 3
    assert done(recording, "evaluation") == (101 * ONE,) * 3


def test_a_cleared_cache_is_looked_at_anew(tmp_path: Path) -> None:
    with tracked(lambda w, x: x @ w, run="r", folder=tmp_path) as step:
        step(W, rows(8))
        step.clear_cache()
        step(W, rows(16))
    assert done(read(tmp_path), "kept") == (3 * ONE,) * 3


def test_static_arguments_are_told_apart_and_plain_numbers_are_not(tmp_path: Path) -> None:
    @partial(jax.jit, static_argnames="times")
    def power(x: Any, rate: float, times: int = 1) -> Any:
        for _ in range(times):
            x = x @ W
        return x * rate

    with tracked(power, run="r", folder=tmp_path) as step:
        for number in range(12):
            step(rows(8), 0.1 * number, times=1 + number % 3)
    assert done(read(tmp_path), "kept") == (24 * ONE,) * 3
    assert signatures(tmp_path) == 3


def test_a_rate_that_changes_is_no_new_signature(tmp_path: Path) -> None:
    with tracked(lambda x, rate: rate * (x @ W), run="r", folder=tmp_path) as step:
        for number in range(20):
            step(rows(8 + 8 * (number % 2)), 0.5**number)
    assert done(read(tmp_path), "kept") == (30 * ONE,) * 3
    assert signatures(tmp_path) == 2


def test_donated_arguments(tmp_path: Path) -> None:
    step = tracked(
        jax.jit(lambda w, x: w - x.T @ (x @ w), donate_argnums=0), run="r", folder=tmp_path
    )
    weights = jnp.ones((16, 16))
    for _ in range(3):
        weights = step(weights, rows(8))
    step.close()
    assert done(read(tmp_path), "kept") == (6 * ONE,) * 3


def test_nothing_is_compiled_twice(tmp_path: Path) -> None:
    seen: list[str] = []

    def listen(event: str, duration: float, **_: Any) -> None:
        if event == "/jax/core/compile/backend_compile_duration":
            seen.append(event)

    function = jax.jit(lambda w, x: jnp.tanh(x @ w))
    step = tracked(function, run="r", folder=tmp_path)
    inputs = [rows(8), rows(24)]
    jax.block_until_ready(inputs)
    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        for number in range(6):
            step(W, inputs[number % 2])
    finally:
        jax.monitoring.clear_event_listeners()
    step.close()
    assert len(seen) == 2


def test_evaluation_shares_the_ledger(tmp_path: Path) -> None:
    train = tracked(lambda x: x @ W @ W, run="r", folder=tmp_path)
    evaluate = tracked(lambda x: x @ W, purpose="evaluation", writer=train.writer)
    train(rows(8))
    evaluate(rows(8))
    evaluate.close()
    train(rows(8))
    train.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == (4 * ONE,) * 3
    assert done(recording, "evaluation") == (ONE,) * 3


def test_a_return_to_a_checkpoint(tmp_path: Path) -> None:
    with tracked(lambda x: x @ W, run="r", folder=tmp_path, first_step=100) as step:
        for _ in range(5):
            step(rows(8))
        step.at_step(102)
        for _ in range(4):
            step(rows(8))
    recording = read(tmp_path)
    assert done(recording, "kept") == (6 * ONE,) * 3
    assert done(recording, "lost") == (3 * ONE,) * 3


def test_a_step_that_cannot_be_counted_is_unknown_and_still_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Opaque:
        def lower(self) -> None: ...

        def __call__(self, x: Any) -> Any:
            return x + 1

    with tracked(Opaque(), run="r", folder=tmp_path) as step:
        assert [step(number) for number in range(3)] == [1, 2, 3]
    recording = read(tmp_path)
    assert done(recording, "kept") == (0, None, None)
    assert len(caplog.records) == 1
    assert "could not be counted" in found(recording, "note")[0].what


def test_an_error_of_the_step_is_its_own(tmp_path: Path) -> None:
    with tracked(lambda x: x @ W, run="r", folder=tmp_path) as step:
        with pytest.raises(TypeError):
            step(jnp.ones((8, 3)))
        step(rows(8))
    assert done(read(tmp_path), "kept") == (ONE,) * 3


def test_a_run_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="name"):
        tracked(lambda x: x, folder=tmp_path)
