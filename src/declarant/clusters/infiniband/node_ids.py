"""Ids of nodes as a dump prints them, `S-2c5eab0300b87b40`, written out only when asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.text_column import TextColumn


class NodeIds(TextColumn):
    """A column of ids, held as the letter and the number of each."""

    __slots__ = ("_guid", "_kind")

    def __init__(self, kind: NDArray[np.uint8], guid: NDArray[np.uint64]) -> None:
        """Take the letters (as bytes) and the GUIDs, shape (n,) each."""
        self._kind = kind
        self._guid = guid

    @property
    def series(self) -> pl.Series:
        """All ids, as a series of strings."""
        return self.take(np.arange(len(self)))

    def take(self, rows: NDArray[np.int64] | Sequence[int]) -> pl.Series:
        """Return the ids of some rows."""
        kinds, guids = self._kind[rows].tolist(), self._guid[rows].tolist()
        written = [f"{kind:c}-{guid:016x}" for kind, guid in zip(kinds, guids, strict=True)]
        return pl.Series(written, dtype=pl.String)

    def __len__(self) -> int:
        return len(self._guid)
