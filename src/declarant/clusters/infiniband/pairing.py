"""Links from port lines: a dump prints each link at both of its ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import RATE_UNIT, Sections
from declarant.clusters.infiniband.guid_index import GuidIndex
from declarant.clusters.infiniband.guids import joined
from declarant.clusters.infiniband.scan import Block
from declarant.clusters.observation import UNKNOWN_RATE, LinkKind, Links

Rows = NDArray[np.int64]
Nodes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Paired:
    """Links between nodes, and what did not fit. Nodes are sections, then `absent`.

    Attributes:
        links: each once; their ends are rows of nodes.
        line: the port line that each link is taken from.
        absent: port lines, one for each node that is named there and has no section.
        absent_kind, absent_guid: of these nodes.
        repeated_sections: sections whose node had one already.
        repeated_ports: port lines whose port had one already; not counted.
        homeless_ports: port lines before the first section; not counted.
        garbled_ports: port lines whose peer has an id that is no GUID; not counted.
        contradicted: rows of links whose other end names another partner.
        unequal: rows of links whose ends name two rates; the lower counts.
    """

    links: Links
    line: Rows
    absent: Rows
    absent_kind: NDArray[np.uint8]
    absent_guid: NDArray[np.uint64]
    repeated_sections: NDArray[np.int32]
    repeated_ports: Rows
    homeless_ports: Rows
    garbled_ports: Rows
    contradicted: Rows
    unequal: Rows


@dataclass(frozen=True, slots=True)
class _Ends:
    """Port lines of all blocks: node and port at this end, node and port at the other, rate."""

    node: Nodes
    port: NDArray[np.uint8]
    peer: Nodes
    peer_port: NDArray[np.uint8]
    rate: NDArray[np.int16]


def pair(sections: Sections, blocks: tuple[Block, ...]) -> Paired:
    """Return the links that the port lines of a dump describe."""
    index = GuidIndex(sections.text)
    ends = _ends(blocks, index)
    unknown = np.flatnonzero(ends.peer < 0)
    guid, kind, valid = _peers(blocks, unknown)
    garbled = unknown[~valid]
    unknown, guid, kind = unknown[valid], guid[valid], kind[valid]
    absent_guid, first, again = np.unique(guid, return_index=True, return_inverse=True)
    ends.peer[unknown] = len(sections.guid) + again
    ends.node[garbled] = -1
    ends.peer[garbled] = 0
    if len(index.repeated):
        _take_together(ends, sections, index)
    nodes = len(sections.guid) + len(absent_guid)
    table = _PortTable(ends.node, ends.port, nodes)
    partner = table.find(ends.peer, ends.peer_port)
    met = partner >= 0
    agrees = (ends.peer[partner] == ends.node) & (ends.peer_port[partner] == ends.port) & met
    kept_once = ~agrees | (np.arange(len(partner), dtype=np.int32) < partner)
    kept_once &= ends.node >= 0
    kept_once[table.repeated] = False
    line = np.flatnonzero(kept_once)
    links, unequal = _links(ends, line, partner[line], agrees[line], nodes)
    return Paired(
        links,
        line,
        unknown[first],
        kind[first],
        absent_guid,
        index.repeated,
        table.repeated,
        np.setdiff1d(np.flatnonzero(ends.node < 0), garbled),
        garbled,
        np.flatnonzero((met & ~agrees)[line]),
        unequal,
    )


def _ends(blocks: tuple[Block, ...], index: GuidIndex) -> _Ends:
    nodes = []
    peers = []
    for block in blocks:  # one block after another, so that what is worked on stays in the cache
        section = block.ports.section
        # lines at the begin of a block stand under the last section of the blocks before
        nodes.append(section + np.int32(block.sections_before))
        peers.append(index.rows(block.ports.peer))
    return _Ends(
        np.concatenate(nodes),
        np.concatenate([block.ports.port for block in blocks]),
        np.concatenate(peers),
        np.concatenate([block.ports.peer_port for block in blocks]),
        np.concatenate([block.ports.rate for block in blocks]),
    )


def _peers(
    blocks: tuple[Block, ...], lines: Rows
) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.bool_]]:
    """Return GUID and letter of the peers on some port lines, and which are GUIDs at all."""
    if not len(lines):
        return np.empty(0, np.uint64), np.empty(0, np.uint8), np.empty(0, np.bool_)
    texts = joined([block.ports.peer for block in blocks])
    guid, valid = texts.at(lines).numbers()
    return guid, np.concatenate([block.ports.peer_kind for block in blocks])[lines], valid


def _take_together(ends: _Ends, sections: Sections, index: GuidIndex) -> None:
    """Count lines under a second section of a node to its first."""
    first = np.arange(len(sections.guid), dtype=np.int32)
    first[index.repeated] = index.rows(sections.text.at(index.repeated))
    inside = ends.node >= 0
    ends.node[inside] = first[ends.node[inside]]


def _links(
    ends: _Ends, line: Rows, partner: Nodes, both: NDArray[np.bool_], nodes: int
) -> tuple[Links, Rows]:
    near = ends.rate[line]
    far = np.where(both, ends.rate[partner], near)
    rate = np.minimum(near, far)
    unequal = np.flatnonzero(near != far)
    one_known = unequal[rate[unequal] == UNKNOWN_RATE]
    rate[one_known] = np.maximum(near, far)[one_known]
    a, b = ends.node[line], ends.peer[line]
    fastest = _fastest(ends, nodes)
    supported = np.minimum(fastest[a], fastest[b])
    supported[rate == UNKNOWN_RATE] = UNKNOWN_RATE
    links = Links(
        a,
        b,
        _bits(rate),
        _bits(supported),
        np.ones(len(line), np.int32),
        np.full(len(line), LinkKind.SCALE_OUT, np.int8),
        ~both,
    )
    return links, np.setdiff1d(unequal, one_known)


def _fastest(ends: _Ends, nodes: int) -> NDArray[np.int16]:
    """Return the fastest rate seen at any port of each node: what its ports are known to do."""
    if len(ends.rate) and ends.rate.min() == ends.rate.max():
        return np.full(nodes, ends.rate[0], np.int16)
    fastest = np.full(nodes, UNKNOWN_RATE, np.int16)
    inside = ends.node >= 0
    np.maximum.at(fastest, ends.node[inside], ends.rate[inside])
    np.maximum.at(fastest, ends.peer[inside], ends.rate[inside])
    return fastest


def _bits(rate: NDArray[np.int16]) -> NDArray[np.int64]:
    bits = rate.astype(np.int64)
    bits *= RATE_UNIT
    bits[rate == UNKNOWN_RATE] = UNKNOWN_RATE
    return bits


class _PortTable:
    """The port line of each (node, port): an array with a place for every port up to the last."""

    def __init__(self, node: Nodes, port: NDArray[np.uint8], nodes: int) -> None:
        line = np.arange(len(node), dtype=np.int32)
        if len(node) and node.min() < 0:
            line = np.flatnonzero(node >= 0).astype(np.int32)
            node, port = node[line], port[line]
        self._width = _ports_up_to(node, port, nodes)
        self._begin = (np.cumsum(self._width) - self._width).astype(np.int32)
        self._row = np.full(int(self._width.sum(dtype=np.int64)), -1, np.int32)
        place = self._begin[node] + port
        self._row[place] = line
        self.repeated = np.empty(0, np.int64)
        if (self._row[place] != line).any():
            self._row[place[::-1]] = line[::-1]  # so that the first line of a port stays
            self.repeated = line[self._row[place] != line].astype(np.int64)

    def find(self, node: Nodes, port: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Return the row of each (node, port), -1 where it has no line."""
        found = np.full(len(node), -1, np.int32)
        known = port < self._width[node]
        if known.all():
            found = self._row[self._begin[node] + port]
        else:
            found[known] = self._row[self._begin[node[known]] + port[known]]
        return found


def _ports_up_to(node: Nodes, port: NDArray[np.uint8], nodes: int) -> NDArray[np.int16]:
    """Return one more than the highest port of each node that has a line."""
    width = np.zeros(nodes, np.int16)
    change = np.flatnonzero(node[1:] != node[:-1]) + 1
    if len(node):
        begins = np.concatenate(([0], change))
        highest = np.maximum.reduceat(port, begins).astype(np.int16)
        np.maximum.at(width, node[begins], highest + 1)
    return width
