"""The set of machines with the highest peak, and the peak's bounds where something is not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.census import Census
from declarant.clusters.holdings import Holdings
from declarant.clusters.totals import totals
from declarant.clusters.upper_bound import highest_possible
from declarant.quantities import FormatClass, Interval


@dataclass(frozen=True, slots=True)
class Largest:
    """The set with the highest known peak.

    Attributes:
        number: the set, among those that are known to hang together; -1 when no machine counts.
        peak: low of what is known to hang together; high of what may.
        rows: of the holdings, that are in the set.
    """

    number: int
    peak: Interval
    rows: NDArray[np.int64]


def largest_set(census: Census, formats: FormatClass, devices: str) -> Largest:
    """Return the set with the highest known peak under a reading of formats and devices.

    Of equal sets the one with more machines is taken, then the one with more switches.
    """
    held, known = census.holdings, census.known
    peaks = [kind.peak(formats, devices) for kind in held.kinds]
    number, inside = -1, np.empty(0, np.int64)
    if len(known.member):
        rows, placed = census.known_rows
        low = [peak.low for peak in peaks]
        lows = totals(low, held.kind[rows], held.count[rows], placed, known.size)
        order = np.lexsort((known.switches, known.machines, lows.multiples))
        number = int(order[known.machines[order] > 0][-1])
        inside = rows[placed == number]
    exact = _peak_of(held, inside, peaks)
    bound = highest_possible(census, formats, devices)
    high = None if bound.high is None else max(bound.high, exact.low)
    settled = census.known is census.possible and bound.settled
    best = exact.best if settled or exact.low == high else None
    return Largest(number, Interval(exact.low, best, high, bound.reason), inside)


def _peak_of(held: Holdings, rows: NDArray[np.int64], peaks: list[Interval]) -> Interval:
    """Return the peak of these rows; one whose count is unknown adds from nothing up."""
    parts = [peaks[kind] * count for kind, count in held.counted(rows).items()]
    if (held.count[rows] < 0).any():
        parts.append(Interval.at_least(0))
    return Interval.total(parts)
