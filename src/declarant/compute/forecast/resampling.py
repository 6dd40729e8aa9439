"""The stationary bootstrap: series drawn from a series, in blocks that keep its dependence.

D. N. Politis and J. P. Romano, "The Stationary Bootstrap", Journal of the American Statistical
Association 89 (1994), 1303-1313; the mean block length after D. N. Politis and H. White, "Automatic
Block-Length Selection for the Dependent Bootstrap", Econometric Reviews 23 (2004), 53-70, with the
correction of A. Patton, Politis and White, Econometric Reviews 28 (2009), 372-375. That estimate
misses dependence too weak for its test, such as crashes that come in clusters; so a block is never
shorter than the cube root of the series, the order P. Hall, J. L. Horowitz and B.-Y. Jing find best
for a variance ("On blocking rules for the bootstrap with dependent data", Biometrika 82 (1995),
561-574).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def draw_indices(
    generator: np.random.Generator, rows: int, among: int, length: int, block: float
) -> NDArray[np.intp]:
    """Return indices into a series of `among` values, shape (rows, length), values in order.

    A block begins anywhere, runs on around the end, and goes on with probability 1 - 1/block.
    """
    import numpy as np

    begins = generator.random((rows, length)) < 1 / block
    begins[:, 0] = True
    starts = generator.integers(0, among, (rows, length))
    position = np.arange(length)
    latest = np.maximum.accumulate(np.where(begins, position, 0), axis=1)
    drawn: NDArray[np.intp] = (
        np.take_along_axis(starts, latest, axis=1) + position - latest
    ) % among
    return drawn


def block_length(series: NDArray[np.float64]) -> float:
    """Return the mean length of a block for a series of residuals: n^(1/3) values or more."""
    import numpy as np

    number = len(series)
    centred = series - series.mean()
    variance = float((centred**2).mean())
    scale = float(np.abs(series).max()) if number else 0.0
    least: float = max(1.0, float(number) ** (1 / 3))
    if number < 4 or variance <= (1e-9 * scale) ** 2:
        return least
    quiet_for = max(5, math.ceil(math.log10(number)))
    furthest = min(math.ceil(math.sqrt(number)) + quiet_for, number - 1)
    correlation = np.array(
        [
            float((centred[lag:] * centred[: number - lag]).sum()) / number / variance
            for lag in range(furthest + 1)
        ]
    )
    band = 2 * math.sqrt(math.log10(number) / number)
    dependent = next(
        (
            lag
            for lag in range(furthest - quiet_for + 1)
            if np.all(np.abs(correlation[lag + 1 : lag + 1 + quiet_for]) < band)
        ),
        furthest,
    )
    window = min(2 * max(dependent, 1), furthest)
    lags = np.arange(-window, window + 1)
    taper = np.minimum(1, 2 * (1 - np.abs(lags) / window))
    spread = float((taper * correlation[np.abs(lags)]).sum())
    if spread <= 0:
        return least
    slope = float((taper * np.abs(lags) * correlation[np.abs(lags)]).sum())
    best = float((slope / spread) ** 2 * number) ** (1 / 3)
    longest = math.ceil(min(3 * math.sqrt(number), number / 3))
    return float(max(least, min(best, longest)))
