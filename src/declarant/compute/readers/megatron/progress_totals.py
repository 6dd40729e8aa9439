"""The trainer's running total, converted to model and executed operations."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from declarant.compute.architecture import Recompute, estimate
from declarant.compute.readers.megatron.convention import (
    CORE_UNKNOWN,
    HALF_UNKNOWN,
    HALVED_ON,
    RECOMPUTED_UNKNOWN,
)
from declarant.compute.readers.registry import Given
from declarant.problems import BadInput
from declarant.quantities import Interval

_NEAR = Fraction(3, 1000)


def rounded(amount: tuple[Fraction, Fraction] | None) -> Interval | None:
    """Return an amount as wide as it is rounded."""
    if amount is None:
        return None
    best, half = amount
    return Interval.between(
        max(Fraction(0), best - half), best + half, best, "totals in the file have three digits"
    )


def attention(
    printed: Interval, tokens: Interval | None, moment: datetime | None, given: Given
) -> tuple[str, Fraction | None]:
    """Return how the total counts attention ("full", "half", "unknown"), and half the core.

    In full until 6 March 2025; where the configuration is given, the total itself may show it.
    """
    dated = "full" if moment is not None and moment.date() < HALVED_ON else "unknown"
    if given.architecture is None or tokens is None or not tokens.best:
        return dated, None
    try:
        closed = estimate(
            given.architecture, round(tokens.best), sequence_length=given.sequence_length
        )
    except BadInput:
        return dated, None
    best, high = closed.model_operations.best, closed.model_operations.high
    if best is None or high is None:
        return dated, None
    core = high * Fraction(200, 201) - best  # without the 0.5 % that is not counted
    if core <= 0 or printed.best is None or printed.high is None:
        return dated, None
    off = _NEAR + (printed.high - printed.low) / printed.best if printed.best else _NEAR
    fits = [
        name
        for name, wanted in (("half", best), ("full", best + core))
        if abs(printed.best / wanted - 1) <= off
    ]
    return (fits[0] if len(fits) == 1 else dated), core


def converted(
    printed: Interval | None,
    tokens: Interval | None,
    moment: datetime | None,
    given: Given,
    upper: bool = False,
) -> tuple[Interval | None, Interval | None]:
    """Return model operations (attention halved) and executed ones of a printed amount.

    With `upper` the amount is a bound from zero, and stays one.
    """
    if printed is None:
        return None, None
    model = printed if upper else _halved(printed, tokens, moment, given)
    if given.recompute is Recompute.NONE:
        return model, model
    high = None if model.high is None else model.high * Fraction(4, 3)
    why = (
        "one more forward pass of the layers, without the output head"
        if given.recompute is Recompute.FULL
        else RECOMPUTED_UNKNOWN
    )
    return model, Interval.between(model.low, high, None, f"{model.reason}; {why}")


def _halved(
    printed: Interval, tokens: Interval | None, moment: datetime | None, given: Given
) -> Interval:
    how, core = attention(printed, tokens, moment, given)
    if how == "half":
        return printed
    if core is None or printed.best is None or core > printed.low:
        why = CORE_UNKNOWN.replace("the log does not print the model's arguments", "give the model")
        unknown = "" if how == "full" else f"{HALF_UNKNOWN}; "
        return Interval.between(printed.low / 2, printed.high, None, f"{unknown}{why}")
    low = printed.low - core
    if how == "full":
        high = None if printed.high is None else printed.high - core
        return Interval.between(low, high, printed.best - core, printed.reason)
    return Interval.between(low, printed.high, None, f"{HALF_UNKNOWN}; {printed.reason}")
