"""How much a run's scalars say was done: steps, samples, tokens, operations, kept and lost."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from declarant.compute.readers.registry import Given
from declarant.compute.readers.stores.run_scalars import Rated, RunScalars
from declarant.compute.readers.stores.scalar_track import Track
from declarant.compute.readers.stores.tags import (
    DEVICES,
    GLOBAL_BATCH,
    SEQUENCE_LENGTH,
    WITHOUT_ATTENTION,
    Quantity,
    parameter,
)
from declarant.quantities import Interval

_BITS = 24  # of the mantissa of a 32-bit float


@dataclass(slots=True)
class Amounts:
    """What was kept, and by how much lost steps add to it.

    Attributes:
        steps: optimizer steps kept.
        lost: steps taken twice: at least, likely, at most.
        samples, tokens, model_operations, executed_operations: of the kept steps.
        tokens_by_samples: where a counter of tokens stands beside samples x sequence length.
        devices: how many, from the run or given.
        formulas: how each was worked out.
        conventions: what figures of operations hold.
        needs: what was missing for a figure: "devices", "sequence length".
        dropped: names of counters that fall more often than they rise.
    """

    steps: int = 0
    lost: tuple[int, int, int] = (0, 0, 0)
    samples: Interval | None = None
    tokens: Interval | None = None
    tokens_by_samples: Interval | None = None
    model_operations: Interval | None = None
    executed_operations: Interval | None = None
    devices: int | None = None
    formulas: list[str] = field(default_factory=list)
    conventions: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def of_lost(self, kept: Interval | None) -> Interval | None:
        """Return the amount that the lost steps used, at the mean of the kept ones."""
        if kept is None or kept.best is None or not self.steps:
            return None
        low, best, high = (Fraction(steps, self.steps) * kept.best for steps in self.lost)
        return Interval.between(low, high, best, "lost steps at the mean of the kept ones")


def amounts_of(run: RunScalars, given: Given) -> Amounts | None:
    """Work out what a run did; None when nothing was logged at any step."""
    axis = run.axis()
    if axis is None:
        return None
    made = Amounts(axis.steps, axis.lost())
    made.formulas.append(f"{made.steps:,} steps by {axis.name[:80]}")
    found = run.of(Quantity.DEVICES)
    logged = int(found[1].greatest) if found else 0
    made.devices = logged or parameter(run.parameters, DEVICES) or given.devices
    length = parameter(run.parameters, SEQUENCE_LENGTH) or given.sequence_length
    _count_samples(run, made)
    _count_tokens(run, made, length)
    _count_operations(run, made)
    return made


def _count_samples(run: RunScalars, made: Amounts) -> None:
    counter = _counter(run, Quantity.SAMPLES, made)
    if counter is not None:
        made.samples = _reached(counter, run.narrow)
        made.formulas.append(f"samples by {counter.name[:80]}")
        return
    in_a_step = run.of(Quantity.STEP_SAMPLES)
    if in_a_step is not None:
        made.samples = _kept(Fraction(in_a_step[1].integral), made)
        made.formulas.append(f"samples by {in_a_step[1].name[:80]} x steps")
        return
    batch = parameter(run.parameters, GLOBAL_BATCH)
    if batch is not None:
        made.samples = Interval.exactly(batch * made.steps)
        made.formulas.append(f"samples by a global batch of {batch:,} x steps")


def _count_tokens(run: RunScalars, made: Amounts, length: int | None) -> None:
    if made.samples is not None and length is not None:
        made.tokens_by_samples = made.samples * length
    counter = _counter(run, Quantity.TOKENS, made)
    if counter is not None and counter.greatest > 0:
        made.tokens = _reached(counter, run.narrow)
        made.formulas.append(f"tokens by {counter.name[:80]}")
        return
    in_a_step = run.of(Quantity.DEVICE_STEP_TOKENS)
    if in_a_step is not None:
        if made.devices is None:
            made.needs.append("devices")
        else:
            made.tokens = _kept(Fraction(in_a_step[1].integral) * made.devices, made)
            made.formulas.append(f"tokens by {in_a_step[1].name[:80]} x {made.devices:,} devices")
            return
    if made.tokens_by_samples is not None:
        made.tokens, made.tokens_by_samples = made.tokens_by_samples, None
        made.formulas.append(f"tokens by samples x {length:,}")
    elif made.samples is not None:
        made.needs.append("sequence length")


def _count_operations(run: RunScalars, made: Amounts) -> None:
    counter = _counter(run, Quantity.OPERATIONS, made)
    if counter is not None and counter.greatest > 0:
        made.model_operations = _reached(counter, run.narrow)
        made.formulas.append(f"operations by {counter.name[:80]}")
        made.conventions.append(run.tags[counter.name].convention)
    for name, rated in run.rated.items():
        is_executed = rated.tag.quantity is Quantity.EXECUTED_DEVICE_RATE
        if not is_executed and made.model_operations is not None:
            continue
        devices = 1 if rated.tag.quantity is Quantity.RATE else made.devices
        if devices is None:
            if "devices" not in made.needs:
                made.needs.append("devices")
            continue
        amount = _rated(rated, devices, made)
        if is_executed:
            made.executed_operations = amount
        else:
            made.model_operations = amount
        made.conventions.append(rated.tag.convention)
        by = "" if rated.tag.quantity is Quantity.RATE else f" x {devices:,} devices"
        made.formulas.append(f"operations by {name[:80]} x seconds of a step x steps{by}")


def _counter(run: RunScalars, quantity: Quantity, made: Amounts) -> Track | None:
    found = run.of(quantity)
    if found is None:
        return None
    if not found[1].is_counter:
        made.dropped.append(found[1].name)
        return None
    return found[1]


def _reached(counter: Track, is_narrow: bool) -> Interval:
    value = Fraction(counter.carried) + Fraction(counter.last_value)
    if not is_narrow or value < 2**_BITS:
        return Interval.exactly(value)
    half = value / 2**_BITS
    return Interval.between(
        value - half, value + half, value, "written as a 32-bit float, right to 24 bits"
    )


def _rated(rated: Rated, devices: int, made: Amounts) -> Interval:
    """Return rate x seconds x steps of the kept steps; steps without a rate widen it."""
    every = made.steps + made.lost[1]
    amount = Fraction(rated.amount) * devices
    if rated.steps >= every:
        return _kept(amount, made)
    reason = f"{rated.steps:,} of {every:,} steps have a rate"
    whole = amount * every / max(rated.steps, 1)
    share = Fraction(made.steps, max(every, 1))
    return Interval.between(amount * share, whole * share, whole * share, reason)


def _kept(amount: Fraction, made: Amounts) -> Interval:
    """Take the share of the lost steps off a sum over every step that was taken."""
    every = made.steps + made.lost[1]
    if not made.lost[1] or not every:
        return Interval.exactly(amount)
    low, high = (
        amount * made.steps / max(made.steps + lost, 1) for lost in (made.lost[2], made.lost[0])
    )
    best = amount * made.steps / every
    return Interval.between(min(low, best), max(high, best), best, "less the lost steps")


UNSETTLED = (
    "whether the trainer counts attention in full or halved, and recomputation, is not written here"
)


def by_convention(amount: Interval | None, conventions: Iterable[str]) -> Interval | None:
    """Return what a trainer's figure proves of the model operations.

    Half of it to all of it: attention in full may be up to half of the figure. A figure without
    attention, by parameters that a token may not pass through, bounds nothing: None.
    """
    if amount is None or WITHOUT_ATTENTION in conventions:
        return None
    return Interval.between(amount.low / 2, amount.high, None, UNSETTLED)


def whole(interval: Interval | None) -> int:
    """Return the likely amount as a whole number, 0 when it is not known; for messages."""
    return 0 if interval is None or interval.best is None else math.floor(interval.best)
