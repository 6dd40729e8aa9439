"""Writes dumps of InfiniBand fabrics in the form in which rdma-core's ibnetdiscover prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Node:
    letter: str
    guid: int
    name: str
    ports: dict[int, tuple[Node, int, str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.letter}-{self.guid:016x}"


class Dump:
    """A fabric that is built up link by link and then written."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def switch(self, name: str) -> Node:
        return self._add("S", f"MF0;{name}:MQM9701/U1")

    def adapter(self, name: str) -> Node:
        return self._add("H", name)

    def _add(self, letter: str, name: str) -> Node:
        guid = (0x2C5EAB0300000000 if letter == "S" else 0xE09D730300000000) + 16 * len(self.nodes)
        self.nodes.append(Node(letter, guid, name))
        return self.nodes[-1]

    def link(self, a: Node, b: Node, rate: str = "4xNDR", times: int = 1) -> None:
        for _ in range(times):
            port_a, port_b = len(a.ports) + 1, len(b.ports) + 1
            a.ports[port_a] = (b, port_b, rate)
            if b is a:
                port_b = port_a + 1
                a.ports[port_a] = (a, port_b, rate)
            b.ports[port_b] = (a, port_a, rate)

    def text(self, *, without: Iterable[Node] = ()) -> str:
        """Return the dump; sections of nodes in `without` are left out."""
        left_out = {id(node) for node in without}
        head = "#\n# Topology file: generated on Wed Aug  6 16:11:23 2025\n#\n"
        kept = [node for node in self.nodes if id(node) not in left_out]
        return head + "".join(_section(node) for node in kept)


def _section(node: Node) -> str:
    guid = f"{node.guid:x}"
    ids = f"\nvendid=0x2c9\ndevid=0x1021\nsysimgguid=0x{guid}\n"
    if node.letter == "S":
        title = (
            f"switchguid=0x{guid}({guid})\n"
            f'Switch\t65 "{node.id}"\t\t# "{node.name}" enhanced port 0 lid 73 lmc 0\n'
        )
    else:
        title = f'caguid=0x{guid}\nCa\t1 "{node.id}"\t\t# "{node.name}"\n'
    return ids + title + "".join(_port(node, number) for number in sorted(node.ports))


def _port(node: Node, number: int) -> str:
    peer, peer_port, rate = node.ports[number]
    peer_guid = f"({peer.guid:x}) " if peer.letter == "H" else ""
    if node.letter == "S":
        own, lid = "", ""
    else:
        own, lid = f"({node.guid:x}) ", "lid 5 lmc 0 "
    return (
        f'[{number}]{own}\t"{peer.id}"[{peer_port}]{peer_guid}\t\t'
        f'# {lid}"{peer.name}" lid 6 {rate}\n'
    )


def rail_fabric(
    *, units: int = 7, machines: int = 20, rails: int = 8, rate: str = "4xHDR", spines: int = 4
) -> Dump:
    """Return a rail fabric like those of DGX A100 systems: each adapter on a leaf of its own.

    Leaves go to every spine by two parallel links.
    """
    dump = Dump()
    top = [dump.switch(f"spine-{number}") for number in range(spines)]
    for unit in range(units):
        leaves = [dump.switch(f"leaf-{unit}-{rail}") for rail in range(rails)]
        for leaf in leaves:
            for spine in top:
                dump.link(leaf, spine, rate, times=2)
        for number in range(machines):
            for rail, leaf in enumerate(leaves):
                adapter = dump.adapter(f"dgx-{unit:02d}-{number:02d} mlx5_{rail}")
                dump.link(adapter, leaf, rate)
    return dump
