"""What one file of an operator says about machines and links, in columns, before any reading.

Every reader returns an `Observation`; the fabric joins observations. Columns, not objects: a
campus has ten million links. Unknown stays unknown: -1 for a rate, "" for a name. A column of texts
is a tuple, or a `TextColumn` where there may be a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from declarant.problems import Finding

UNKNOWN_RATE = -1
"""In a column of link rates (bit/s): the file does not know this link's speed."""


class NodeKind(IntEnum):
    """What a node of a fabric is, as far as its file says."""

    UNKNOWN = 0
    SWITCH = 1
    ADAPTER = 2  # a port or card that belongs to a machine
    MACHINE = 3
    AGGREGATION = 4  # in-network computing of a switch (SHARP): no machine


class LinkKind(IntEnum):
    """Which fabric a link is part of."""

    SCALE_OUT = 0  # data center networking: InfiniBand, Ethernet
    SCALE_UP = 1  # NVLink, ICI, NeuronLink, Infinity Fabric between machines


class Status(StrEnum):
    """Of a machine or a group of machines."""

    IN_SERVICE = "in_service"
    INSTALLED = "installed"  # in place, not powered
    ON_ORDER = "on_order"
    PLANNED = "planned"
    RENTED = "rented"  # in service, owned by somebody else
    RETIRED = "retired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Machines:
    """Inventory rows, one for each kind of device in each machine. All columns have one length.

    Attributes:
        name: the machine's name, as its file prints it.
        device: the accelerator's name as printed ("NVIDIA H100 80GB HBM3", "h100"), "" unknown.
        naming: which tool's names these are: "nvidia-smi", "kubernetes", "slurm", "cloud", "csv".
        count: devices of that kind in that machine; -1 unknown.
        site: "" unknown.
        status: values of `Status`.
        owner: "" unknown.
        clique: id of the scale-up domain (NVLink clique), "" none or unknown.
        date: when the status began or will begin, ISO 8601, "" unknown; empty when no row has one.
    """

    name: Sequence[str] = ()
    device: Sequence[str] = ()
    naming: str = ""
    count: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    site: Sequence[str] = ()
    status: Sequence[str] = ()
    owner: Sequence[str] = ()
    clique: Sequence[str] = ()
    date: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of a fabric: `key` is unique in its file (a GUID, a host name); one length each.

    `host` is the machine a node belongs to as far as the file says, "" when it does not.
    `label` is what the file prints for people (node description), "" none.
    """

    key: Sequence[str] = ()
    host: Sequence[str] = ()
    label: Sequence[str] = ()
    kind: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, slots=True)
class Links:
    """Links between nodes, each once. All arrays have shape (n,).

    Attributes:
        a: row of the first end in `Nodes`, int32.
        b: row of the second end, int32.
        active: rate now, bit/s, int64, nominal data rate; `UNKNOWN_RATE` when not known.
        supported: rate the slower of both ends could run at; `UNKNOWN_RATE` when not known.
        count: parallel links that this row stands for, int32.
        kind: values of `LinkKind`, int8.
        one_ended: True where only one end of the link was written down, bool.
    """

    a: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    b: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    active: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    supported: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    count: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    kind: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    one_ended: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))

    def __len__(self) -> int:
        return len(self.a)


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one file says.

    `format` is the reader's registered name. `sha256` is of the file's bytes. A file may hold an
    inventory, a fabric, or both. `speeds_known` is False for files that show connectivity only (a
    scheduler's tree): such links are an upper bound on what hangs together.
    """

    path: str
    sha256: str
    format: str
    machines: Machines = field(default_factory=Machines)
    nodes: Nodes = field(default_factory=Nodes)
    links: Links = field(default_factory=Links)
    findings: tuple[Finding, ...] = ()
    speeds_known: bool = True
