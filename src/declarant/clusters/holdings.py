"""What the machines hold: kinds of devices with their peaks, and how many of each in a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.fabric import Fabric
from declarant.hardware import DeviceMatch, match_device
from declarant.quantities import FormatClass, Interval

CPU, TRAINING = "cpu", "training"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of device as some tool names it.

    Attributes:
        name: as printed.
        match: what the catalogue has under that name; no device when it is not known.
        assumed: a person said that machines without an inventory hold it.
    """

    name: str
    match: DeviceMatch
    assumed: bool = False

    @property
    def known(self) -> bool:
        """Whether the catalogue has a device of that name."""
        return bool(self.match.devices)

    def counts_under(self, devices: str) -> bool:
        """Return whether a reading of `devices` counts it. What is not known always counts."""
        roles = {device.role for device in self.match.devices}
        if not roles or devices == "with_cpus":
            return True
        if devices == "training_accelerators":
            return TRAINING in roles
        return roles != {CPU}

    def peak(self, formats: FormatClass, devices: str) -> Interval:
        """Return operations per second of one named unit under a reading; zero when left out."""
        return self.match.peak(formats) if self.counts_under(devices) else Interval.exactly(0)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Rows of devices in machines.

    Attributes:
        kinds: kinds of devices, which `kind` counts.
        machine, kind, count: shape (n,) each; count -1 unknown.
        unlisted: machines that no inventory describes and no assumption covers: they have no row.
        assumed_kind: which kind each evidence assumes, for those that assume one.
    """

    kinds: tuple[Kind, ...]
    machine: NDArray[np.int64]
    kind: NDArray[np.int64]
    count: NDArray[np.int64]
    unlisted: NDArray[np.int64]
    assumed_kind: Mapping[int, int]

    def counted(self, rows: NDArray[np.int64]) -> dict[int, int]:
        """Return how many units of each kind these rows are, as far as known."""
        units = np.zeros(len(self.kinds), np.int64)
        np.add.at(units, self.kind[rows], self.count[rows].clip(min=0))
        return {kind: int(count) for kind, count in enumerate(units.tolist()) if count}

    def amount(self, rows: NDArray[np.int64], devices: str) -> int:
        """Return how many devices these rows are, as far as known, under a reading of `devices`."""
        held = [
            self.kinds[kind].match.per_name * count
            for kind, count in self.counted(rows).items()
            if self.kinds[kind].counts_under(devices)
        ]
        return int(sum(held, Fraction(0)))


def holdings(fabric: Fabric) -> Holdings:
    """Return what the machines of a fabric hold, by inventory or by what a person assumes."""
    inventory, group = fabric.inventory, fabric.group
    kinds = [Kind(name, match_device(name, naming)) for naming, name in inventory.kinds]
    machine = [inventory.machine]
    kind = [inventory.kind]
    count = [inventory.count.astype(np.int64)]
    unlisted = []
    assumed_kind = {}
    for number, assumed in enumerate(fabric.assumed):
        rows = np.flatnonzero(group.assumed_by == number)
        if assumed is None:
            unlisted.append(rows)
            continue
        assumed_kind[number] = len(kinds)
        machine.append(rows)
        kind.append(np.full(len(rows), len(kinds)))
        count.append(np.full(len(rows), assumed.per_machine))
        kinds.append(Kind(assumed.device, match_device(assumed.device), assumed=True))
    return Holdings(
        tuple(kinds),
        np.concatenate(machine),
        np.concatenate(kind),
        np.concatenate(count),
        np.concatenate([*unlisted, np.empty(0, np.int64)]),
        assumed_kind,
    )
