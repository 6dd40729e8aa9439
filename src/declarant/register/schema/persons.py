"""Who reports, who can be turned to, and where a message goes."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
)

from declarant.register.facts import ContactRole
from declarant.register.schema.fields import (
    Id,
    Part,
)


class Covered(Part):
    """Whether a regime covers the person, and why."""

    answer: Literal["yes", "no", "unknown"]
    grounds: tuple[str, ...] = ()
    why: str = Field(min_length=1)


class Person(Part):
    """Who reports."""

    name: str = Field(min_length=1)
    kind: Literal["legal", "natural"]
    address: str | None = None
    identifiers: dict[str, str] = Field(default_factory=dict)
    covered: dict[str, Covered] = Field(description="by regime id")


class Contact(Part):
    """Somebody the agency can turn to."""

    name: str = Field(min_length=1)
    role: ContactRole
    title: str | None = None
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    phone: str | None = None


class Agency(Part):
    """Where a message goes."""

    name: str
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")


class Model(Part):
    """A model that runs train."""

    id: Id
    name: str
    description: str | None = None
    trained_from: Id | None = Field(default=None, description="the model it is a modification of")
