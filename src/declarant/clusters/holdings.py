"""What the machines hold: kinds of devices with their peaks, and how many of each in a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.disagreement import in_words
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
        choices: where inventories disagree about a machine, all that it may hold: (kind, number)
            each, the number -1 when unknown.
    """

    name: str
    match: DeviceMatch
    assumed: bool = False
    choices: tuple[tuple[tuple[Kind, int], ...], ...] = ()

    @property
    def known(self) -> bool:
        """Whether the catalogue has a device of that name."""
        if self.choices:
            return all(kind.known for choice in self.choices for kind, _ in choice)
        return bool(self.match.devices)

    def units(self, devices: str) -> Fraction:
        """Return how many devices one named unit is, under a reading; the fewest it may be."""
        if self.choices:
            held = ((kind.units(devices) * max(n, 0) for kind, n in each) for each in self.choices)
            return min(sum(each, Fraction(0)) for each in held)
        return self.match.per_name if self.counts_under(devices) else Fraction(0)

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
        if self.choices:
            return Interval.hull(
                Interval.total(
                    kind.peak(formats, devices) * count
                    if count >= 0
                    else Interval.at_least(0) * kind.peak(formats, devices)
                    for kind, count in choice
                )
                for choice in self.choices
            )
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
            self.kinds[kind].units(devices) * count for kind, count in self.counted(rows).items()
        ]
        return int(sum(held, Fraction(0)))


def holdings(fabric: Fabric) -> Holdings:
    """Return what the machines of a fabric hold, by inventory or by what a person assumes."""
    inventory, group = fabric.inventory, fabric.group
    kinds = [Kind(name, match_device(name, naming)) for naming, name in inventory.kinds]
    for choices in inventory.choices:
        name = " or ".join(dict.fromkeys(in_words(each, inventory.kinds) for each in choices))
        either = tuple(tuple((kinds[kind], count) for kind, count in each) for each in choices)
        kinds.append(Kind(name, DeviceMatch(name, (), Fraction(1), name), choices=either))
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
