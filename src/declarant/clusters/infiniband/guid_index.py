"""Looking up many GUIDs among many: a hash table in arrays, filled and asked in whole columns.

Two million look-ups in a sorted column cost several times more: each is twenty steps through
memory, here it is one or two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.guids import GuidTexts

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, Knuth's multiplicative hashing
_EMPTY = -1


class GuidIndex:
    """Row of each GUID in `guids`; where one stands twice, its first row.

    Attributes:
        repeated: rows of GUIDs that stand further up already.
    """

    def __init__(self, guids: GuidTexts) -> None:
        bits = max(4, (4 * max(len(guids), 1) - 1).bit_length())
        self._guids = guids
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._table = np.full(1 << bits, _EMPTY, np.int32)
        repeated = []
        pending = np.arange(len(guids), dtype=np.int32)
        slot = self._slots(guids)
        while len(pending):
            free = self._table[slot] == _EMPTY
            # written backwards, so that of several rows for one place the first stays
            self._table[slot[free][::-1]] = pending[free][::-1]
            holder = self._table[slot]
            same = ~self._differ(holder, guids.at(pending)) & (holder != pending)
            repeated.append(pending[same])
            left = (holder != pending) & ~same
            pending, slot = pending[left], (slot[left] + 1) & self._mask
        self.repeated = np.sort(np.concatenate([*repeated, np.empty(0, np.int32)]))

    def _slots(self, guids: GuidTexts) -> NDArray[np.int64]:
        mixed = guids.first * _SPREAD
        mixed ^= guids.second
        mixed *= _SPREAD
        return (mixed >> self._shift).astype(np.int64)

    def _differ(self, rows: NDArray[np.int32], guids: GuidTexts) -> NDArray[np.bool_]:
        different: NDArray[np.bool_] = self._guids.second[rows] != guids.second
        different |= self._guids.first[rows] != guids.first
        return different

    def rows(self, wanted: GuidTexts) -> NDArray[np.int32]:
        """Return the row of each GUID in `wanted`, -1 where there is none; shape (n,)."""
        slot = self._slots(wanted)
        found = self._table[slot]
        if not len(self._guids):
            return found
        pending = np.flatnonzero((found != _EMPTY) & self._differ(found, wanted))
        slot = slot[pending]
        while len(pending):
            slot = (slot + 1) & self._mask
            held = self._table[slot]
            found[pending] = held
            wrong = (held != _EMPTY) & self._differ(held, wanted.at(pending))
            pending, slot = pending[wrong], slot[wrong]
        return found
