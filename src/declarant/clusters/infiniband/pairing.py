"""Links from port lines: a dump prints each link at both of its ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import RATE_UNIT, Int, Ports, Sections
from declarant.clusters.infiniband.guid_index import GuidIndex
from declarant.clusters.observation import UNKNOWN_RATE, LinkKind, Links

Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Paired:
    """Links between nodes, and what did not fit. Nodes are sections, then `absent`.

    Attributes:
        links: each once; rows count nodes.
        at: position in the text of the line that each link is taken from.
        absent: rows of port lines, one for each node that is named there and has no section.
        repeated_sections: rows of sections whose node had one already.
        repeated_ports: rows of port lines whose port had one already; not counted.
        homeless_ports: rows of port lines before the first section; not counted.
        contradicted: rows of links whose other end names another partner.
        unequal: rows of links whose ends name two rates; the lower counts.
    """

    links: Links
    at: Int
    absent: Int
    repeated_sections: NDArray[np.int32]
    repeated_ports: Int
    homeless_ports: Int
    contradicted: Int
    unequal: Int


def pair(sections: Sections, ports: Ports) -> Paired:
    """Return the links that the port lines of a dump describe."""
    index = GuidIndex(sections.guid)
    local = _section_of(ports, sections, index)
    peer = index.rows(ports.peer_guid)
    absent = _name_absent(ports, peer, len(sections.guid))
    nodes = len(sections.guid) + len(absent)
    port_row = _PortTable(local, ports.port, nodes)
    usable = local >= 0
    usable[port_row.repeated] = False
    partner = port_row.find(peer, ports.peer_port)
    row = np.arange(len(local), dtype=np.int32)
    met = partner >= 0
    agrees = met & (peer[partner] == local) & (ports.peer_port[partner] == ports.port)
    kept = np.flatnonzero(usable & (~agrees | (row < partner)))
    both = agrees[kept]
    near = ports.rate[kept]
    far = np.where(both, ports.rate[partner[kept]], near)
    rate = np.where(
        near == UNKNOWN_RATE, far, np.where(far == UNKNOWN_RATE, near, np.minimum(near, far))
    )
    fastest = _fastest(local, peer, ports.rate, nodes)
    a, b = local[kept], peer[kept]
    supported = np.minimum(fastest[a], fastest[b])
    links = Links(
        a,
        b,
        _bits(rate),
        _bits(np.where(rate == UNKNOWN_RATE, UNKNOWN_RATE, supported)),
        np.ones(len(kept), np.int32),
        np.full(len(kept), LinkKind.SCALE_OUT, np.int8),
        ~both,
    )
    unequal = (near != far) & (near != UNKNOWN_RATE) & (far != UNKNOWN_RATE)
    return Paired(
        links,
        ports.at[kept],
        absent,
        index.repeated,
        port_row.repeated,
        np.flatnonzero(local < 0),
        np.flatnonzero((met & ~agrees)[kept]),
        np.flatnonzero(unequal),
    )


def _section_of(ports: Ports, sections: Sections, index: GuidIndex) -> NDArray[np.int32]:
    """Return each port line's node: its section, or the first section of the same GUID."""
    if not len(index.repeated):
        return ports.section
    first = np.arange(len(sections.guid), dtype=np.int32)
    first[index.repeated] = index.rows(sections.guid[index.repeated])
    return np.where(ports.section >= 0, first[ports.section], -1).astype(np.int32)


def _name_absent(ports: Ports, peer: NDArray[np.int32], sections: int) -> Int:
    """Give rows after the sections to nodes that have none; change `peer` to them."""
    unknown = np.flatnonzero(peer < 0)
    _, first, again = np.unique(ports.peer_guid[unknown], return_index=True, return_inverse=True)
    peer[unknown] = sections + again
    return unknown[first]


def _fastest(
    local: NDArray[np.int32], peer: NDArray[np.int32], rate: NDArray[np.int16], nodes: int
) -> NDArray[np.int16]:
    """Return the fastest rate seen at any port of each node: what its ports are known to do."""
    fastest = np.full(nodes, UNKNOWN_RATE, np.int16)
    inside = local >= 0
    np.maximum.at(fastest, local[inside], rate[inside])
    np.maximum.at(fastest, peer, rate)
    return fastest


def _bits(rate: NDArray[np.int16]) -> Int:
    return np.where(rate == UNKNOWN_RATE, UNKNOWN_RATE, rate.astype(np.int64) * RATE_UNIT)


class _PortTable:
    """The port line of each (node, port): an array with a place for every port up to the last."""

    def __init__(self, node: NDArray[np.int32], port: NDArray[np.uint8], nodes: int) -> None:
        inside = np.flatnonzero(node >= 0)
        self._width = np.zeros(nodes, np.int32)
        np.maximum.at(self._width, node[inside], port[inside].astype(np.int32) + 1)
        self._begin = np.cumsum(self._width) - self._width
        self._row = np.full(int(self._width.sum()), -1, np.int32)
        place = self._begin[node[inside]] + port[inside]
        self._row[place[::-1]] = inside[::-1]
        self.repeated = inside[self._row[place] != inside]

    def find(self, node: NDArray[np.int32], port: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Return the row of each (node, port), -1 where it has no line."""
        if not len(self._row):
            return np.full(len(node), -1, np.int32)
        known = port < self._width[node]
        return np.where(known, self._row[np.where(known, self._begin[node] + port, 0)], -1)
