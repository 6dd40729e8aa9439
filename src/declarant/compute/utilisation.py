"""Which share of the dense peak a run used: measured on earlier runs, or as published runs did.

*Model* utilisation relates model operations to the peak (MFU), as in Chowdhery et al. 2022,
arXiv:2204.02311, appendix B. It is never a constant: a constant 50 % misses most published runs by
more than 30 %.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from declarant.quantities import Interval

PUBLISHED = Interval.between(
    Fraction(22, 100),
    Fraction(48, 100),
    Fraction(32, 100),
    "utilisation over whole runs lay between 0.22 and 0.48, median 0.32, in 29 published runs",
)
"""Model operations over peak x billed time, where both were published."""


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """An earlier run whose operations were counted in another way than by chip time.

    `capacity` is devices x seconds x peak (operations).
    """

    run: str
    model_operations: Interval
    capacity: Interval


def calibrated(runs: Iterable[FinishedRun]) -> Interval | None:
    """Return the model utilisation of earlier runs: least to greatest, best the median.

    None when no run can tell. One run gives its own bounds. A run that would have used more than
    its devices can do is left out, as one of its figures is wrong; no run reaches beyond 1.
    """
    reached = [item for item in (_reached(run) for run in runs) if item is not None]
    if not reached:
        return None
    bests = [ratio.best for _, ratio in reached if ratio.best is not None]
    names = ", ".join(name for name, _ in reached)
    return Interval.between(
        min(ratio.low for _, ratio in reached),
        max(ratio.high for _, ratio in reached if ratio.high is not None),
        Fraction(median(bests)) if len(bests) == len(reached) else None,
        f"utilisation calibrated on {names}",
    )


def _reached(run: FinishedRun) -> tuple[str, Interval] | None:
    operations, capacity = run.model_operations, run.capacity
    if operations.high is None or capacity.high is None or capacity.low == 0:
        return None
    low, high = operations.low / capacity.high, operations.high / capacity.low
    if low > 1:
        return None
    best = None
    if operations.best is not None and capacity.best:
        best = min(operations.best / capacity.best, Fraction(1))
    return run.run, Interval(low, best, min(high, Fraction(1)))
