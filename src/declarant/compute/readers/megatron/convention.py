"""What the throughput in a Megatron-LM log counts, and the operations that follow from it.

- `num_floating_point_operations` (Megatron-LM, `throughput per GPU`) counts model operations, no
  recomputation. It counted the attention core in full until the change of 6 March 2025, and half
  of it (causal) since. A log does not name its version, but a line from before that day is of the
  earlier one, and for dense models whose arguments are printed the arithmetic of a line shows it.
- `TFLOPs:` of Megatron-DeepSpeed (BigScience) counts attention in full, and a fourth forward pass
  of the layers where activations were computed again: Narayanan et al. 2021, arXiv:2104.04473,
  section 5.1.

Figures here take half the core (causal attention), as `declarant estimate` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from declarant.compute.readers.megatron.lines import RECOMPUTING, TOTAL, IterationLine
from declarant.compute.readers.megatron.settings import Settings
from declarant.compute.readers.megatron.stretches import Stretch
from declarant.compute.recording import added
from declarant.quantities import Interval

HALVED_ON = date(2025, 3, 6)
_CLEAR = Fraction(15, 1000)
"""The two formulas must differ by so much for the arithmetic to tell them apart."""
_NEAR = Fraction(3, 1000)
"""A figure is of a formula that it meets within this share and its own rounding."""

HALF_UNKNOWN = (
    "whether the trainer's figure counts attention in full or halved is not known (changed on "
    "2025-03-06)"
)
CORE_UNKNOWN = "the share of attention is not known: the log does not print the model's arguments"
RECOMPUTED_UNKNOWN = "whether activations were recomputed is not known"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Work of some stretches. What is not known is None."""

    steps: int
    samples: Interval | None
    tokens: Interval | None
    model: Interval | None
    executed: Interval | None
    device_seconds: Interval | None
    printed: int


def recognised(settings: Settings, line: IterationLine, day: str) -> Settings:
    """Return the settings with the convention of a line's throughput, as far as it shows.

    `day` is the line's date (YYYY-MM-DD), "" unknown.
    """
    kind = line.kind
    if line.kind == RECOMPUTING:
        return settings.of_line("full", kind)
    attention = "full" if day and day < HALVED_ON.isoformat() else "unknown"
    by_sums, is_total = _by_arithmetic(settings, line)
    if is_total:
        kind = TOTAL
    return settings.of_line(by_sums or attention, kind)


def _by_arithmetic(settings: Settings, line: IterationLine) -> tuple[str | None, bool]:
    """Return "full" or "half" when a line fits one formula only; whether it is of all devices."""
    batch = line.batch or settings.batch
    full, core = settings.printed_full, settings.half_core
    if not (full and core and batch and line.throughput and line.microseconds):
        return None, False
    half = full - core * (settings.sequence_length or 0)
    if half <= 0 or full / half - 1 < _CLEAR:
        return None, False
    rounding = Fraction(line.throughput_off, line.throughput)
    rounding += Fraction(line.microseconds_off, line.microseconds)
    done = Fraction(line.throughput * line.microseconds * 1000, batch)
    ways = [(done, True)] if line.kind == TOTAL else [(done * (settings.devices or 1), False)]
    if line.kind != TOTAL and (settings.devices or 1) > 1:
        ways.append((done, True))
    for amount, is_total in ways:
        fits = [
            name
            for name, wanted in (("full", full), ("half", half))
            if abs(amount / wanted - 1) <= _NEAR + rounding
        ]
        if len(fits) == 1:
            return fits[0], is_total
    return None, False


def amounts(stretches: Iterable[Stretch]) -> Amounts:
    """Return the work of stretches, each by the convention of its settings."""
    groups: dict[int, Stretch] = {}  # by identity: a start of the trainer makes its settings once
    for stretch in stretches:
        held = groups.get(id(stretch.settings))
        if held is None:
            held = groups[id(stretch.settings)] = Stretch(stretch.settings, 1, 0)
        held.join(stretch)
    parts = [_of_group(stretch.settings, stretch) for stretch in groups.values()]
    return Amounts(
        sum(part.steps for part in parts),
        added(part.samples for part in parts),
        added(part.tokens for part in parts),
        added(part.model for part in parts),
        added(part.executed for part in parts),
        added(part.device_seconds for part in parts),
        sum(part.printed for part in parts),
    )


