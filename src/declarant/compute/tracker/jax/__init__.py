"""Tracking a JAX training step: `step = tracked(jax.jit(train_step), run="…")`."""

from declarant.compute.tracker.jax.count import count_step
from declarant.compute.tracker.jax.tracked import TrackedStep, tracked

__all__ = ["TrackedStep", "count_step", "tracked"]
