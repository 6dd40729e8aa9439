"""The catalogue: data files beside this module, one a maker, checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from declarant.hardware.device import Confidence, Device, Peak, Role, Source
from declarant.quantities import NumberFormat, parse_number
from declarant.yaml_source import read_yaml, validated

FOLDER = Path(__file__).parent / "catalogue"
TERA = 10**12


def _tera(value: object) -> int:
    rate = parse_number(value) * TERA if isinstance(value, (str, int)) else Fraction(1, 2)
    if rate.denominator != 1:
        raise ValueError("a rate is a number of 10^12 operations per second, such as '989.4'")
    return int(rate)


TeraRate = Annotated[int, BeforeValidator(_tera)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceEntry(_Entry):
    """A document that rates were read in."""

    title: str
    url: str | None = None


class Cell(_Entry):
    """A rate that needs more than a number: conflicting bounds, another source, a note."""

    value: TeraRate | None = None
    between: tuple[TeraRate, TeraRate] | None = None
    confidence: Confidence | None = None
    source: str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_or_two(self) -> Cell:
        if (self.value is None) == (self.between is None):
            raise ValueError("a cell has either 'value' or 'between'")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("'between' has its lower bound first")
        return self

    @property
    def bounds(self) -> tuple[int, int]:
        """The lower and the upper bound."""
        if self.between is not None:
            return self.between
        assert self.value is not None  # noqa: S101 - the validator has seen to it
        return self.value, self.value


class Package(_Entry):
    """A name that people use for several devices in one package."""

    name: str
    devices: int = Field(gt=1)


class Dies(_Entry):
    """Names under which a tool counts the dies of one device, `of` for each device."""

    naming: str
    names: tuple[str, ...]
    of: int = Field(gt=1)


class DeviceEntry(_Entry):
    """One device as a file describes it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    maker: str | None = None
    role: Role
    source: str
    confidence: Confidence
    peaks: dict[NumberFormat, TeraRate | Cell]
    note: str = ""
    names: dict[str, tuple[str, ...]]
    packages: tuple[Package, ...] = ()
    dies: tuple[Dies, ...] = ()


class CatalogueFile(_Entry):
    """One file of the catalogue."""

    maker: str
    sources: dict[str, SourceEntry]
    devices: tuple[DeviceEntry, ...]

    @model_validator(mode="after")
    def _sources_known(self) -> CatalogueFile:
        for device in self.devices:
            cells = [cell.source for cell in device.peaks.values() if isinstance(cell, Cell)]
            for source in (device.source, *cells):
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
    """Return every device of the catalogue by its id.

    Raises:
        BadInput: when a file of the catalogue does not fit its schema.
    """
    found: dict[str, Listed] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        content = validated(CatalogueFile, read_yaml(file))
        for entry in content.devices:
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
    return Device(entry.id, entry.name, entry.maker or file.maker, entry.role, peaks, entry.note)
