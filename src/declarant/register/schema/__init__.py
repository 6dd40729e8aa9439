"""What a `register.yaml` may say. Published as JSON Schema; unknown keys are refused.

Amounts are text ("15.6e12") or whole numbers, read exactly by `declarant.quantities`; dates are
ISO 8601 days. A field left out is unknown, and stays so.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from declarant.register.facts import FilingKind
from declarant.register.schema.clusters import Cluster, Declared, DeclaredLink, MachineGroup
from declarant.register.schema.counts import (
    Architecture,
    ChipTime,
    Count,
    Counter,
    Recorded,
    ShortForm,
    Stated,
    TrainerLog,
    Utilisation,
)
from declarant.register.schema.fields import Day, File, Part
from declarant.register.schema.persons import Agency, Contact, Covered, Model, Person
from declarant.register.schema.runs import Capacity, Cost, Plan, Run, RunPart

__all__ = [
    "SCHEMA_VERSION",
    "Agency",
    "Architecture",
    "Capacity",
    "ChipTime",
    "Cluster",
    "Contact",
    "Cost",
    "Count",
    "Counter",
    "Covered",
    "Declared",
    "DeclaredLink",
    "Filing",
    "MachineGroup",
    "Model",
    "Person",
    "Plan",
    "Received",
    "Recorded",
    "RegisterFile",
    "Run",
    "RunPart",
    "ShortForm",
    "Stated",
    "TrainerLog",
    "Utilisation",
]

SCHEMA_VERSION = 1


class Filing(Part):
    """Something already sent to the agency."""

    quarter: str = Field(pattern=r"^\d{4}Q[1-4]$")
    kind: FilingKind
    sent: Day
    document: File | None = None


class Received(Part):
    """Something that came from the agency and started a clock."""

    duty: str
    on: str = Field(description="a day, or a moment with its zone")
    regime: str
    reference: str
    answered: Day | None = None


class RegisterFile(Part):
    """The whole of a `register.yaml`."""

    version: Literal[1] = Field(alias="register", description="version of this schema")
    person: Person
    contacts: tuple[Contact, ...] = ()
    agency: Agency | None = None
    models: tuple[Model, ...] = ()
    runs: tuple[Run, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    filings: tuple[Filing, ...] = ()
    received: tuple[Received, ...] = ()
