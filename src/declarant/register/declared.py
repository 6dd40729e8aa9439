"""Machines that no file describes yet (on order, planned): an observation from what is declared.

Groups that name one fabric hang together through it; a group that declares no links stands alone.
"""

from __future__ import annotations

import numpy as np

from declarant.clusters.observation import (
    LinkKind,
    Links,
    Machines,
    NodeKind,
    Nodes,
    Observation,
    Status,
)
from declarant.register.schema import Declared

FORMAT = "declared"


def observe_declared(
    declared: Declared, group: str, site: str | None, status: Status, register: tuple[str, str]
) -> Observation:
    """Return the declared machines as an observation.

    Args:
        declared: what the register says of the group.
        group: the group's id; machines are called GROUP-0001 and on.
        site: where they stand; None unknown.
        status: of every machine of the group.
        register: path and SHA-256 of the register, which is the evidence.
    """
    names = tuple(f"{group}-{number:04d}" for number in range(1, declared.machines + 1))
    count = len(names)
    nodes, links = Nodes(), Links()
    if declared.links is not None:
        fabric = f"fabric {declared.fabric or group}"
        nodes = Nodes(
            key=(*names, fabric),
            host=(*names, ""),
            label=(*names, fabric),
            kind=np.array([NodeKind.MACHINE] * count + [NodeKind.SWITCH], np.int8),
        )
        rate = np.full(count, declared.links.rate, np.int64)
        links = Links(
            a=np.arange(count, dtype=np.int32),
            b=np.full(count, count, np.int32),
            active=rate,
            supported=rate,
            count=np.full(count, declared.links.count, np.int32),
            kind=np.full(count, LinkKind.SCALE_OUT, np.int8),
            one_ended=np.zeros(count, np.bool_),
        )
    machines = Machines(
        name=names,
        device=(declared.device,) * count,
        naming="csv",
        count=np.full(count, declared.devices_per_machine, np.int64),
        site=(site or "",) * count,
        status=(status.value,) * count,
        owner=("",) * count,
        clique=("",) * count,
    )
    path, sha256 = register
    return Observation(path, sha256, FORMAT, machines, nodes, links)
