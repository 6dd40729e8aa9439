"""A column of texts that reads like a sequence of str and is held in one piece of memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
import polars as pl
from numpy.typing import NDArray


class TextColumn(Sequence[str]):
    """Texts of many nodes or machines, held as a polars series: a million of them cost little."""

    __slots__ = ("_series",)

    def __init__(self, series: pl.Series) -> None:
        """Take a series of strings without nulls."""
        self._series = series

    @classmethod
    def of_lines(cls, lines: bytes) -> TextColumn:
        """Return the lines of a text in UTF-8, each ended by a newline."""
        if not lines:
            return TextColumn(pl.Series([], dtype=pl.String))
        whole = pl.Series([lines.removesuffix(b"\n").decode("utf-8", "replace")])
        return TextColumn(whole.str.split("\n").explode())

    @property
    def series(self) -> pl.Series:
        """All texts, as a series of strings."""
        return self._series

    def take(self, rows: NDArray[np.int64] | Sequence[int]) -> pl.Series:
        """Return the texts of some rows."""
        return self._series[rows]

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        """Return one text, or some of them."""
        if isinstance(index, slice):
            return [str(text) for text in self.take(range(len(self))[index])]
        return str(self.take([range(len(self))[index]])[0])

    def __len__(self) -> int:
        return len(self._series)

    def __iter__(self) -> Iterator[str]:
        return iter(self.series.to_list())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self[:3]!r}, {len(self)} in all)"


def as_series(texts: Sequence[str]) -> pl.Series:
    """Return a column of texts, whatever it is held in, as a series of strings."""
    if isinstance(texts, TextColumn):
        return texts.series
    return pl.Series(list(texts), dtype=pl.String)


def texts_at(texts: Sequence[str], rows: NDArray[np.int64]) -> pl.Series:
    """Return some rows of a column of texts, whatever it is held in, as a series of strings."""
    if isinstance(texts, TextColumn):
        return texts.take(rows)
    return pl.Series([texts[row] for row in rows.tolist()], dtype=pl.String)
