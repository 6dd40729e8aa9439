"""What one writes first: a regular expression for each line, and networkx for the graph.

It finds the same facts as the product, as simply as it can: each link once with both its ends,
links that stand at one end only, adapters grouped into machines by host name, and the largest set
of machines under the reading "one link".
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

Port = tuple[str, int]


def read(path: Path) -> tuple[dict[str, str], dict[Port, tuple[Port, float]]]:
    """Return the host of each node, and for each port the port at the other end and the rate."""
    hosts: dict[str, str] = {}
    ports: dict[Port, tuple[Port, float]] = {}
    here = ""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if match := PORT.match(line):
                port, peer, peer_port, width, lane = match.groups()
                rate = int(width) * LANE.get(lane, 0)
                ports[here, int(port)] = ((peer, int(peer_port)), rate)
            elif match := NODE.match(line):
                here, name = match.groups()
                hosts[here] = name.split()[0] if here[0] == "H" else ""
    return hosts, ports


def assess(
    hosts: dict[str, str], ports: dict[Port, tuple[Port, float]], limit: float
) -> tuple[int, int, int]:
    """Return machines in the largest set joined by single links above `limit`.

    Then how many links there are, and how many of them stand at one end only.
    """
    links = one_ended = 0
    graph = nx.Graph()
    for end, (other, rate) in ports.items():
        both = other in ports and ports[other][0] == end
        if both and other < end:
            continue
        links += 1
        one_ended += not both
        if rate > limit:
            graph.add_edge(hosts.get(end[0]) or end[0], hosts.get(other[0]) or other[0])
    machines = set(hosts.values()) - {""}
    largest = max(nx.connected_components(graph), key=len)
    return len(largest & machines), links, one_ended
