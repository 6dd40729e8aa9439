"""The dump of an InfiniBand fabric, as `ibnetdiscover` (rdma-core) and `ibdiagnet` write it."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.infiniband.dump_findings import findings_of
from declarant.clusters.infiniband.host_names import hosts_in, is_aggregation
from declarant.clusters.infiniband.node_ids import NodeIds
from declarant.clusters.infiniband.pairing import pair
from declarant.clusters.infiniband.scan import scan
from declarant.clusters.observation import NodeKind, Nodes, Observation
from declarant.clusters.readers.registry import Content, ReadContext, reader
from declarant.clusters.text_column import TextColumn
from declarant.formats import Sample
from declarant.problems import bad_input

_NODE = re.compile(r'^[ \t]*(?:Switch|Ca|Rt)\s+\d+\s+"[SHR]-', re.MULTILINE)
_PEER = re.compile(rb'#[^"\r\n]*"([^\r\n]*)"')


def _is_dump(sample: Sample) -> bool:
    return _NODE.search(sample.head) is not None or "# Topology file: generated" in sample.head


@reader(
    "ibnetdiscover",
    shows="InfiniBand fabric dump of ibnetdiscover or ibdiagnet",
    suffixes=(".ibnetdiscover", ".topo"),
    sniff=_is_dump,
    takes_map=True,
)
def read(content: Content, context: ReadContext) -> Observation:
    """Read a dump: switches and adapters by their ids, links once, rates as nominal bit/s.

    A node that lines name and that has no section of its own is kept: its section was cut off. The
    rate that a link supports is taken to be the fastest that both its nodes run at on some port.

    Raises:
        BadInput: when the text holds no node.
    """
    found = scan(content, context.advance)
    if not len(found.sections.at):
        raise bad_input(
            "ibnetdiscover.no_nodes",
            "holds no switch and no adapter.",
            mend="Give the output of ibnetdiscover, or ibdiagnet2.ibnetdiscover.",
            file=context.file,
        )
    paired = pair(found.sections, found.blocks)
    kind = np.concatenate([found.sections.kind, paired.absent_kind])
    guid = np.concatenate([found.sections.guid, paired.absent_guid])
    labels = TextColumn.of_lines(found.sections.names.tobytes()).series
    if len(paired.absent):
        named = _peer_names(content, found.places(paired.absent))
        labels = pl.concat([labels, pl.Series(named, dtype=pl.String)])
    keys = NodeIds(kind, guid)
    if context.node_names:
        guids = keys.series.str.slice(2)
        labels = guids.replace_strict(dict(context.node_names), default=labels)
    nodes = _nodes(keys, labels, kind)
    return context.observation(
        nodes=nodes,
        links=paired.links,
        findings=findings_of(content, context, found, paired, nodes),
    )


def _nodes(keys: NodeIds, labels: pl.Series, letters: NDArray[np.uint8]) -> Nodes:
    kind = np.where(letters == ord("H"), NodeKind.ADAPTER, NodeKind.SWITCH).astype(np.int8)
    hosts = pl.repeat("", len(keys), dtype=pl.String, eager=True)
    adapters = np.flatnonzero(kind == NodeKind.ADAPTER)
    if len(adapters):
        found = hosts_in(labels[adapters])
        hosts = hosts.scatter(adapters, found)
        nameless = adapters[(found == "").to_numpy()]
        aggregation = [row for row in nameless.tolist() if is_aggregation(labels[row])]
        kind[aggregation] = NodeKind.AGGREGATION
    return Nodes(keys, TextColumn(hosts), TextColumn(labels), kind)


def _peer_names(content: Content, at: NDArray[np.int64]) -> list[str]:
    names = []
    for begin in at.tolist():
        end = content.find(b"\n", begin)
        match = _PEER.search(content[begin : end if end >= 0 else len(content)])
        names.append(match[1].decode("utf-8", "replace") if match else "")
    return names
