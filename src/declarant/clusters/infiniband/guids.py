"""GUIDs in text, many at once: sixteen hexadecimal digits at given places to 64-bit numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DIGITS = 16


def words_of(text: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the eight bytes that begin at each place of the text, the first the lowest.

    Shape (len(text) - 7,); a view, nothing is copied.
    """
    return np.ndarray((max(len(text) - 7, 0),), dtype="<u8", buffer=text.data, strides=(1,))


def read_guids(
    words: NDArray[np.uint64], at: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return the numbers whose sixteen digits begin at `at`, and which of them are well formed.

    Args:
        words: of the text, see `words_of`.
        at: places, shape (n,).

    Works on eight digits at a time as one 64-bit word, since this runs for each port of a fabric.
    """
    high, high_valid = _eight_digits(words[at])
    low, low_valid = _eight_digits(words[at + 8])
    high <<= np.uint64(32)
    high |= low
    return high, high_valid & low_valid


def _each_byte(value: int) -> np.uint64:
    return np.uint64(value * 0x0101010101010101)


def _eight_digits(word: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    letter = (word >> np.uint64(6)) & _each_byte(1)
    nibble = (word & _each_byte(0x0F)) + letter * np.uint64(9)
    # written out again in lower case, a well-formed number gives the text it came from
    above_nine = ((nibble + _each_byte(6)) >> np.uint64(4)) & _each_byte(1)
    again = nibble + _each_byte(0x30) + above_nine * np.uint64(0x27)
    valid = again == (word | (letter << np.uint64(5)))
    packed = nibble.byteswap()
    packed = (packed | (packed >> np.uint64(4))) & np.uint64(0x00FF00FF00FF00FF)
    packed = (packed | (packed >> np.uint64(8))) & np.uint64(0x0000FFFF0000FFFF)
    packed = (packed | (packed >> np.uint64(16))) & np.uint64(0x00000000FFFFFFFF)
    return packed, valid
