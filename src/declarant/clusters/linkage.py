"""What "connected by networking of greater than" a limit may mean, made exact.

- **single**: two vertices are linked when one link between them exceeds the limit.
- **pair**: they are linked when the parallel links between them exceed it together.
- **machine**: a machine counts with all its links together, wherever they go, and so does a switch,
  and so does a set of vertices that hang together by faster links: with all links that leave it.
  Two vertices are joined when every such set that holds one and not the other exceeds the limit.
  So a machine of eight links of 200 Gbit/s to eight switches is joined at 300 Gbit/s; two halls
  that hang together inside by links of 400 Gbit/s are not joined by one link of 100 Gbit/s between
  them, and are by four.

Under each, sets are then transitively connected. What "single" joins "pair" joins too, and what
"pair" joins "machine" does: a set that one of them crosses is left by at least as much.

All three come out as a forest of weighted edges, such that for every limit the edges that weigh
more give the sets: for single and pair a maximum spanning forest (Kruskal 1956), for machine the
tree of sets itself. One forest answers for every link speed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.strands import Strands, exact_sum

MOST_LEVELS = 256
"""Different link rates that sets are formed at; beyond it, near rates are taken together."""

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Forest:
    """Weighted edges; for a limit, those that weigh more join the first `vertices` nodes.

    `nodes` may exceed `vertices`: further nodes stand for sets and are no vertices themselves.
    """

    vertices: int
    nodes: int
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: NDArray[np.int64]

    def joined(self, limit: int) -> Labels:
        """Return the set of each vertex when only what exceeds `limit` joins; shape (vertices,)."""
        kept = self.weight > limit
        if kept.all():
            return components(self.nodes, self.a, self.b)[: self.vertices]
        return components(self.nodes, self.a[kept], self.b[kept])[: self.vertices]

    def spanning(self) -> Forest:
        """Return a forest with the same sets for every limit and fewer than `nodes` edges."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import minimum_spanning_tree

        if len(self.weight) < self.nodes:
            return self
        levels, rank = np.unique(self.weight, return_inverse=True)
        # ranks in place of weights, since the tree is found in floating point; 1 is the heaviest
        lightness = (len(levels) - rank).astype(np.float64)
        graph = csr_matrix((lightness, (self.a, self.b)), shape=(self.nodes, self.nodes))
        tree = minimum_spanning_tree(graph, overwrite=True).tocoo()
        weight = levels[len(levels) - tree.data.astype(np.int64)]
        return Forest(
            self.vertices, self.nodes, tree.row.astype(np.int64), tree.col.astype(np.int64), weight
        )


def forest(made: Strands, link: str) -> Forest:
    """Return the forest of a reading of `link`: "single", "pair" or "machine"."""
    if link == "machine":
        return _tree_of_sets(made)
    weight = made.fastest if link == "single" else made.total
    return Forest(made.vertices, made.vertices, made.low, made.high, weight)


def switches_suffice(made: Strands) -> bool:
    """Return whether the sets that all links join are joined by links between switches already.

    Then every machine hangs on one switch of its set, and none has to pass anything on.
    """
    machine_low, machine_high = made.machine_of[made.low] >= 0, made.machine_of[made.high] >= 0
    if (machine_low & machine_high).any():
        return False  # machines linked to machines: who passes on what is another question
    between = ~(machine_low | machine_high)
    label = components(made.vertices, made.low[between], made.high[between])
    hung = np.where(machine_low, made.high, made.low)[~between]
    machine = np.where(machine_low, made.low, made.high)[~between]
    first = np.full(made.vertices, -1, np.int64)
    first[machine] = label[hung]
    return bool((first[machine] == label[hung]).all())


def components(nodes: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> Labels:
    """Return the connected component of each node; shape (nodes,)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(a):
        return np.arange(nodes, dtype=np.int64)
    # ones in floating point, which is what the search works in: narrow integers would wrap around
    # where many edges fall together
    graph = csr_matrix(
        (np.ones(len(a)), (a.astype(np.int32), b.astype(np.int32))), shape=(nodes, nodes)
    )
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def _levels(rates: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rates at which sets are formed, fastest first."""
    if len(rates) and rates.min() == rates.max():
        return rates[:1]
    levels = np.unique(rates)
    if len(levels) > MOST_LEVELS:
        levels = levels[np.linspace(0, len(levels) - 1, MOST_LEVELS).astype(np.int64)]
    return levels[::-1]


def _tree_of_sets(made: Strands) -> Forest:
    """Return the tree whose nodes are vertices and sets, each edge weighing what leaves its child.

    Sets are formed from the fastest links to the slowest; at each rate the sets that its links
    touch become one.
    """
    children: list[NDArray[np.int64]] = []
    parents: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.int64]] = []
    node = np.arange(made.vertices)  # of the tree, for each set there is now
    leaving = made.reach
    nodes = made.vertices
    a, b, rate, total = made.low, made.high, made.fastest, made.total
    for level in _levels(rate):
        touched = rate >= level
        if not touched.any():
            continue
        label = components(len(node), a[touched], b[touched])
        size = np.bincount(label)
        merges = size[label] > 1
        merged = np.flatnonzero(size > 1)
        new_node = np.empty(len(size), np.int64)
        new_node[label[~merges]] = node[~merges]
        new_node[merged] = nodes + np.arange(len(merged))
        children.append(node[merges])
        parents.append(new_node[label[merges]])
        weights.append(leaving[merges])
        nodes += len(merged)
        a, b = label[a], label[b]
        outside = a != b
        a, b, rate, total = a[outside], b[outside], rate[outside], total[outside]
        new_leaving = exact_sum(a, total, len(size)) + exact_sum(b, total, len(size))
        new_leaving[label[~merges]] = leaving[~merges]
        node, leaving = new_node, new_leaving
    if not children:
        none = np.empty(0, np.int64)
        return Forest(made.vertices, made.vertices, none, none, none)
    return Forest(
        made.vertices,
        nodes,
        np.concatenate(children),
        np.concatenate(parents),
        np.concatenate(weights),
    )
