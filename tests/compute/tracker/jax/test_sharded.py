"""Steps on several devices: the whole step is counted, however its arrays are spread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("jax")

PROGRAM = """
import json
import jax, jax.numpy as jnp
from jax.sharding import NamedSharding, PartitionSpec as P
from declarant.compute.tracker.jax import count_step

mesh = jax.make_mesh((2, 2), ("data", "model"), axis_types=(jax.sharding.AxisType.Auto,) * 2)
put = lambda array, *axes: jax.device_put(array, NamedSharding(mesh, P(*axes)))
X, UP, DOWN = jnp.ones((16, 32)), jnp.ones((32, 64)), jnp.ones((64, 32))
loss = lambda weights, x: (jnp.tanh(x @ weights[0]) @ weights[1]).sum()
step = jax.jit(jax.value_and_grad(loss))

def figures(step, *arguments):
    found = count_step(step, arguments, {})
    return [found.model.best, found.executed.best]

print(json.dumps({
    "one": figures(step, (UP, DOWN), X),
    "data": figures(step, (put(UP), put(DOWN)), put(X, "data")),
    "tensor": figures(step, (put(UP, None, "model"), put(DOWN, "model")), put(X)),
    "both": figures(step, (put(UP, None, "model"), put(DOWN, "model")), put(X, "data")),
    "replicated": figures(step, (put(UP), put(DOWN)), put(X)),
    "shard_map": figures(jax.jit(jax.shard_map(
        lambda x, w: x @ w, mesh=mesh, in_specs=(P(("data", "model")), P()),
        out_specs=P(("data", "model")))), put(X, ("data", "model")), put(UP)),
    "partly_manual": figures(jax.jit(jax.shard_map(
        lambda x, w: x @ w, mesh=mesh, in_specs=(P("data"), P()), out_specs=P("data"),
        axis_names={"data"}), out_shardings=NamedSharding(mesh, P("data", "model"))),
        put(X, "data"), put(UP, None, "model")),
}))
"""


@pytest.fixture(scope="module")
def figures() -> dict[str, list[int]]:
    flags = "--xla_force_host_platform_device_count=4"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[4],
        env={**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"},
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


UP = 2 * 16 * 32 * 64


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "model", "executed"),
    [
        ("one", 5 * UP, 5 * UP),
        ("data", 5 * UP, 2 * 5 * UP),  # the axis "model" repeats what "data" splits
        ("tensor", 5 * UP, 2 * 5 * UP),
        ("both", 5 * UP, 5 * UP),
        ("replicated", 5 * UP, 4 * 5 * UP),
        ("shard_map", UP, UP),
        ("partly_manual", UP, UP),
    ],
)
def test_model_operations_do_not_depend_on_the_spread(
    figures: dict[str, list[int]], name: str, model: int, executed: int
) -> None:
    assert figures[name] == [model, executed]
