"""Step counts put together: a forward pass and its backward pass, several passes, a hull."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from declarant.compute.tracker.step_count import Bounds, StepCount, UncountedKernel

VARIES = (
    "The operations vary with the data or with settings changed on the way: {} counts of this step "
    "lay between {} and {} executed operations; steps between those are taken to."
)


def added(counts: Sequence[StepCount], *, passes: Iterable[StepCount] = ()) -> StepCount:
    """Return the sum. Samples and tokens are those of `counts`; `passes` add operations only."""
    extra = tuple(passes)
    every = (*counts, *extra)
    kernels: Counter[str] = Counter()
    formats: Counter[str] = Counter()
    notes: dict[str, None] = {}
    for one in every:
        kernels.update(one.by_kernel)
        formats.update(one.by_format)
        notes.update(dict.fromkeys(one.notes))
    return StepCount(
        model=_total(one.model for one in every),
        executed=_total(one.executed for one in every),
        method=every[0].method,
        by_kernel=dict(kernels),
        by_format=dict(formats),
        uncounted=_uncounted(item for one in every for item in one.uncounted),
        samples=_sum_known([one.samples for one in counts]),
        tokens=_sum_known([one.tokens for one in counts]),
        notes=tuple(notes),
    )


def hull(counts: Sequence[StepCount]) -> StepCount:
    """Return one count for steps that differ: from the least to the most, best their mean."""
    last = counts[-1]
    executed = [one.executed for one in counts]
    shown = min(one.low for one in executed), max(one.high or one.low for one in executed)
    return StepCount(
        model=_hull([one.model for one in counts]),
        executed=_hull(executed),
        method=last.method,
        by_kernel=last.by_kernel,
        by_format=last.by_format,
        uncounted=last.uncounted,
        samples=last.samples,
        tokens=last.tokens,
        notes=(*last.notes, VARIES.format(len(counts), *(f"{amount:.3e}" for amount in shown))),
    )


def same_operations(one: StepCount, other: StepCount) -> bool:
    """Whether two counts hold the same operations."""
    return one.model == other.model and one.executed == other.executed


def _total(parts: Iterable[Bounds]) -> Bounds:
    total = Bounds.exactly(0)
    for part in parts:
        total = total + part
    return total


def _hull(parts: Sequence[Bounds]) -> Bounds:
    bests = [part.best for part in parts if part.best is not None]
    highs = [part.high for part in parts if part.high is not None]
    return Bounds(
        min(part.low for part in parts),
        sum(bests) // len(bests) if len(bests) == len(parts) else None,
        max(highs) if len(highs) == len(parts) else None,
    )


def _sum_known(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if amounts and len(known) == len(amounts) else None


def _uncounted(items: Iterable[UncountedKernel]) -> tuple[UncountedKernel, ...]:
    held: dict[tuple[str, str], UncountedKernel] = {}
    for item in items:
        known = held.get((item.name, item.why))
        held[item.name, item.why] = (
            item
            if known is None
            else UncountedKernel(
                item.name, known.calls + item.calls, known.bounds + item.bounds, item.why
            )
        )
    return tuple(held.values())
