"""What a SONiC switch is told about its neighbours, as nodes and links.

A switch's configuration shows each link from one end. Read the files of all switches together: a
link that two of them describe is one link.
"""

from __future__ import annotations

from declarant.clusters.observation import NodeKind

MEGABIT = 1_000_000
"""Speeds of ports stand in Mbit/s."""

FASTEST = 100_000_000
"""Mbit/s; a port said to be faster is a mistake of writing."""

# Types of devices in DEVICE_NEIGHBOR_METADATA and in minigraphs that are machines. Every other
# type (ToRRouter, LeafRouter, SpineRouter, ...) is network equipment.
_MACHINES = {"server", "sonichost", "host", "computenode"}


def kind_of(type_: str) -> NodeKind:
    """Return what a neighbour of this type is; UNKNOWN when no type is given."""
    if not type_:
        return NodeKind.UNKNOWN
    return NodeKind.MACHINE if type_.lower() in _MACHINES else NodeKind.SWITCH


def bits_per_second(speed: object) -> int | None:
    """Return the rate of a port whose speed is written in Mbit/s; None when it is none."""
    text = str(speed) if isinstance(speed, (str, int)) and not isinstance(speed, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return None
    return int(text) * MEGABIT if 0 < int(text) <= FASTEST else None
