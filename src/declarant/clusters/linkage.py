"""What "connected by networking of greater than" a limit may mean, made exact.

- **single**: two vertices are linked when one link between them exceeds the limit.
- **pair**: they are linked when the parallel links between them exceed it together.
- **machine**: a machine counts with all its links together, wherever they go, and so does a switch.
  Two vertices are linked when there is any link between them and each of the two exceeds the limit
  with all its links. So a machine of eight links of 200 Gbit/s to eight switches is joined at
  300 Gbit/s; one link of 100 Gbit/s joins two halls whose switches carry more; a switch of 48 ports
  of 1 Gbit/s joins nothing.

Under each, sets are then transitively connected. What "single" joins "pair" joins too, and what
"pair" joins "machine" does: both ends of parallel links carry at least as much as these together.

Under each, more bandwidth never parts what is joined: a link, a pair and a vertex with all its
links only grow. Sets for links of unknown speed left out, and for the same links taken as fast, are
therefore bounds: they hold the sets of every speed that the links may have. (A rule on what leaves
a whole hall would know slow halls apart, but would part them when the links inside get faster.)

All three come out as weighted edges, such that for every limit the edges that weigh more give the
sets, and a maximum spanning forest (Kruskal 1956) of them gives the same sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.strands import Strands

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Forest:
    """Weighted edges between `vertices`; for a limit, those that weigh more join."""

    vertices: int
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: NDArray[np.int64]

    def joined(self, limit: int) -> Labels:
        """Return the set of each vertex when only what exceeds `limit` joins; shape (vertices,)."""
        kept = self.weight > limit
        if kept.all():
            return components(self.vertices, self.a, self.b)
        return components(self.vertices, self.a[kept], self.b[kept])

    def spanning(self) -> Forest:
        """Return a forest with the same sets for every limit and fewer edges than vertices."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import minimum_spanning_tree

        if len(self.weight) < self.vertices:
            return self
        levels, rank = np.unique(self.weight, return_inverse=True)
        # ranks in place of weights, since the tree is found in floating point; 1 is the heaviest
        lightness = (len(levels) - rank).astype(np.float64)
        graph = csr_matrix((lightness, (self.a, self.b)), shape=(self.vertices, self.vertices))
        tree = minimum_spanning_tree(graph, overwrite=True).tocoo()
        weight = levels[len(levels) - tree.data.astype(np.int64)]
        return Forest(self.vertices, tree.row.astype(np.int64), tree.col.astype(np.int64), weight)


def forest(made: Strands, link: str) -> Forest:
    """Return the edges of a reading of `link`: "single", "pair" or "machine"."""
    if link == "machine":
        weight = np.minimum(made.reach[made.low], made.reach[made.high])
    else:
        weight = made.fastest if link == "single" else made.total
    return Forest(made.vertices, made.low, made.high, weight)


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
