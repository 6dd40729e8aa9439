"""Exact sums of rates over many rows: counts are integers, rates rationals, none is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

_EXACT_IN_FLOAT = 2**53


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums in whole multiples of `unit`; shape (groups,)."""

    multiples: NDArray[np.int64]
    unit: Fraction

    def of(self, number: int) -> Fraction:
        """Return the sum of one group."""
        return int(self.multiples[number]) * self.unit


def totals(
    rates: Sequence[Fraction],
    kind: NDArray[np.int64],
    count: NDArray[np.int64],
    group: NDArray[np.int64],
    groups: int,
) -> Totals:
    """Return, for each group, the sum of `rates[kind] * count` over its rows.

    A count below zero (unknown) adds nothing.
    """
    below = lcm(*(rate.denominator for rate in rates)) if rates else 1
    scaled = [int(rate * below) for rate in rates]
    step = gcd(*scaled) or 1
    known = count.clip(min=0)
    small = [value // step for value in scaled]
    if max(small, default=0) * int(known.sum()) >= _EXACT_IN_FLOAT:
        return Totals(_one_by_one(small, kind, known, group, groups), Fraction(step, below))
    value = np.array([*small, 0], np.int64)[kind] * known
    sums = np.bincount(group, value, groups) if len(group) else np.zeros(groups)
    return Totals(sums.astype(np.int64), Fraction(step, below))


def _one_by_one(
    rates: Sequence[int],
    kind: NDArray[np.int64],
    count: NDArray[np.int64],
    group: NDArray[np.int64],
    groups: int,
) -> NDArray[np.int64]:
    """Add up in integers of any length: rates that share no round unit, or absurd counts."""
    sums = np.zeros(groups, object)
    for number, which, many in zip(group.tolist(), kind.tolist(), count.tolist(), strict=True):
        sums[number] += rates[which] * many
    return sums
