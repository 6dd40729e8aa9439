"""Rates at the ends of many lines at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import RATE_UNIT
from declarant.clusters.infiniband.rates import LANE_RATE, WIDTHS, rate_in
from declarant.clusters.observation import UNKNOWN_RATE

_BLANK, _ONE = 1, 2
_BLANK_OR_ONE = np.zeros(256, np.uint8)
_BLANK_OR_ONE[[ord(" "), ord("\t")]] = _BLANK
_BLANK_OR_ONE[ord("1")] = _ONE
_IS_WIDTH = np.zeros(256, np.bool_)
_IS_WIDTH[list(WIDTHS)] = True
_LANES = {
    int.from_bytes(f"x{lane}".encode(), "little"): max(rate // RATE_UNIT, UNKNOWN_RATE)
    for lane, rate in (*LANE_RATE.items(), ("???", UNKNOWN_RATE))
    if len(lane) == 3
}


def read_rates(
    text: NDArray[np.uint8], after: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int16]:
    """Return the nominal rate that each line names between `after` and `end`, in `RATE_UNIT`.

    Nearly every line ends in ` 4xNDR`, so its last eight bytes decide; other lines (longer names,
    more columns behind, no rate) are read one by one, each different ending once.
    """
    words: NDArray[np.uint64] = np.ndarray(
        (max(len(text) - 7, 0),), dtype="<u8", buffer=text.data, strides=(1,)
    )
    plain = end - after >= 8  # else the eight bytes would reach into the name
    word = words[np.where(plain, end - 8, 0)]
    lane_text = (word >> np.uint64(32)).astype(np.uint32)
    lane = np.zeros(len(end), np.int16)
    for letters, rate in _LANES.items():
        lane += (lane_text == letters) * np.int16(rate)
    digit = ((word >> np.uint64(24)) & np.uint64(255)).astype(np.int16) - ord("0")
    before = _BLANK_OR_ONE[(word >> np.uint64(16)) & np.uint64(255)]
    further = _BLANK_OR_ONE[(word >> np.uint64(8)) & np.uint64(255)]
    twelve = (before == _ONE) & (further == _BLANK)
    width = digit + 10 * twelve
    known = plain & (lane != 0) & ((before == _BLANK) | twelve) & _IS_WIDTH[width & 255]
    rates = np.where(lane == UNKNOWN_RATE, UNKNOWN_RATE, width * lane).astype(np.int16)
    others = np.flatnonzero(~known)
    if len(others):
        rates[others] = _one_by_one(text, after[others], end[others])
    return rates


def _one_by_one(
    text: NDArray[np.uint8], after: NDArray[np.int64], end: NDArray[np.int64]
) -> list[int]:
    whole = text.data
    known: dict[bytes, int] = {}
    rates: list[int] = []
    for begin, stop in zip(after.tolist(), end.tolist(), strict=True):
        tail = bytes(whole[begin:stop])
        rate = known.get(tail)
        if rate is None:
            found = rate_in(tail.rpartition(b'"')[2].decode("latin-1"))
            rate = known[tail] = found if found == UNKNOWN_RATE else found // RATE_UNIT
        rates.append(rate)
    return rates
