"""From the name a tool prints to the device it means: exactly, or not at all.

Names are compared whole, after folding case and separators. Parts of names are never compared:
"H200" contains "H20", "GB200" contains "B200" and "L40S" contains "L4".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from declarant.hardware.catalogue import listed
from declarant.hardware.device import Device
from declarant.quantities import FormatClass, Interval

_SEPARATORS = re.compile(r"[\s_/-]+")
_SLICED = re.compile(r"[ _-](?:MIG[ _-]\d+g\.\d+gb(?:\.me|\+me)?|SHARED)$", re.IGNORECASE)
_DIES = ("kubernetes", "slurm", "rocm-smi", "jax")


@dataclass(frozen=True, slots=True)
class DeviceMatch:
    """What a name may mean.

    Attributes:
        name: as it was given.
        devices: one when the name is clear, several when it is ambiguous, none when unknown.
        per_name: how many devices one unit under this name is (1/2 for one of two dies).
        why: how the name was understood, for people.
    """

    name: str
    devices: tuple[Device, ...]
    per_name: Fraction
    why: str

    def peak(self, formats: FormatClass) -> Interval:
        """Return the peak of one unit, operations per second, over every device it may be.

        An unknown device has no upper bound. A device that offers none of the formats adds 0.
        """
        if not self.devices:
            return Interval.at_least(0, self.why)
        peaks = [device.peak(formats) or Interval.exactly(0) for device in self.devices]
        return Interval.hull(peaks, self.why if len(peaks) > 1 else "") * self.per_name


@dataclass(frozen=True, slots=True)
class _Meaning:
    ids: tuple[str, ...]
    per_name: Fraction


def match_device(name: str, naming: str = "") -> DeviceMatch:
    """Return what `name` means as printed by a tool.

    Args:
        name: "NVIDIA H100 80GB HBM3", "NVIDIA-H100-80GB-HBM3-SHARED", "h100", "MI250X".
        naming: the tool: "nvidia-smi", "kubernetes", "slurm", "rocm-smi", "jax", or "".
    """
    whole = _SLICED.sub("", name.strip())
    key = fold(whole)
    meaning = _die_names().get((naming, key)) if naming in _DIES else None
    meaning = meaning or _names().get(key)
    if meaning is None:
        return DeviceMatch(name, (), Fraction(1), _unknown(name))
    devices = tuple(listed()[item].device for item in meaning.ids)
    return DeviceMatch(name, devices, meaning.per_name, _understood(name, whole, devices, meaning))


def device(name: str) -> Device | None:
    """Return the device of an id or of a clear name; None when there is none, or several."""
    found = listed().get(name.strip())
    if found is not None:
        return found.device
    match = match_device(name)
    return match.devices[0] if len(match.devices) == 1 and match.per_name == 1 else None


def devices() -> tuple[Device, ...]:
    """Return every device of the catalogue."""
    return tuple(item.device for item in listed().values())


def fold(name: str) -> str:
    """Return the name without differences of case and separators, and without a maker's name."""
    words = _SEPARATORS.sub(" ", name).strip().lower()
    return words.removeprefix("nvidia ").removeprefix("amd ").removeprefix("instinct ")


@cache
def _names() -> Mapping[str, _Meaning]:
    meant: dict[str, dict[str, Fraction]] = {}
    for item in listed().values():
        entry = item.entry
        plain = (
            entry.id,
            item.device.name,
            *(name for row in entry.names.values() for name in row),
        )
        for name in plain:
            meant.setdefault(fold(name), {})[entry.id] = Fraction(1)
        for package in entry.packages:
            meant.setdefault(fold(package.name), {})[entry.id] = Fraction(package.devices)
    return {key: _Meaning(tuple(ids), next(iter(ids.values()))) for key, ids in meant.items()}


@cache
def _die_names() -> Mapping[tuple[str, str], _Meaning]:
    return {
        (dies.naming, fold(name)): _Meaning((item.entry.id,), Fraction(1, dies.of))
        for item in listed().values()
        for dies in item.entry.dies
        for name in dies.names
    }


def _understood(name: str, whole: str, found: tuple[Device, ...], meaning: _Meaning) -> str:
    if len(found) > 1:
        listing = " or ".join(item.name for item in found)
        return f"{name!r} may be {listing}"
    said = f"{name!r} is {found[0].name}"
    if whole != name.strip():
        said += ", seen in slices or shared: the device counts, not the slice"
    if meaning.per_name < 1:
        said += f", of which this tool counts {meaning.per_name.denominator} dies"
    elif meaning.per_name > 1:
        said += f", {meaning.per_name} of them"
    return said


def _unknown(name: str) -> str:
    if not name.strip():
        return "the device is not named"
    near = difflib.get_close_matches(fold(name), _names(), n=3, cutoff=0.75)
    shown = dict.fromkeys(listed()[_names()[item].ids[0]].device.name for item in near)
    hint = f"; near names: {', '.join(shown)}" if shown else ""
    return f"{name!r} is not in the catalogue{hint}"
