"""From the name a tool prints to the device it means: exactly, or not at all.

Names are compared whole, after folding case and separators. Parts of names are never compared:
"H200" contains "H20", "GB200" contains "B200" and "L40S" contains "L4". Only a maker's name around
the device's may be absent, and where it is present it must be the right one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from declarant.hardware.catalogue import Listed, Naming, listed
from declarant.hardware.device import Device
from declarant.quantities import FormatClass, Interval

_SEPARATORS = re.compile(r"[\s_/-]+")
_MARKS = re.compile(r"\((?:r|tm)\)|[\u00ae\u2122]", re.IGNORECASE)
# as NVIDIA's tools and Slurm append them: -MIG-1g.10gb, _3g.40gb, -SHARED
_PART = re.compile(
    r"(?:[ _-](?:MIG[ _-])?(?:\d{1,3}c\.)?\d{1,3}g\.\d{1,4}gb(?:[.+]me)?|[ _-]SHARED)+$",
    re.IGNORECASE,
)
_MAKERS = {
    "amazon": "AWS",
    "amd": "AMD",
    "aws": "AWS",
    "google": "Google",
    "habana": "Intel",
    "huawei": "Huawei",
    "instinct": "AMD",
    "intel": "Intel",
    "microsoft": "Microsoft",
    "nvidia": "NVIDIA",
    "tesla": "NVIDIA",
}
_TOOLS: tuple[Naming, ...] = ("nvidia-smi", "rocm-smi", "gke", "jax", "mlperf")
_WITH_MAKER: tuple[Naming, ...] = ("nvidia-smi", "rocm-smi", "gke", "mlperf")
# JAX is not among them: it prints names as people write them
# whose names a file holds: Kubernetes labels and Slurm types repeat those of the makers' tools
_PRINTED_BY: dict[str, tuple[Naming, ...]] = {
    **{tool: (tool,) for tool in _TOOLS},
    "jax": ("jax", "nvidia-smi"),
    "rocm": ("rocm-smi",),
    "cloud": ("gke",),
    "kubernetes": ("nvidia-smi", "rocm-smi", "gke"),
    "slurm": ("nvidia-smi", "rocm-smi"),
}
_SAME_NAMING = {"rocm": "rocm-smi", "cloud": "gke"}
_LONGEST = 100  # characters; what is longer is no name, and is not searched for near ones


@dataclass(frozen=True, slots=True)
class DeviceMatch:
    """What a name may mean.

    Attributes:
        name: as it was given.
        devices: one when the name is clear, several when it is ambiguous, none when unknown.
        per_name: how many devices one unit under this name is (1/2 for one of two dies).
        why: how the name was understood, for people.
        is_part: the name is of a slice (MIG) or a share of the device.
    """

    name: str
    devices: tuple[Device, ...]
    per_name: Fraction
    why: str
    is_part: bool = False

    def peak(self, formats: FormatClass) -> Interval:
        """Return the peak of one unit, operations per second, over every device it may be.

        An unknown device has no upper bound. A device that offers none of the formats adds 0. A
        slice or a share may do anything between nothing and what its device can.
        """
        if not self.devices:
            return Interval.at_least(0, self.why)
        peaks = [device.peak(formats) or Interval.exactly(0) for device in self.devices]
        if self.is_part:
            peaks.append(Interval.exactly(0))
        return Interval.hull(peaks, self.why if len(peaks) > 1 else "") * self.per_name


@dataclass(frozen=True, slots=True)
class _Meaning:
    ids: tuple[str, ...]
    units: int = 1  # devices in one package of that name


def match_device(name: str, naming: str = "") -> DeviceMatch:
    """Return what `name` means.

    A name that a tool prints means what that tool means by it; any other is taken the way people
    write it, and then stands for every device that it may be.

    Args:
        name: "NVIDIA H100 80GB HBM3", "NVIDIA-H100-80GB-HBM3-SHARED", "h100", "MI250X".
        naming: whose name it is: "nvidia-smi", "rocm-smi", "kubernetes", "slurm", "gke" (cloud),
            "jax" or "mlperf"; any other text says that it is not known.
    """
    given = name.strip()
    whole = _PART.sub("", given) if len(given) <= _LONGEST else given
    meaning = _meaning(whole, naming)
    if meaning is None:
        return DeviceMatch(name, (), Fraction(1), _unknown(given))
    found = tuple(listed()[item] for item in meaning.ids)
    dies = {_dies_counted(item, naming) for item in found}
    per_name = Fraction(meaning.units, dies.pop()) if len(dies) == 1 else Fraction(1)
    devices = tuple(item.device for item in found)
    is_part = whole != given
    why = _understood(given, is_part, devices, per_name)
    return DeviceMatch(name, devices, per_name, why, is_part)


def device(name: str) -> Device | None:
    """Return the device of an id or of a clear name; None when there is none, or several."""
    found = listed().get(name.strip())
    if found is not None:
        return found.device
    match = match_device(name)
    is_one = len(match.devices) == 1 and match.per_name == 1 and not match.is_part
    return match.devices[0] if is_one else None


def devices() -> tuple[Device, ...]:
    """Return every device of the catalogue."""
    return tuple(item.device for item in listed().values())


def _meaning(name: str, naming: str) -> _Meaning | None:
    words = _words(name)
    printed = {
        item: None
        for tool in _PRINTED_BY.get(naming, _WITH_MAKER)
        for item in _printed().get((tool, words), ())
    }
    if printed:
        return _Meaning(tuple(printed))
    makers, key = _without_makers(words)
    meaning = _plain().get(key)
    if meaning is None or not makers:
        return meaning
    ids = tuple(item for item in meaning.ids if makers == {listed()[item].device.maker})
    return _Meaning(ids, meaning.units) if ids else None


def _words(name: str) -> tuple[str, ...]:
    return tuple(_SEPARATORS.sub(" ", _MARKS.sub(" ", name)).lower().split())


def _without_makers(words: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the makers named at either end of a name, and the words between."""
    start, end = 0, len(words)
    while start < end and words[start] in _MAKERS:
        start += 1
    while start < end and words[end - 1] in _MAKERS:
        end -= 1
    around = (*words[:start], *words[end:])
    return frozenset(_MAKERS[word] for word in around), words[start:end]


