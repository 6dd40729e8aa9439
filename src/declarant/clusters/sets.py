"""Sets of machines that are connected under one reading, and who is in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.fabric import Fabric
from declarant.clusters.grouping import VertexKind
from declarant.clusters.linkage import Labels
from declarant.clusters.strands import Strands


@dataclass(frozen=True, slots=True)
class Sets:
    """A partition of the vertices. A machine whose rails are apart may be in several sets.

    Attributes:
        size: how many sets there are.
        labels: set of each vertex of the strands.
        member: machines, and `set_of` the set of each; shape (members,) both.
        machines: how many machines each set has, shape (size,).
        switches: how many switches.
        strangers: how many adapters and names that may be machines nobody knows of.
    """

    size: int
    labels: Labels
    member: NDArray[np.int64]
    set_of: NDArray[np.int64]
    machines: NDArray[np.int64]
    switches: NDArray[np.int64]
    strangers: NDArray[np.int64]

    def spread(self, machine: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the sets that rows about machines fall into: (rows, set of each).

        A row appears once for each set its machine is in, and not at all for none.
        """
        if not len(self.member) or not len(machine):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        order = np.argsort(self.member, kind="stable")
        member = self.member[order]
        first = np.searchsorted(member, machine, "left")
        times = np.searchsorted(member, machine, "right") - first
        rows = np.repeat(np.arange(len(machine)), times)
        before = np.cumsum(times) - times
        place = np.arange(len(rows)) + np.repeat(first - before, times)
        return rows, self.set_of[order][place]


def sets(fabric: Fabric, made: Strands, labels: Labels, counted: NDArray[np.bool_]) -> Sets:
    """Return who is in which set; `counted` says which machines count."""
    size = int(labels.max()) + 1 if len(labels) else 0
    part = np.flatnonzero(made.machine_of >= 0)
    part = part[counted[made.machine_of[part]]]
    member, set_of = made.machine_of[part], labels[part]
    if made.vertices > fabric.group.vertices:  # rails are apart
        both = np.unique(set_of * len(counted) + member)
        member, set_of = both % len(counted), both // len(counted)
    machines = len(fabric.group.machines)
    other = labels[machines : fabric.group.vertices]
    kinds = fabric.group.kinds
    strange = np.isin(kinds, (VertexKind.NAMELESS, VertexKind.PLACEHOLDER, VertexKind.UNKNOWN))
    return Sets(
        size,
        labels,
        member,
        set_of,
        np.bincount(set_of, minlength=size),
        np.bincount(other[kinds == VertexKind.SWITCH], minlength=size),
        np.bincount(other[strange], minlength=size),
    )
