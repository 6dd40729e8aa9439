"""The parts that every document is made of: person, contacts, amounts, clocks, findings.

Dates are ISO 8601 days; amounts are whole numbers written as decimal text, because JSON readers
lose digits past 2^53. A field that is null is unknown, and nothing else.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from declarant.law.text import Day
from declarant.quantities import Interval

Line = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""Text on one line."""
Prose = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")
]
"""Text that may run over several lines."""
Identifier = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/+-]*$")
]
Quarter = Annotated[str, StringConstraints(pattern=r"^\d{4}Q[1-4]$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Address = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-;=?A-~]+@[!-;=?A-~]+$")]
WholeNumber = Annotated[
    str,
    StringConstraints(max_length=60, pattern=r"^(0|[1-9][0-9]*)$"),
    Field(description="a whole number as decimal text"),
]
Size = Annotated[int, Field(ge=0, le=2**53 - 1, strict=True, description="bytes")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1, strict=True)]


class Part(BaseModel):
    """Base of everything in a document: no unknown key, no change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Amount(Part):
    """Operations, or operations per second, known within bounds; null is "not known"."""

    low: WholeNumber
    best: WholeNumber | None
    high: WholeNumber | None

    @classmethod
    def of(cls, interval: Interval) -> Amount:
        """Return an interval as published: whole numbers, rounded outwards."""
        return cls.model_validate(interval.as_json())

    @property
    def interval(self) -> Interval:
        """The amount as an interval.

        Raises:
            ValueError: when the bounds are out of order.
        """
        return Interval.between(
            int(self.low),
            None if self.high is None else int(self.high),
            None if self.best is None else int(self.best),
        )


class Status(Part):
    """Where the law stands on a day, with the text that says so."""

    on: Day
    state: Identifier = Field(description="id of the state in the law's data")
    name: Line = Field(description="the state in words")
    text: Prose
    citation: Line | None


class Regime(Part):
    """The law a document is made under. Its status stands wherever the law is named."""

    id: Identifier
    title: Line
    citation: Line
    status: Status
    in_force: StrictBool
    voluntary: StrictBool = Field(description="true when nothing obliges anybody to file")


class Ground(Part):
    """Why the law covers the person."""

    id: Identifier | None
    text: Prose
    citation: Line | None


class Person(Part):
    """Who reports."""

    name: Line
    kind: Literal["legal", "natural"]
    address: Line | None
    identifiers: dict[str, Line]
    covered: StrictBool | None = Field(
        description="whether the law covers the person; null: unknown"
    )
    grounds: tuple[Ground, ...]


class Contact(Part):
    """Somebody the agency can turn to."""

    name: Line
    title: Line | None
    email: Address | None
    phone: Line | None


class Contacts(Part):
    """Who prepared the document, who certifies it, and who else may be asked."""

    preparer: Contact | None
    certifying_officer: Contact | None
    others: tuple[Contact, ...]


class Agency(Part):
    """Where the document goes."""

    name: Line
    email: Address | None


class Window(Part):
    """The days a document covers: what went on since `begins`, and plans until `ends`."""

    begins: Day
    ends: Day
    look_ahead_from: Day
    citation: Line | None


class Reason(Part):
    """One step of a working-out, with the text of law it rests on (null: a step of fact)."""

    text: Prose
    citation: Line | None


class Clock(Part):
    """A date that follows, and how it was worked out."""

    duty: Identifier
    title: Line
    due: Day
    worked_out: tuple[Prose, ...]
    citation: Line | None
    other_readings: dict[str, Day] = Field(
        description="the date under each other reading of the law, by its id"
    )


class Confirmation(Part):
    """Why a questionable figure stands, who says so, and since when."""

    reason: Prose
    by: Line
    on: Day


class Remark(Part):
    """A finding made while the document was prepared, and its confirmation when it needed one."""

    code: Identifier
    severity: Literal["error", "warning", "note"]
    where: Line | None
    what: Prose
    effect: Prose | None
    confirmation: Confirmation | None


class EvidenceFile(Part):
    """A file that figures rest on: path in the register's folder, SHA-256, size when known."""

    path: Line
    sha256: Sha256
    size: Size | None


class Statement(Part):
    """Something the certifying officer states, ticked one by one."""

    id: Identifier
    text: Prose
    ticked: StrictBool


class Product(Part):
    """What wrote the document; a rendering is repeated byte for byte by the same versions only."""

    name: Line
    version: Line
    renderer: Line


class FormerFiling(Part):
    """The filing that this one is compared with, or follows."""

    id: Line | None
    quarter: Quarter
    kind: Literal["notification", "affirmation"]
    sha256: Sha256 | None
    sent: Day | None

    @model_validator(mode="after")
    def _known_by_both_or_none(self) -> FormerFiling:
        if (self.id is None) != (self.sha256 is None):
            raise ValueError("give both the id and the hash of the former document, or neither")
        return self
