"""How findings of readers say what they do to a total: the amount, and its share of the whole."""

from __future__ import annotations

from fractions import Fraction

from declarant.quantities import Interval, show_interval, show_operations


def operations_of(part: Interval | Fraction | int, whole: Interval | Fraction | int | None) -> str:
    """Return words such as "3.10e20 operations (2.1 %)"; the share is of the best values.

    The share is left out when either best value is unknown or the whole is zero.
    """
    shown = show_interval(part) if isinstance(part, Interval) else show_operations(part)
    if isinstance(part, Interval) and part.best and part.high is not None:
        off = max(part.high - part.best, part.best - part.low)
        if off * 200 <= part.best:  # three digits are shown
            shown = show_operations(part.best)
    return f"{shown} operations{in_brackets(part, whole)}"


def share_of(part: Interval | Fraction | int, whole: Interval | Fraction | int | None) -> str:
    """Return "2.1 %", or "" when it cannot be said."""
    above, below = _best(part), _best(whole)
    if above is None or not below:
        return ""
    percent = 100 * Fraction(above) / Fraction(below)
    if 0 < percent < Fraction(1, 100):
        return "under 0.01 %"
    return f"{float(percent):.3g} %"


def in_brackets(part: Interval | Fraction | int, whole: Interval | Fraction | int | None) -> str:
    """Return " (2.1 %)", or "" when the share cannot be said."""
    share = share_of(part, whole)
    return f" ({share})" if share else ""


def _best(amount: Interval | Fraction | int | None) -> Fraction | None:
    if isinstance(amount, Interval):
        if amount.best is not None or amount.high is None:
            return amount.best
        return (amount.low + amount.high) / 2
    return None if amount is None else Fraction(amount)
