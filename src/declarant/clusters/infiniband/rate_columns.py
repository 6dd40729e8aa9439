"""Rates at the ends of many lines at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import RATE_UNIT
from declarant.clusters.infiniband.guids import words_of
from declarant.clusters.infiniband.rates import rate_in
from declarant.clusters.observation import UNKNOWN_RATE

MOST_ENDINGS = 16  # different ones that are taken together; the rest is read line by line
_SIX = np.uint64(16)  # shift that leaves the last six of eight bytes


def read_rates(
    text: NDArray[np.uint8], after: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int16]:
    """Return the nominal rate that each line names between `after` and `end`, in `RATE_UNIT`.

    Nearly all lines of a dump have one of a few endings, such as ` 4xNDR`: six bytes with a blank
    at their begin. Each is read once; other lines are read one by one.
    """
    rates = np.full(len(end), UNKNOWN_RATE, np.int16)
    ending = words_of(text)[np.maximum(end - 8, 0)] >> _SIX
    open_rows: NDArray[np.int64] | slice = slice(None)
    left = ending
    for _ in range(MOST_ENDINGS):
        if not len(left):
            return rates
        letters = int(left[0]).to_bytes(6, "little")
        same = left == left[0]
        if letters[:1] not in b" \t" or b'"' in letters or b"\n" in letters:
            break  # more than the rate stands there, or less: such lines differ from each other
        rate = _unit_rate(letters)
        if same.all():
            rates[open_rows] = rate
            return rates
        rows = np.flatnonzero(same) if isinstance(open_rows, slice) else open_rows[same]
        rates[rows] = rate
        open_rows = np.flatnonzero(~same) if isinstance(open_rows, slice) else open_rows[~same]
        left = left[~same]
    rows = np.arange(len(end)) if isinstance(open_rows, slice) else open_rows
    rates[rows] = _one_by_one(text, after[rows], end[rows])
    return rates


def _unit_rate(letters: bytes) -> int:
    found = rate_in(letters.decode("latin-1"))
    return found if found == UNKNOWN_RATE else found // RATE_UNIT


def _one_by_one(
    text: NDArray[np.uint8], after: NDArray[np.int64], end: NDArray[np.int64]
) -> list[int]:
    whole = text.data
    known: dict[bytes, int] = {}
    rates: list[int] = []
    for begin, stop in zip(after.tolist(), end.tolist(), strict=True):
        tail = bytes(whole[begin:stop]).rpartition(b'"')[2]
        rate = known.get(tail)
        if rate is None:
            rate = known[tail] = _unit_rate(tail)
        rates.append(rate)
    return rates
