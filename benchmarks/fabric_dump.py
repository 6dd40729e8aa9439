"""Writes an ibnetdiscover dump of a rail-optimised three-level fat tree of any size.

The text is what rdma-core's tool prints: a switch section or an adapter section for each node, and
each link twice. Every machine has eight adapters; adapter k of the machines of one pod goes to the
pod's leaf switches of rail k.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RAILS = 8
DOWN = 32  # ports of a leaf that go to machines, and as many that go up
RATE = "4xNDR"
STRIDE = 33  # no multiple of the 32 spines of a group


@dataclass(frozen=True)
class FatTree:
    """`pods` of 32 machines with a leaf switch for each rail; half as many cores as spines.

    `pods` is a multiple of four, so that the leaves fill groups of 32 with 32 spines each.
    """

    pods: int

    @property
    def machines(self) -> int:
        return self.pods * DOWN

    @property
    def links(self) -> int:
        return self.pods * RAILS * DOWN * 3  # to machines, to spines, from spines to cores


def with_links(links: int) -> FatTree:
    """Return the smallest tree with at least `links` links."""
    return FatTree(4 * -(-links // (4 * RAILS * DOWN * 3)))


def write(tree: FatTree, path: Path) -> None:
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(_lines(tree))


def _lines(tree: FatTree) -> Iterator[str]:
    yield "#\n# Topology file: generated on Wed Aug  6 16:11:23 2025\n#\n"
    yield f"# Initiated from node {_adapter(0, 0):016x} port {_adapter(0, 0):016x}\n"
    leaves = tree.pods * RAILS
    for leaf in range(leaves):
        yield _leaf_section(leaf)
    for spine in range(leaves):
        yield _spine_section(spine, leaves)
    for core in range(leaves // 2):
        yield _core_section(core, leaves)
    for machine in range(tree.machines):
        yield from (_adapter_section(machine, rail) for rail in range(RAILS))


def _adapter(machine: int, rail: int) -> int:
    return 0xE09D_7300_0000_0000 + machine * RAILS + rail


def _switch(level: int, number: int) -> int:
    return 0x2C5E_AB00_0000_0000 + (level << 32) + number * 64


def _switch_name(level: int, number: int) -> str:
    return f"MF0;{('LEAF', 'SPINE', 'CORE')[level]}-{number:06d}:MQM9701/U1"


def _head(level: int, number: int) -> str:
    guid = _switch(level, number)
    return (
        f"\nvendid=0x2c9\ndevid=0xd2f2\nsysimgguid=0x{guid:x}\nswitchguid=0x{guid:x}({guid:x})\n"
        f'Switch\t65 "S-{guid:016x}"\t\t# "{_switch_name(level, number)}" enhanced port 0 '
        f"lid {number % 49000 + 1} lmc 0\n"
    )


def _to_switch(port: int, level: int, number: int, peer_port: int) -> str:
    return (
        f'[{port}]\t"S-{_switch(level, number):016x}"[{peer_port}]\t\t'
        f'# "{_switch_name(level, number)}" lid {number % 49000 + 1} {RATE}\n'
    )


def _leaf_section(leaf: int) -> str:
    pod, rail = divmod(leaf, RAILS)
    lines = [_head(0, leaf)]
    for k in range(DOWN):
        machine = pod * DOWN + k
        guid = _adapter(machine, rail)
        lines.append(
            f'[{k + 1}]\t"H-{guid:016x}"[1]({guid:x}) \t\t# "dgx-{machine:06d} mlx5_{rail}" '
            f"lid {guid % 49000 + 1} {RATE}\n"
        )
    # up port k goes to spine k of the leaf's group of 32 leaves
    group, place = divmod(leaf, DOWN)
    lines += [_to_switch(DOWN + k + 1, 1, group * DOWN + k, place + 1) for k in range(DOWN)]
    return "".join(lines)


def _spine_section(spine: int, leaves: int) -> str:
    group, place = divmod(spine, DOWN)
    lines = [_head(1, spine)]
    lines += [_to_switch(k + 1, 0, group * DOWN + k, DOWN + place + 1) for k in range(DOWN)]
    for k in range(DOWN):
        core, port = _core_of(spine, k, leaves)
        lines.append(_to_switch(DOWN + k + 1, 2, core, port))
    return "".join(lines)


def _core_of(spine: int, k: int, leaves: int) -> tuple[int, int]:
    """Return the core and its port at the other end of spine's up port k.

    Each port number deals the spines out to the cores anew, so that all hang together.
    """
    half, core = divmod((spine + k * STRIDE) % leaves, leaves // 2)
    return core, 2 * k + half + 1


def _core_section(core: int, leaves: int) -> str:
    lines = [_head(2, core)]
    for port in range(2 * DOWN):
        k, half = divmod(port, 2)
        spine = (core + half * (leaves // 2) - k * STRIDE) % leaves
        lines.append(_to_switch(port + 1, 1, spine, DOWN + k + 1))
    return "".join(lines)


def _adapter_section(machine: int, rail: int) -> str:
    guid = _adapter(machine, rail)
    leaf = machine // DOWN * RAILS + rail
    return (
        f"\nvendid=0x2c9\ndevid=0x1021\nsysimgguid=0x{guid:x}\ncaguid=0x{guid:x}\n"
        f'Ca\t1 "H-{guid:016x}"\t\t# "dgx-{machine:06d} mlx5_{rail}"\n'
        f'[1]({guid:x}) \t"S-{_switch(0, leaf):016x}"[{machine % DOWN + 1}]\t\t'
        f'# lid {guid % 49000 + 1} lmc 0 "{_switch_name(0, leaf)}" lid {leaf % 49000 + 1} {RATE}\n'
    )
