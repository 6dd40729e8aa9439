"""Who is in which set under one reading of links, and what each set holds, known and possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.fabric import Fabric
from declarant.clusters.grouping import VertexKind
from declarant.clusters.holdings import Holdings
from declarant.clusters.sets import Sets

STRANGE = (VertexKind.NAMELESS, VertexKind.PLACEHOLDER, VertexKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PossibleRows:
    """Devices that sets may hold. Set numbers equal to the number of sets mean: loose machines.

    Attributes:
        placed, kind, count: set, kind and number (-1 unknown) of devices, shape (n,) each.
        unlisted: sets of machines that nothing describes.
        strange: sets of adapters that name no machine, where nothing is assumed of machines.
    """

    placed: NDArray[np.int64]
    kind: NDArray[np.int64]
    count: NDArray[np.int64]
    unlisted: NDArray[np.int64]
    strange: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Census:
    """Sets as they are known to hang together and as they may, and what their machines hold.

    Attributes:
        known_rows: rows of the holdings and the known set of each.
        possible_rows: devices by possible set.
        loose: machines without a link in any file, shape (machines,).
    """

    fabric: Fabric
    holdings: Holdings
    known: Sets
    possible: Sets
    known_rows: tuple[NDArray[np.int64], NDArray[np.int64]]
    possible_rows: PossibleRows
    loose: NDArray[np.bool_]


def take_census(
    fabric: Fabric,
    held: Holdings,
    known: Sets,
    possible: Sets,
    linked: NDArray[np.bool_],
) -> Census:
    """Return what the sets hold.

    Args:
        fabric: all evidence.
        held: what its machines hold.
        known: sets that are known to hang together.
        possible: sets that may; `known` itself when the speed of every link is known.
        linked: which vertices have a link in any file, shape (vertices,).
    """
    counted = np.zeros(len(fabric.group.machines), np.bool_)
    counted[possible.member] = True
    loose = ~linked[: len(counted)] & counted
    rows = known.spread(held.machine)
    possible_rows = _possible_rows(fabric, held, possible, loose)
    return Census(fabric, held, known, possible, rows, possible_rows, loose)


def _possible_rows(
    fabric: Fabric, held: Holdings, sets: Sets, loose: NDArray[np.bool_]
) -> PossibleRows:
    def place(machine: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows, placed = sets.spread(machine)
        return rows, np.where(loose[machine[rows]], sets.size, placed)

    rows, placed = place(held.machine)
    _, unlisted = place(held.unlisted)
    strange = np.flatnonzero(np.isin(fabric.group.kinds, STRANGE))
    file = fabric.group.file_of[strange]
    where = sets.labels[len(fabric.group.machines) + strange]
    kind = np.array([held.assumed_kind.get(number, -1) for number in range(len(fabric.assumed))])
    per_machine = np.array([each.per_machine if each else -1 for each in fabric.assumed])
    told = kind[file] >= 0
    return PossibleRows(
        np.concatenate([placed, where[told]]),
        np.concatenate([held.kind[rows], kind[file][told]]),
        np.concatenate([held.count[rows], per_machine[file][told]]),
        unlisted,
        where[~told],
    )
