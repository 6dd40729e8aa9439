"""The catalogue: data files beside this module, one a maker, checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from declarant.hardware.device import Clocks, Confidence, Device, Peak, Role, Source
from declarant.problems import BadInput, bad_input
from declarant.quantities import NumberFormat, parse_number
from declarant.yaml_source import read_yaml, validated

FOLDER = Path(__file__).parent / "catalogue"
TERA = 10**12

Naming = Literal["nvidia-smi", "rocm-smi", "kubernetes", "slurm", "gke", "jax", "mlperf"]
"""A tool, or a place where a tool's names are seen."""

NameKind = Literal[Naming, "any", "ambiguous"]
"""Who uses a name: a tool; `any`body; several devices share it (it stands with each of them)."""


def _tera(value: object) -> int:
    try:
        rate = parse_number(value) * TERA if isinstance(value, (str, int)) else Fraction(1, 2)
    except BadInput:
        rate = Fraction(1, 2)
    if rate.denominator != 1 or rate == 0:
        raise ValueError("a rate is 10^12 operations per second above zero, such as '989.4'")
    return int(rate)


TeraRate = Annotated[int, BeforeValidator(_tera)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceEntry(_Entry):
    """A document that rates were read in."""

    title: str
    url: str | None = None


class Cell(_Entry):
    """What needs more than a number: conflicting bounds, an unknown rate, its own source."""

    value: TeraRate | None = None
    between: tuple[TeraRate, TeraRate] | None = None
    unknown: bool = False
    at_most: TeraRate | None = None
    confidence: Confidence | None = None
    source: str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Cell:
        if (self.value is not None) + (self.between is not None) + self.unknown != 1:
            raise ValueError("a cell has one of 'value', 'between' and 'unknown: true'")
        if self.at_most is not None and not self.unknown:
            raise ValueError("'at_most' bounds an unknown rate only")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("'between' has its lower bound first")
        return self

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The lower and the upper bound; 0 and the bound, if any, of an unknown rate."""
        if self.between is not None:
            return self.between
        return (0, self.at_most) if self.value is None else (self.value, self.value)


class Package(_Entry):
    """A name that people use for several devices in one package."""

    name: str
    devices: int = Field(gt=1)


class Dies(_Entry):
    """A device whose dies (`of` for each device) the named tools count as devices."""

    of: int = Field(gt=1)
    counted_by: tuple[Naming, ...]


Megahertz = Annotated[int, Field(ge=100, le=10_000)]


class ClocksEntry(_Entry):
    """The clock at which the peaks hold, of other formats where it differs, and the highest."""

    reference: Megahertz | tuple[Megahertz, Megahertz]
    of: dict[NumberFormat, Megahertz] = {}
    most: Megahertz
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> ClocksEntry:
        if self.bounds[0] > self.bounds[1]:
            raise ValueError("'reference' has its lower bound first")
        if max(self.bounds[1], *self.of.values(), 0) > self.most:
            raise ValueError("no clock lies above 'most'")
        return self

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest that the reference clock may be."""
        held = self.reference
        return held if isinstance(held, tuple) else (held, held)


class DeviceEntry(_Entry):
    """One device as a file describes it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    maker: str | None = None
    role: Role
    source: str
    confidence: Confidence
    peaks: dict[NumberFormat, TeraRate | Cell]
    clocks: ClocksEntry | None = None
    note: str = ""
    names: dict[NameKind, tuple[str, ...]]
    packages: tuple[Package, ...] = ()
    dies: Dies | None = None


class CatalogueFile(_Entry):
    """One file of the catalogue."""

    maker: str
    sources: dict[str, SourceEntry]
    devices: tuple[DeviceEntry, ...]

    @model_validator(mode="after")
    def _sources_known(self) -> CatalogueFile:
        for device in self.devices:
            cells = [cell.source for cell in device.peaks.values() if isinstance(cell, Cell)]
            clocks = device.clocks.source if device.clocks else None
            for source in (device.source, clocks, *cells):
                if source is not None and source not in self.sources:
                    raise ValueError(f"{device.id}: there is no source {source!r}")
        return self


@dataclass(frozen=True, slots=True)
class Listed:
    """A device with the entry that says how tools call it."""

    device: Device
    entry: DeviceEntry


@cache
def listed() -> Mapping[str, Listed]:
    """Return every device of the catalogue by its id."""
    return read_catalogue(FOLDER)


def read_catalogue(folder: Path) -> Mapping[str, Listed]:
    """Return every device that the files of a folder describe, by its id.

    Raises:
        BadInput: when a file does not fit its schema, or two devices have one id.
    """
    found: dict[str, Listed] = {}
    for file in sorted(folder.glob("*.yaml")):
        document = read_yaml(file, file.name)
        content = validated(CatalogueFile, document)
        for number, entry in enumerate(content.devices):
            if entry.id in found:
                place = document.place("devices", number, "id")
                raise bad_input(
                    "hardware.repeated",
                    f"there are two devices {entry.id!r}.",
                    mend="Give one of them another id.",
                    file=place.file,
                    line=place.line,
                    field=place.field,
                )
            found[entry.id] = Listed(_device(entry, content), entry)
    return found


def _device(entry: DeviceEntry, file: CatalogueFile) -> Device:
    peaks = {}
    for number_format, cell in entry.peaks.items():
        if isinstance(cell, int):
            cell = Cell.model_construct(value=cell)  # noqa: PLW2901 - the same cell, spelled out
        low, high = cell.bounds
        source = file.sources[cell.source or entry.source]
        peaks[number_format] = Peak(
            low,
            high,
            cell.confidence or entry.confidence,
            Source(source.title, source.url),
            cell.note,
        )
    return Device(
        entry.id,
        entry.name,
        entry.maker or file.maker,
        entry.role,
        peaks,
        entry.note,
        _clocks(entry.clocks, file) if entry.clocks else None,
    )


def _clocks(entry: ClocksEntry, file: CatalogueFile) -> Clocks:
    source = file.sources[entry.source]
    return Clocks(
        entry.bounds,
        {number_format: (clock, clock) for number_format, clock in entry.of.items()},
        entry.most,
        Source(source.title, source.url),
        entry.note,
    )
