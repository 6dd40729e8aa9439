"""What one writes first: a regular expression for each line, and networkx for the graph.

It finds the same facts as the product, as simply as it can: links once, adapters grouped into
machines by host name, the largest set of machines under the reading "one link".
"""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx

NODE = re.compile(r'^(?:Switch|Ca|Rt)\s+\d+\s+"([SHR]-[0-9a-f]+)"\s+# "([^"]*)"')
PORT = re.compile(
    r'^\[(\d+)\](?:\([0-9a-f]+\))?\s+"([SHR]-[0-9a-f]+)"\[(\d+)\](?:\([0-9a-f]+\))?\s+#.*\s'
    r"(\d+)x([A-Z]+\d*|\?+)"
)
LANE = {"SDR": 2.5, "DDR": 5, "QDR": 10, "FDR10": 10, "FDR": 14}
LANE |= {"EDR": 25, "HDR": 50, "NDR": 100, "XDR": 200}


def read(path: Path) -> nx.Graph:
    graph = nx.Graph()
    here = ""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if match := PORT.match(line):
                peer = match[2]
                rate = int(match[4]) * LANE.get(match[5], 0)
                if not graph.has_edge(here, peer):
                    graph.add_edge(here, peer, fastest=rate, ends=1)
                else:
                    edge = graph.edges[here, peer]
                    edge["fastest"] = max(edge["fastest"], rate)
                    edge["ends"] += 1
            elif match := NODE.match(line):
                here = match[1]
                graph.add_node(here, host=match[2].split()[0] if here[0] == "H" else "")
    return graph


def assess(graph: nx.Graph, limit: float) -> tuple[int, int]:
    """Return machines in the largest set joined by single links above `limit`, and all links."""
    host = nx.get_node_attributes(graph, "host")
    machines = nx.Graph()
    links = 0
    for a, b, edge in graph.edges(data=True):
        links += edge["ends"] // 2
        if edge["fastest"] > limit:
            machines.add_edge(host.get(a) or a, host.get(b) or b)
    hosts = set(host.values()) - {""}
    largest = max(nx.connected_components(machines), key=len)
    return len(largest & hosts), links
