"""The level of a run's pace, and how fast it wanders: simple exponential smoothing.

The pace may stay what it was on average, or drift: of the models with smoothing 0 to 1 the one with
the least Akaike information criterion is taken, as R. J. Hyndman, A. B. Koehler, R. D. Snyder and
S. Grose do in "A state space framework for automatic forecasting using exponential smoothing
methods", International Journal of Forecasting 18 (2002), 439-454 (model A,N,N); corrected for short
series after C. M. Hurvich and C.-L. Tsai, "Regression and time series model selection in small
samples", Biometrika 76 (1989), 297-307. What it leaves unexplained is resampled, not taken for
normal: interruptions are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from declarant.compute.forecast.history import History

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STEPS = 40  # values of smoothing tried beside 0, from 0.002 to 1 in even ratios
_LEAST = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """The pace at the end of a history.

    Attributes:
        level: work by second to go on from.
        smoothing: share of each surprise that stays, 0 (none: the mean) to 1 (all of it).
        surprises: shape (n,), work of each interval less what the level before it foretold.
    """

    level: float
    smoothing: float
    surprises: NDArray[np.float64]


def pace_of(history: History) -> Pace:
    """Return the pace at the end of `history`."""
    import numpy as np

    seconds, kept = history.seconds, history.kept
    usual = float(seconds.mean())
    smoothing = np.concatenate([[0.0], np.geomspace(_LEAST, 1, _STEPS)])
    # level after i intervals = fixed + slope x first level; surprises are affine in it as well
    fixed, slope = np.zeros_like(smoothing), np.ones_like(smoothing)
    without = np.empty((len(seconds), len(smoothing)))
    along = np.empty_like(without)
    for index, (length, work) in enumerate(zip(seconds, kept, strict=True)):
        without[index] = work - fixed * length
        along[index] = slope * length
        fixed = fixed + smoothing * without[index] / usual
        slope = slope - smoothing * along[index] / usual
    weight = (1 / seconds)[:, None]  # a surprise's variance grows with the interval's length
    first = (without * along * weight).sum(0) / (along**2 * weight).sum(0)
    surprises = without - along * first
    squares = np.maximum((surprises**2 * weight).sum(0), 1e-300)
    number = len(seconds)
    price = np.where(smoothing > 0, _price(3, number), _price(2, number))
    criterion = number * np.log(squares) + price
    chosen = int(np.argmin(criterion))
    if squares[0] <= 1e-18 * float((kept**2 * weight[:, 0]).sum()):
        chosen = 0  # a steady pace, but for rounding
    return Pace(
        float(fixed[chosen] + slope[chosen] * first[chosen]),
        float(smoothing[chosen]),
        surprises[:, chosen],
    )


def _price(parameters: int, number: int) -> float:
    """Return what the corrected criterion asks for parameters: level, variance, smoothing."""
    return 2 * parameters + 2 * parameters * (parameters + 1) / max(number - parameters - 1, 1)
