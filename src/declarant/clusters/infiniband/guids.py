"""GUIDs in text, many at once: sixteen hexadecimal digits at given places.

They are compared as the text they are; only those of node sections are turned into numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DIGITS = 16


def words_of(text: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the eight bytes that begin at each place of the text, the first the lowest.

    Shape (len(text) - 7,); a view, nothing is copied.
    """
    return np.ndarray((max(len(text) - 7, 0),), dtype="<u8", buffer=text.data, strides=(1,))


@dataclass(frozen=True, slots=True)
class GuidTexts:
    """The sixteen digits of GUIDs as text, in lower case, eight to a word; shape (n,) each."""

    first: NDArray[np.uint64]
    second: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.first)

    def at(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> GuidTexts:
        """Return some of them."""
        return GuidTexts(self.first[rows], self.second[rows])

    def numbers(self) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return the numbers that the texts write, and which of them are well formed."""
        high, high_valid = _eight_digits(self.first)
        low, low_valid = _eight_digits(self.second)
        high <<= np.uint64(32)
        high |= low
        return high, high_valid & low_valid


def guid_texts(words: NDArray[np.uint64], at: NDArray[np.int64]) -> GuidTexts:
    """Return the sixteen letters that begin at each place.

    Args:
        words: of the text, see `words_of`.
        at: places, shape (n,).
    """
    small = _each_byte(0x20)  # digits have that bit already
    first, second = words[at], words[at + 8]
    first |= small
    second |= small
    return GuidTexts(first, second)


def joined(parts: Sequence[GuidTexts]) -> GuidTexts:
    """Return all parts, one after another."""
    return GuidTexts(
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.second for part in parts]),
    )


def _each_byte(value: int) -> np.uint64:
    return np.uint64(value * 0x0101010101010101)


def _eight_digits(word: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    letter = (word >> np.uint64(6)) & _each_byte(1)
    nibble = (word & _each_byte(0x0F)) + letter * np.uint64(9)
    # written out again, a well-formed number gives the text it came from
    above_nine = ((nibble + _each_byte(6)) >> np.uint64(4)) & _each_byte(1)
    valid = nibble + _each_byte(0x30) + above_nine * np.uint64(0x27) == word
    packed = nibble.byteswap()
    packed = (packed | (packed >> np.uint64(4))) & np.uint64(0x00FF00FF00FF00FF)
    packed = (packed | (packed >> np.uint64(8))) & np.uint64(0x0000FFFF0000FFFF)
    packed = (packed | (packed >> np.uint64(16))) & np.uint64(0x00000000FFFFFFFF)
    return packed, valid