def _of_group(settings: Settings, work: Stretch) -> Amounts:
    known = work.batches == work.steps
    samples = Interval.exactly(work.samples) if known else None
    length = settings.sequence_length
    tokens = samples * length if samples is not None and length else None
    model = executed = None
    has_scale = bool(settings.devices) or settings.kind == TOTAL
    if has_scale and work.figured:
        model, executed = _operations(settings, work, length)
        if work.figured < work.steps:
            model = Interval.at_least(model.low, "some lines print no throughput")
            executed = Interval.at_least(executed.low, "some lines print no throughput")
    seconds = None
    if settings.devices:
        seconds = Interval.exactly(Fraction(work.duration, 10**6) * settings.devices)
    return Amounts(work.steps, samples, tokens, model, executed, seconds, work.operations)


def _operations(settings: Settings, work: Stretch, length: int | None) -> tuple[Interval, Interval]:
    """Return model and executed operations of work whose figures are printed."""
    printed = Interval.between(
        max(0, work.operations - work.slack),
        work.operations + work.slack,
        work.operations,
        "figures in the log are rounded",
    )
    core = head = None
    if length and work.batches == work.steps:
        tokens = work.samples * length
        core = None if settings.half_core is None else settings.half_core * tokens
        head = None if settings.head is None else settings.head * tokens
    if settings.kind == RECOMPUTING:
        return _with_recomputation(settings.recompute, printed, core, head)
    model = _halved(settings.attention, printed, core, Fraction(1))
    return model, _executed(settings.recompute, model, head)


def _halved(attention: str, printed: Interval, core: int | None, passes: Fraction) -> Interval:
    """Take off half the core where the figure holds all of it; `passes` in units of training."""
    if attention == "half":
        return printed
    less = _less(printed, core, passes)
    if attention == "full":
        return less
    return Interval.between(less.low, printed.high, None, f"{HALF_UNKNOWN}; {printed.reason}")


def _less(printed: Interval, core: int | None, passes: Fraction) -> Interval:
    if core is None:
        return Interval.between(printed.low / 2, printed.high, None, CORE_UNKNOWN)
    off = core * passes
    if printed.best is None or off * 2 > printed.best:  # the arguments are not of this work
        return Interval.between(printed.low / 2, printed.high, None, CORE_UNKNOWN)
    high = printed.high if printed.high is None else printed.high - off
    return Interval.between(
        max(Fraction(0), printed.low - off), high, printed.best - off, printed.reason
    )


def _executed(recompute: str, model: Interval, head: int | None) -> Interval:
    if recompute == "none":
        return model
    if recompute == "full":
        once = min(Fraction(head or 0), model.low) if head is not None else None
        if once is None:
            return Interval.between(
                model.low,
                None if model.high is None else model.high * Fraction(4, 3),
                None,
                f"{model.reason}; one more forward pass of the layers, without the output head",
            )
        return Interval.between(
            model.low + (model.low - once) / 3,
            None if model.high is None else model.high + (model.high - once) / 3,
            None if model.best is None else model.best + (model.best - once) / 3,
            f"{model.reason}; one more forward pass of the layers",
        )
    why = (
        "recomputation is selective: under one more forward pass"
        if recompute == "selective"
        else RECOMPUTED_UNKNOWN
    )
    high = None if model.high is None else model.high * Fraction(4, 3)
    return Interval.between(model.low, high, None, f"{model.reason}; {why}")


def _with_recomputation(
    recompute: str, printed: Interval, core: int | None, head: int | None
) -> tuple[Interval, Interval]:
    """Convert a BigScience figure: three passes of four are the model's, the head has three."""
    if recompute == "none":
        model = _less(printed, core, Fraction(1))
        return model, model
    share = Fraction(1, 4)
    if head is None or head > printed.low:
        again = Interval.between(
            0, (printed.high or printed.low) * share, None, "the share of the output head"
        )
    else:
        again = Interval.between(
            (printed.low - head) * share,
            ((printed.high or printed.low) - head) * share,
            None if printed.best is None else (printed.best - head) * share,
            "",
        )
    without = Interval.between(
        max(Fraction(0), printed.low - (again.high or 0)),
        None if printed.high is None else printed.high - again.low,
        None if printed.best is None or again.best is None else printed.best - again.best,
        printed.reason,
    )
    model = _less(without, core, Fraction(1)) if without.best else _wide(without, core)
    if recompute == "full":
        return model, _less(printed, core, Fraction(4, 3))
    whole = _less(printed, core, Fraction(1))
    either = Interval.between(model.low, whole.high, None, RECOMPUTED_UNKNOWN)
    return either, Interval.between(either.low, whole.high, None, RECOMPUTED_UNKNOWN)


def _wide(amount: Interval, core: int | None) -> Interval:
    low = amount.low / 2 if core is None else max(Fraction(0), amount.low - core)
    return Interval.between(low, amount.high, None, amount.reason)
