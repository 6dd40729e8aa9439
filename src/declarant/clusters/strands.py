"""Edges as one reading sees them: which count, at which rate, parallel ones taken together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.fabric import Fabric
from declarant.clusters.observation import UNKNOWN_RATE, LinkKind
from declarant.clusters.reading import Reading
from declarant.clusters.wiring import Edges

_EXACT = 2**53
UNBOUNDED = 2**62
"""Rate of a link of unknown speed where one asks what may hang together: above every limit."""


@dataclass(frozen=True, slots=True)
class Strands:
    """Linked pairs of vertices, each once.

    Attributes:
        vertices: how many vertices there are; machines first.
        low, high: ends of each pair, shape (n,).
        fastest: rate of the fastest link of the pair, bit/s.
        total: rate of all its links together, bit/s.
        reach: of each vertex, what all its links carry together; shape (vertices,).
        machine_of: the machine that each vertex is, or a part of; -1 for others.
        slowest: the lowest of `fastest`; 0 when there is no pair.
        left_out: whether links of unknown speed were left out.
    """

    vertices: int
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    fastest: NDArray[np.int64]
    total: NDArray[np.int64]
    reach: NDArray[np.int64]
    machine_of: NDArray[np.int64]
    slowest: int
    left_out: bool


def strands(
    fabric: Fabric, reading: Reading, counted: NDArray[np.bool_], *, possible: bool
) -> Strands:
    """Return what counts as linked under `reading`.

    Args:
        fabric: all evidence.
        reading: its scale-up, rate and rail choices matter here.
        counted: which machines count, shape (machines,); the links of others are left out.
        possible: take links of unknown speed for faster than any limit, in place of leaving them
            out.
    """
    edges = fabric.wiring.edges
    machines = len(fabric.group.machines)
    vertices = fabric.group.vertices
    rate = edges.supported if reading.link_rate == "supported" else edges.active
    kept = np.ones(len(edges), np.bool_)
    if reading.scale_up == "does_not_count":
        kept &= edges.kind != LinkKind.SCALE_UP
    if not counted.all():
        alive = np.concatenate([counted, np.ones(vertices - machines, np.bool_)])
        kept &= alive[edges.low] & alive[edges.high]
    rate = _with_domains(fabric, edges, rate)
    blind = kept & (rate == UNKNOWN_RATE)
    left_out = bool(blind.any())
    if left_out and not possible:
        kept &= ~blind
    if not kept.all():
        edges, rate = edges.where(kept), rate[kept]
    made = _merged(edges, rate, vertices, machines, left_out=left_out)
    return _apart(made, machines) if reading.rails == "separate" else made


def _with_domains(fabric: Fabric, edges: Edges, rate: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take the ties of machines to a scale-up domain for faster than any limit.

    An inventory names domains without rates; a reading under which their links count counts them
    because they run far above the limit.
    """
    if not len(fabric.group.clique_of):
        return rate
    first = int(fabric.group.clique_of.min())  # domains are the last vertices
    return np.where((edges.high >= first) & (rate == UNKNOWN_RATE), UNBOUNDED, rate)


def exact_sum(index: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the sum of `values` for each index: exact, where floating point would round.

    Sums stop at `UNBOUNDED`.
    """
    if not len(index):
        return np.zeros(size, np.int64)
    sums = np.bincount(index, values, size)
    if sums.max() < _EXACT:  # whole numbers below that are exact, and so is every step to them
        return sums.astype(np.int64)
    high = np.minimum(np.bincount(index, values >> 24, size), UNBOUNDED >> 24)
    low = np.bincount(index, values & 0xFFFFFF, size)
    total: NDArray[np.int64] = (high.astype(np.int64) << 24) + low.astype(np.int64)
    return np.minimum(total, UNBOUNDED)


def _merged(
    edges: Edges, rate: NDArray[np.int64], vertices: int, machines: int, *, left_out: bool
) -> Strands:
    unknown = rate == UNKNOWN_RATE
    fastest = np.where(unknown, 0, rate) if left_out else rate
    total: NDArray[np.int64] = fastest * edges.count.astype(np.int64)
    low, high = edges.low.astype(np.int64), edges.high.astype(np.int64)
    pair = low * vertices + high
    ordered = np.sort(pair)
    if (ordered[1:] == ordered[:-1]).any():  # else each pair is linked once, and its row is all
        order = np.argsort(pair, kind="stable")
        first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        low, high = ordered[first] // vertices, ordered[first] % vertices
        fastest = np.maximum.reduceat(fastest[order], first)
        total = np.add.reduceat(total[order], first)
        unknown = np.logical_or.reduceat(unknown[order], first)
    reach = exact_sum(low, total, vertices) + exact_sum(high, total, vertices)
    if unknown.any():
        fastest = np.where(unknown, UNBOUNDED, fastest)
        total = np.where(unknown, UNBOUNDED, total)
        reach[low[unknown]] = UNBOUNDED
        reach[high[unknown]] = UNBOUNDED
    machine_of = np.full(vertices, -1, np.int64)
    machine_of[:machines] = np.arange(machines)
    slowest = int(fastest.min()) if len(fastest) else 0
    return Strands(vertices, low, high, fastest, total, reach, machine_of, slowest, left_out)


def _apart(made: Strands, machines: int) -> Strands:
    """Give each pair of a machine and a switch an end of its own at the machine.

    Such an end keeps the reach of the whole machine. Pairs of two machines stay joined there: the
    links of a torus or of a scale-up domain pass through their machines by design.
    """
    at_machine = (made.low < machines) & (made.high >= machines)
    ends = np.flatnonzero(at_machine)
    low = made.low.copy()
    low[ends] = made.vertices + np.arange(len(ends))
    owner = made.low[ends]
    return Strands(
        made.vertices + len(ends),
        low,
        made.high,
        made.fastest,
        made.total,
        np.concatenate([made.reach, made.reach[owner]]),
        np.concatenate([made.machine_of, owner]),
        made.slowest,
        made.left_out,
    )
