"""The dump of an InfiniBand fabric, as `ibnetdiscover` (rdma-core) and `ibdiagnet` write it."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.dump_findings import findings_of
from declarant.clusters.infiniband.host_names import hosts_in, is_aggregation
from declarant.clusters.infiniband.pairing import pair
from declarant.clusters.infiniband.scan import scan
from declarant.clusters.observation import NodeKind, Nodes, Observation
from declarant.clusters.readers.registry import ReadContext, Sample, reader
from declarant.problems import bad_input

_NODE = re.compile(r'^[ \t]*(?:Switch|Ca|Rt)\s+\d+\s+"[SHR]-', re.MULTILINE)
_ADAPTER, _SWITCH, _ROUTER = ord("H"), ord("S"), ord("R")
_ID = 18  # letters of a node's id
_PEER = re.compile(rb'#[^"\r\n]*"([^\r\n]*)"')


def _is_dump(sample: Sample) -> bool:
    return _NODE.search(sample.head) is not None or "# Topology file: generated" in sample.head


@reader(
    "ibnetdiscover",
    shows="InfiniBand fabric dump of ibnetdiscover or ibdiagnet",
    suffixes=(".ibnetdiscover", ".topo"),
    sniff=_is_dump,
)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read a dump: switches and adapters by their ids, links once, rates as nominal bit/s.

    A node that lines name and that has no section of its own is kept: its section was cut off. The
    rate that a link supports is taken to be the fastest that both its nodes run at on some port.

    Raises:
        BadInput: when the text holds no node.
    """
    text = np.frombuffer(content, np.uint8)
    found = scan(text, context.advance)
    if not len(found.sections.at):
        raise bad_input(
            "ibnetdiscover.no_nodes",
            "holds no switch and no adapter.",
            mend="Give the output of ibnetdiscover, or ibdiagnet2.ibnetdiscover.",
            file=context.file,
        )
    paired = pair(found.sections, found.ports)
    peer_lines = found.ports.at[paired.absent]
    kinds = np.concatenate([found.sections.kind, found.ports.peer_kind[paired.absent]])
    described = found.sections.names.tobytes().decode("utf-8", "replace")
    labels = described.split("\n")[:-1] + _peer_names(content, peer_lines)
    keys = _ids(text, np.concatenate([found.sections.at, peer_lines]))
    if context.node_names:
        names = context.node_names
        labels = [names.get(key[2:], label) for key, label in zip(keys, labels, strict=True)]
    nodes = _nodes(keys, labels, kinds)
    return context.observation(
        nodes=nodes,
        links=paired.links,
        findings=findings_of(content, context, found, paired, nodes),
    )


def _nodes(keys: list[str], labels: list[str], letters: NDArray[np.uint8]) -> Nodes:
    kind = np.full(len(keys), NodeKind.SWITCH, np.int8)
    hosts = [""] * len(keys)
    adapters = np.flatnonzero(letters == _ADAPTER)
    kind[adapters] = NodeKind.ADAPTER
    named = hosts_in([labels[row] for row in adapters.tolist()])
    for row, host in zip(adapters.tolist(), named, strict=True):
        hosts[row] = host
        if not host and is_aggregation(labels[row]):
            kind[row] = NodeKind.AGGREGATION
    return Nodes(tuple(keys), tuple(hosts), tuple(labels), kind)


def _peer_names(content: bytes, at: NDArray[np.int64]) -> list[str]:
    names = []
    for begin in at.tolist():
        end = content.find(b"\n", begin)
        match = _PEER.search(content, begin, end if end >= 0 else len(content))
        names.append(match[1].decode("utf-8", "replace") if match else "")
    return names


def _ids(text: NDArray[np.uint8], at: NDArray[np.int64]) -> list[str]:
    """Return the ids (`S-2c5eab0300b87b40`) that stand at these positions."""
    each: NDArray[np.void] = np.ndarray(
        (len(text) - _ID + 1,), dtype=f"V{_ID}", buffer=text.data, strides=(1,)
    )
    lines = np.full((len(at), _ID + 1), ord("\n"), np.uint8)
    lines[:, :_ID] = each[at].view(np.uint8).reshape(len(at), _ID)
    return lines.tobytes().decode("ascii").splitlines()
