"""An amount that is known within bounds, and its comparison with a limit of the law.

Amounts are non-negative rationals, so that no comparison ever depends on rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Comparison(StrEnum):
    """Where an amount lies with respect to a limit that must be exceeded (strictly)."""

    ABOVE = "above"
    BELOW = "below"  # below or equal: the limit is not exceeded
    STRADDLES = "straddles"


@dataclass(frozen=True, slots=True)
class Interval:
    """The truth lies in [low, high]; `best` is the likeliest value.

    `best` is None when nobody can say; `high` is None when no upper bound is known. Neither is
    ever filled in with a default. `reason` says where the width comes from.

    Raises:
        ValueError: when the bounds are negative or out of order.
    """

    low: Fraction
    best: Fraction | None
    high: Fraction | None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.low < 0:
            raise ValueError(f"an amount cannot be negative: {self.low}")
        if self.high is not None and self.high < self.low:
            raise ValueError(f"upper bound {self.high} lies below lower bound {self.low}")
        if self.best is not None and (
            self.best < self.low or (self.high is not None and self.best > self.high)
        ):
            raise ValueError(f"best value {self.best} lies outside [{self.low}, {self.high}]")

    @classmethod
    def exactly(cls, amount: int | Fraction, reason: str = "") -> Interval:
        """Return the interval that holds one value."""
        value = Fraction(amount)
        return cls(value, value, value, reason)

    @classmethod
    def between(
        cls,
        low: int | Fraction,
        high: int | Fraction | None,
        best: int | Fraction | None = None,
        reason: str = "",
    ) -> Interval:
        """Return [low, high] with an optional best value; `high=None` means no bound is known."""
        return cls(
            Fraction(low),
            None if best is None else Fraction(best),
            None if high is None else Fraction(high),
            reason,
        )

    @classmethod
    def at_least(cls, low: int | Fraction, reason: str = "") -> Interval:
        """Return the interval without an upper bound, from `low`."""
        return cls(Fraction(low), None, None, reason)

    @classmethod
    def total(cls, parts: Iterable[Interval]) -> Interval:
        """Return the sum of all parts; zero when there are none."""
        total = cls.exactly(0)
        for part in parts:
            total = total + part
        return total

    @classmethod
    def hull(cls, parts: Iterable[Interval], reason: str = "") -> Interval:
        """Return the smallest interval that holds every part; its best value is unknown.

        Raises:
            ValueError: when there are no parts.
        """
        held = tuple(parts)
        if not held:
            raise ValueError("the hull of no interval is not defined")
        highs = [part.high for part in held if part.high is not None]
        high = max(highs) if len(highs) == len(held) else None
        low = min(part.low for part in held)
        best = held[0].best if all(part.best == held[0].best for part in held) else None
        return cls(low, best, high, reason or _joined(part.reason for part in held))

    @property
    def is_exact(self) -> bool:
        """Whether the interval holds one value only."""
        return self.low == self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.low + other.low,
            None if self.best is None or other.best is None else self.best + other.best,
            None if self.high is None or other.high is None else self.high + other.high,
            _joined((self.reason, other.reason)),
        )

    def __mul__(self, factor: int | Fraction | Interval) -> Interval:
        by = factor if isinstance(factor, Interval) else Interval.exactly(factor)
        if self.high == 0 or by.high == 0:  # zero times an unknown bound is still zero
            return Interval.exactly(0, _joined((self.reason, by.reason)))
        return Interval(
            self.low * by.low,
            None if self.best is None or by.best is None else self.best * by.best,
            None if self.high is None or by.high is None else self.high * by.high,
            _joined((self.reason, by.reason)),
        )

    __rmul__ = __mul__

    def because(self, reason: str) -> Interval:
        """Return the same amounts with `reason` in place of the former one."""
        return Interval(self.low, self.best, self.high, reason)

    def compared_with(self, limit: int | Fraction) -> Comparison:
        """Compare strictly: ABOVE only when even the lower bound exceeds the limit."""
        if self.low > limit:
            return Comparison.ABOVE
        if self.high is not None and self.high <= limit:
            return Comparison.BELOW
        return Comparison.STRADDLES

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        reaches_up = self.high is None or other.low <= self.high
        reaches_down = other.high is None or self.low <= other.high
        return reaches_up and reaches_down

    def as_json(self) -> dict[str, str | None]:
        """Return integers as decimal strings, rounded outwards (best: to the nearest, half even).

        An unknown best value or upper bound is null.
        """
        return {
            "low": str(math.floor(self.low)),
            "best": None if self.best is None else str(round(self.best)),
            "high": None if self.high is None else str(math.ceil(self.high)),
        }


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))
