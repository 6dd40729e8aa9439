"""Observations with what a person adds to them: a site, a status, devices that no file names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from declarant.clusters.observation import (
    Links,
    Machines,
    NodeKind,
    Nodes,
    Observation,
    Status,
)


@dataclass(frozen=True, slots=True)
class AssumedDevices:
    """What a machine holds that stands in a fabric and in no inventory, as a person says."""

    device: str
    per_machine: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation of a group of machines.

    Attributes:
        observation: what the file says.
        assumed: devices of machines that no inventory describes; None leaves them unknown.
        site, status, owner, date: of machines whose file does not say; "" and UNKNOWN say nothing.
            `date` is when the status began or will begin, ISO 8601.
    """

    observation: Observation
    assumed: AssumedDevices | None = None
    site: str = ""
    status: Status = Status.UNKNOWN
    owner: str = ""
    date: str = ""


def declared_machines(
    name: str,
    *,
    machines: int,
    device: str,
    devices_per_machine: int,
    links: int = 0,
    link_bits_per_second: int = 0,
    fabric: str = "",
) -> Observation:
    """Return machines that are declared and not read from a file.

    Args:
        name: of the group; its machines are called NAME-1, NAME-2 and so on.
        machines: how many.
        device: the accelerator's name.
        devices_per_machine: how many each holds.
        links: of each machine towards `fabric`; 0 when the links are not known.
        link_bits_per_second: rate of each of these links.
        fabric: groups that name the same fabric are joined there; "" stands for one of their own.
    """
    said = f"{name}|{machines}|{device}|{devices_per_machine}|{links}|{link_bits_per_second}"
    names = tuple(f"{name}-{number}" for number in range(1, machines + 1))
    blank = ("",) * machines
    inventory = Machines(
        names,
        (device,) * machines,
        "csv",
        np.full(machines, devices_per_machine, np.int64),
        blank,
        (Status.UNKNOWN.value,) * machines,
        blank,
        blank,
    )
    digest = hashlib.sha256(said.encode()).hexdigest()
    if not links:
        return Observation(name, digest, "declared", inventory)
    hub = f"fabric {fabric or name}"
    kind = np.full(machines + 1, NodeKind.MACHINE, np.int8)
    kind[-1] = NodeKind.SWITCH
    rate = np.full(machines, link_bits_per_second, np.int64)
    return Observation(
        name,
        digest,
        "declared",
        inventory,
        Nodes((*names, hub), (*names, ""), (*names, hub), kind),
        Links(
            np.arange(machines, dtype=np.int32),
            np.full(machines, machines, np.int32),
            rate,
            rate,
            np.full(machines, links, np.int32),
            np.zeros(machines, np.int8),
            np.zeros(machines, np.bool_),
        ),
    )