@cache
def _printed() -> Mapping[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    """Devices by tool and by a name exactly as that tool prints it, the maker's name with it."""
    meant: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    for item in listed().values():
        for tool in _TOOLS:
            for name in item.entry.names.get(tool, ()):
                key = (tool, _words(name))
                meant[key] = (*meant.get(key, ()), item.device.id)
    return meant


@cache
def _plain() -> Mapping[tuple[str, ...], _Meaning]:
    """Devices by every name that anybody uses, without the maker's."""
    meant: dict[tuple[str, ...], dict[str, int]] = {}
    for item in listed().values():
        for name in _names_of(item):
            key = _without_makers(_words(name))[1]
            meant.setdefault(key, {})[item.device.id] = 1
        for package in item.entry.packages:
            key = _without_makers(_words(package.name))[1]
            meant.setdefault(key, {})[item.device.id] = package.devices
    return {key: _Meaning(tuple(ids), next(iter(ids.values()))) for key, ids in meant.items()}


def _names_of(item: Listed) -> Iterable[str]:
    yield item.entry.id
    yield item.device.name
    for names in item.entry.names.values():
        yield from names


def _dies_counted(item: Listed, naming: str) -> int:
    dies = item.entry.dies
    return dies.of if dies and _SAME_NAMING.get(naming, naming) in dies.counted_by else 1


def _understood(name: str, is_part: bool, found: tuple[Device, ...], per_name: Fraction) -> str:
    meant = " or ".join(item.name for item in found)
    said = f"{name!r} is {meant}" if len(found) == 1 else f"{name!r} may be {meant}"
    if is_part:
        said += ", in slices or shared: count the devices, not the slices"
    if per_name < 1:
        said += f", of which this tool counts {per_name.denominator} dies"
    elif per_name > 1:
        said += f", {per_name} of them"
    return said


def _unknown(name: str) -> str:
    if not name:
        return "the device is not named"
    if len(name) > _LONGEST:
        return f"{name[:_LONGEST]!r}... is not in the catalogue"
    spelled = {" ".join(key): meaning.ids[0] for key, meaning in _plain().items()}
    key = " ".join(_without_makers(_words(name))[1])
    near = difflib.get_close_matches(key, spelled, n=3, cutoff=0.75)
    shown = dict.fromkeys(listed()[spelled[item]].device.name for item in near)
    hint = f"; spelled nearly alike, and not taken: {', '.join(shown)}" if shown else ""
    return f"{name!r} is not in the catalogue{hint}"
