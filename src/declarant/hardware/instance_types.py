"""What a cloud's instance type holds: accelerators, and links towards the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from declarant.hardware.catalogue import SourceEntry, listed
from declarant.hardware.device import Device, Source
from declarant.problems import bad_input
from declarant.quantities import parse_bits_per_second
from declarant.yaml_source import read_yaml, validated

FILE = Path(__file__).parent / "cloud.yaml"


@dataclass(frozen=True, slots=True)
class InstanceType:
    """An instance type: `devices` of one kind, `links` links of `bits_per_second` each."""

    name: str
    provider: str
    device: Device
    devices: int
    links: int
    bits_per_second: int
    source: Source


class _Instance(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    provider: str
    device: str
    devices: int = Field(gt=0)
    links: int = Field(gt=0)
    rate: Annotated[int, BeforeValidator(parse_bits_per_second)]
    source: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: dict[str, SourceEntry]
    instances: tuple[_Instance, ...]


def instance_type(name: str) -> InstanceType | None:
    """Return the instance type of that name; None when it is not known.

    Case does not matter, nor does the `Standard_` that Azure's own tools put before a size.
    """
    key = name.strip().lower()
    return _instances().get(key) or _instances().get(f"standard_{key}")


def instance_types() -> tuple[InstanceType, ...]:
    """Return every instance type known."""
    return tuple(_instances().values())


@cache
def _instances() -> Mapping[str, InstanceType]:
    content = validated(_File, read_yaml(FILE))
    found = {}
    for item in content.instances:
        if item.device not in listed() or item.source not in content.sources:
            raise bad_input(
                "hardware.instance",
                f"{item.name} names a device or a source that is not known.",
                mend="Correct it in the data.",
                file=str(FILE),
            )
        source = content.sources[item.source]
        found[item.name.lower()] = InstanceType(
            item.name,
            item.provider,
            listed()[item.device].device,
            item.devices,
            item.links,
            item.rate,
            Source(source.title, source.url),
        )
    return found
