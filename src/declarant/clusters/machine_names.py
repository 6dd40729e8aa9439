"""One name for each machine, whichever tool printed it: case, blanks, and domain left aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

_IPV4 = r"^\d+\.\d+\.\d+\.\d+$"


def canonical(names: pl.Series) -> pl.Series:
    """Return the names in the form in which they are compared: lower case, no closing dot."""
    return names.str.strip_chars().str.to_lowercase().str.strip_suffix(".")


def short_names(names: pl.Series) -> dict[str, str]:
    """Return which full names (`n1.example.org`) stand for a short one (`n1`) among `names`.

    A full name is shortened only when the short name occurs by itself and no second full name
    would become the same: `n1.site-a` and `n1.site-b` stay two machines.

    Args:
        names: canonical names; may repeat.
    """
    dotted = names.str.contains(".", literal=True)
    if not dotted.any():
        return {}
    full = names.filter(dotted & ~names.str.contains(_IPV4)).unique()
    short = full.str.split(".").list.first()
    frame = pl.DataFrame({"full": full, "short": short})
    alone = frame.filter(pl.len().over("short") == 1).filter(pl.col("short").is_in(names.implode()))
    return dict(alone.iter_rows())


@dataclass(frozen=True, slots=True)
class Numbering:
    """Machines by number, in alphabetical order.

    Attributes:
        machines: canonical names.
        rows: for each evidence, the machine of each row of its inventory.
        nodes: for each evidence, the machine of each of its nodes; -1 for other nodes.
    """

    machines: pl.Series
    rows: tuple[NDArray[np.int64], ...]
    nodes: tuple[NDArray[np.int64], ...]


def number_machines(
    listed: Sequence[pl.Series], nodes: Sequence[pl.Series], certain: Sequence[NDArray[np.bool_]]
) -> Numbering:
    """Return a number for each machine that an inventory or a node names.

    Args:
        listed: for each evidence, the machine that each row of its inventory names.
        nodes: for each evidence, the machine that each node is or belongs to, null for none.
        certain: for each evidence, which of these names are machines for certain; another name is
            one only where an inventory or a certain node has it.
    """
    parts = [*listed, *nodes]
    printed = pl.concat(parts)
    code, names = _numbered(printed)  # a host stands once for each adapter: its name is folded once
    names = canonical(names)
    short = short_names(names)
    again, names = _numbered(names.replace(short) if short else names)
    code = np.where(code >= 0, again[code] if len(again) else -1, -1)
    sure = np.concatenate([np.ones(sum(map(len, listed)), np.bool_), *certain])
    real = np.zeros(len(names) + 1, np.bool_)
    real[code[sure]] = True
    real[-1] = False  # the place of nodes without a machine
    number = np.where(real, np.cumsum(real) - 1, -1)
    bounds = np.cumsum([0, *map(len, parts)])
    each = [number[code[begin:end]] for begin, end in pairwise(bounds)]
    return Numbering(
        names.filter(pl.Series(real[:-1])), tuple(each[: len(listed)]), tuple(each[len(listed) :])
    )


def _numbered(texts: pl.Series) -> tuple[NDArray[np.int64], pl.Series]:
    """Return a number for each text, -1 for null, and the texts in order of number."""
    code = texts.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
    place = np.zeros(int(code.max(initial=-1)) + 1, np.int64)
    place[code[code >= 0]] = np.flatnonzero(code >= 0)
    return code, texts[place]
