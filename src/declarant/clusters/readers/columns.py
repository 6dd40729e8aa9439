"""Gathering rows into the columns of an observation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from declarant.clusters.observation import (
    UNKNOWN_RATE,
    LinkKind,
    Links,
    Machines,
    NodeKind,
    Nodes,
    Status,
)

UNKNOWN_COUNT = -1
"""In the column of device counts: the file does not say how many."""

MOST_DEVICES = 1_000_000
"""A machine that is said to hold more than this is a mistake of writing, not a machine."""


@dataclass(slots=True)
class MachineRows:
    """Inventory rows as they are read, one for each kind of device in each machine."""

    name: list[str] = field(default_factory=list)
    device: list[str] = field(default_factory=list)
    count: list[int] = field(default_factory=list)
    site: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    clique: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        device: str,
        count: int,
        *,
        status: Status,
        site: str = "",
        clique: str = "",
    ) -> None:
        """Add a row; `device` "" and `count` -1 are unknown, as in `Machines`."""
        self.name.append(name)
        self.device.append(device)
        self.count.append(count)
        self.site.append(site)
        self.status.append(status.value)
        self.clique.append(clique)

    def machines(self, naming: str) -> Machines:
        """Return the rows as columns; `naming` says which tool's device names these are."""
        return Machines(
            name=tuple(self.name),
            device=tuple(self.device),
            naming=naming,
            count=np.array(self.count, np.int64),
            site=tuple(self.site),
            status=tuple(self.status),
            owner=("",) * len(self.name),
            clique=tuple(self.clique),
        )


@dataclass(slots=True)
class FabricRows:
    """Nodes and links as they are read; nodes are known by their key, links by their ends."""

    row: dict[str, int] = field(default_factory=dict)
    host: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    kind: list[NodeKind] = field(default_factory=list)
    ends: list[tuple[int, int]] = field(default_factory=list)
    active: list[int] = field(default_factory=list)
    supported: list[int] = field(default_factory=list)

    def node(self, key: str, kind: NodeKind, *, host: str = "", label: str = "") -> int:
        """Return the node's row; a node seen before keeps what is known and learns its kind."""
        found = self.row.get(key)
        if found is None:
            found = self.row[key] = len(self.row)
            self.host.append(host)
            self.label.append(label)
            self.kind.append(kind)
        elif self.kind[found] is NodeKind.UNKNOWN and kind is not NodeKind.UNKNOWN:
            self.kind[found], self.host[found] = kind, host
        return found

    def link(
        self, a: int, b: int, active: int = UNKNOWN_RATE, supported: int = UNKNOWN_RATE
    ) -> None:
        """Add one link between two rows; rates in bit/s."""
        self.ends.append((a, b))
        self.active.append(active)
        self.supported.append(supported)

    def nodes(self) -> Nodes:
        """Return the nodes as columns."""
        return Nodes(
            key=tuple(self.row),
            host=tuple(self.host),
            label=tuple(self.label),
            kind=np.array(self.kind, np.int8),
        )

    def links(self) -> Links:
        """Return the links as columns, all of the scale-out network."""
        ends = np.array(self.ends, np.int32).reshape(-1, 2)
        return Links(
            a=ends[:, 0].copy(),
            b=ends[:, 1].copy(),
            active=np.array(self.active, np.int64),
            supported=np.array(self.supported, np.int64),
            count=np.ones(len(ends), np.int32),
            kind=np.full(len(ends), LinkKind.SCALE_OUT, np.int8),
            one_ended=np.zeros(len(ends), np.bool_),
        )
