"""Clusters, their groups of machines, and machines without an inventory."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
    model_validator,
)

from declarant.clusters.observation import Status
from declarant.register.schema.fields import (
    Day,
    File,
    Id,
    Part,
    Rate,
)


class DeclaredLink(Part):
    """The links of each machine of a declared group towards its fabric."""

    count: int = Field(gt=0, le=100_000)
    rate: Rate


class Declared(Part):
    """Machines without an inventory or a fabric file: what is known of them."""

    machines: int = Field(gt=0, le=2_000_000)
    device: str
    devices_per_machine: int = Field(gt=0, le=1_000_000)
    links: DeclaredLink | None = None
    fabric: str | None = Field(default=None, description="groups that name one fabric are joined")


class MachineGroup(Part):
    """Machines of a cluster that share a site, a status and a date."""

    id: Id
    site: str | None = None
    status: Status
    date: Day | None = Field(default=None, description="since when, or from when")
    owner: str | None = None
    inventory: tuple[File, ...] = ()
    fabric: tuple[File, ...] = ()
    node_names: File | None = None
    device: str | None = Field(default=None, description="of machines that no inventory describes")
    devices_per_machine: int | None = Field(default=None, gt=0, le=1_000_000)
    declared: Declared | None = None

    @model_validator(mode="after")
    def _described(self) -> MachineGroup:
        if not (self.inventory or self.fabric or self.declared):
            raise ValueError("a group names its machines: by inventory, fabric or declared")
        return self


class Cluster(Part):
    """Machines that may be one computing cluster."""

    id: Id
    name: str
    location: str | None = None
    possession: Literal["acquiring", "developing", "in_possession"] | None = None
    groups: tuple[MachineGroup, ...] = Field(min_length=1)
