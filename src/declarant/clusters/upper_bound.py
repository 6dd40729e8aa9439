"""The highest peak that a set may have, given what is not known.

What may be there beyond what is known:
- links of unknown speed may carry (the possible sets take them for fast);
- a device that the catalogue does not know, and a count that is not known, have no upper bound;
- so has a machine that no inventory describes, unless a person says what such machines hold;
- an adapter that names no machine may belong to one more such machine;
- a machine without any link in the evidence may be on a network that no file shows;
- where a dump is truncated, every machine of the inventories may be transitively connected.

A machine by itself is a set of one: what it holds counts, known or not, as in any larger set.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from declarant.clusters.census import Census
from declarant.clusters.totals import totals
from declarant.quantities import FormatClass


@dataclass(frozen=True, slots=True)
class Bound:
    """`high` None when there is no bound. `settled` when only rates of devices are uncertain."""

    high: Fraction | None
    settled: bool
    reason: str


def highest_possible(census: Census, formats: FormatClass, devices: str) -> Bound:
    """Return the upper bound of the peak over all sets that may hang together."""
    if census.fabric.group.vertices and not len(census.fabric.group.machines):
        return Bound(None, settled=False, reason="no machine in any file")
    held, sets, rows = census.holdings, census.possible, census.possible_rows
    peaks = [kind.peak(formats, devices) for kind in held.kinds]
    unbounded = np.array([*(peak.high is None for peak in peaks), False], np.bool_)[rows.kind]
    adds = np.array([*(peak.high != 0 for peak in peaks), False], np.bool_)[rows.kind]
    vague = rows.placed[(adds & (rows.count < 0)) | (unbounded & (rows.count > 0))]
    loose = bool(census.loose.any())
    reasons = [
        reason
        for where, reason in (
            (vague, "devices that are not known, or not counted"),
            (rows.unlisted, "machines that no inventory describes"),
            (rows.strange, "adapters and names that may be further machines"),
        )
        if len(where)
    ]
    if reasons:
        return Bound(None, settled=False, reason="; ".join(reasons))

    highs = [peak.high or Fraction(0) for peak in peaks]
    each = totals(highs, rows.kind, rows.count, rows.placed, sets.size + 1)
    high = each.of(int(each.multiples[:-1].argmax())) if sets.size else Fraction(0)
    if loose:
        high += each.of(sets.size)
        reasons.append("machines without a link in any file")
    if sets.strangers.any():
        reasons.append("adapters and names that may be further machines")
    if census.fabric.wiring.incomplete:
        reasons.append("a truncated dump")
        if not len(census.fabric.inventory.described):
            return Bound(None, settled=False, reason="; ".join(reasons))
        together = np.zeros(len(held.kind), np.int64)
        high = max(high, totals(highs, held.kind, held.count, together, 1).of(0))
    return Bound(high, settled=not reasons, reason="; ".join(reasons))
