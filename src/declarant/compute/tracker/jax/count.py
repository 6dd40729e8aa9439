"""One step of a JAX program, counted without running it: what is needed and what is executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from declarant.compute.tracker.jax.compiled import executed_of
from declarant.compute.tracker.jax.program import work_of
from declarant.compute.tracker.jax.work import Work, grouped, share
from declarant.compute.tracker.step_count import Bounds, StepCount

METHOD = "xla-compiled-step"


def count_step(
    step: Any,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
    *,
    samples: int | None = None,
    tokens: int | None = None,
) -> StepCount:
    """Count one step of a jitted function, this process's part of it.

    Args:
        step: what `jax.jit` gave.
        arguments: as it is called with; arrays, or `jax.ShapeDtypeStruct` in their place.
        keywords: likewise.
        samples: of the whole step, over all processes; None unknown.
        tokens: likewise.

    Returns:
        The model figure from the traced program, the executed figure from the compiled one. The
        compiled step is the one that jit keeps: nothing is compiled twice.
    """
    traced = step.trace(*arguments, **keywords)
    return count_traced(traced, samples=samples, tokens=tokens)


def count_traced(
    traced: Any, *, samples: int | None = None, tokens: int | None = None
) -> StepCount:
    """Count a step that is traced (`jax.stages.Traced`); see `count_step`."""
    needed = work_of(traced.jaxpr)
    compiled = traced.lower().compile()
    local, everywhere = _devices(compiled)
    part = Fraction(local, everywhere)
    model = share(needed.needed, part)
    executed = executed_of(compiled.as_text()).times(local)
    return StepCount(
        model,
        _at_least(executed.all, model),
        METHOD,
        executed.by_kernel,
        executed.by_format,
        grouped(executed.uncounted),
        _part(samples, part),
        _part(tokens, part),
        tuple(_notes(needed, executed, model, local, _xla_figure(compiled))),
    )


def failed(error: Exception) -> StepCount:
    """Return the count of a step that could not be counted: nothing bounds it."""
    return StepCount(
        Bounds(0, None, None),
        Bounds(0, None, None),
        METHOD,
        notes=(f"A step could not be counted ({type(error).__name__}: {error!s:.200}).",),
    )


def _devices(compiled: Any) -> tuple[int, int]:
    """Return how many devices of this process the step runs on, and how many of all."""
    import jax

    found: set[Any] = set()
    shardings = (compiled.input_shardings, compiled.output_shardings)
    for sharding in jax.tree_util.tree_leaves(shardings):
        found |= set(getattr(sharding, "device_set", ()))
    here = jax.process_index()
    local = sum(device.process_index == here for device in found)
    return (local, len(found)) if local else (1, max(1, len(found)))


def _part(amount: int | None, part: Fraction) -> int | None:
    held = None if amount is None else amount * part
    return int(held) if held is not None and held.denominator == 1 else None


def _xla_figure(compiled: Any) -> int | None:
    """Return XLA's own figure for one device, None where the backend has none."""
    try:
        found = compiled.cost_analysis()
    except Exception:  # not every backend has one
        return None
    found = found[0] if isinstance(found, list) and found else found
    flops = found.get("flops") if isinstance(found, dict) else None
    return int(flops) if flops is not None and flops >= 0 else None


def _at_least(executed: Bounds, model: Bounds) -> Bounds:
    """Widen the executed figure up to the model's, where the compiler shows fewer products.

    It has joined equal ones, or turned small ones into element-by-element arithmetic; the second
    is work all the same, so that the best value is the model's.
    """
    if executed.best is None or model.best is None or executed.best >= model.best:
        return executed
    high = None if executed.high is None or model.high is None else max(executed.high, model.high)
    return Bounds(executed.low, model.best, high)


def _notes(needed: Work, executed: Work, model: Bounds, local: int, xla: int | None) -> list[str]:
    notes = []
    if executed.all.best is not None and (model.best or 0) > executed.all.best:
        notes.append(
            f"The compiled step shows {executed.all.best} operations as products, fewer than the "
            f"{model.best} of the traced one: the compiler joined equal products or turned small "
            "ones into other arithmetic. The executed figure lies between the two."
        )
    if xla is not None:
        rest = xla - executed.once
        notes.append(
            f"XLA's own cost analysis gives {xla} for one device, every loop taken once; "
            f"{executed.once} of it are products and convolutions, which alone are counted here."
        )
        if rest < -max(16, xla // 1000):
            notes.append("The text of the compiled step shows more products than XLA's figure.")
    if local > 1:
        notes.append(f"The step runs on {local} devices of this process; all are in its figure.")
    if needed.repeated.high:
        notes.append(
            f"Rematerialisation is traced as {needed.repeated.low} operations over all devices; "
            "the executed figure holds what of it the compiler kept."
        )
    return notes
