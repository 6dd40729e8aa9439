"""The two documents a person files each quarter, as published (JSON Schemas in `schemas/`).

A document is a value: it never changes. Its id comes from its content, so two documents with one
id say the same, and a changed document betrays itself even without a signature.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter

from declarant.filing.activities import Activity
from declarant.filing.parts import (
    Agency,
    Clock,
    Contact,
    Contacts,
    EvidenceFile,
    FormerFiling,
    Identifier,
    Line,
    Person,
    Product,
    Prose,
    Quarter,
    Regime,
    Remark,
    Statement,
    Window,
)
from declarant.filing.written import Written
from declarant.law.text import Day


class _Document(Written):
    id: Identifier = Field(description="regime/quarter/kind/hash of everything but this field")
    schema_version: Literal["1.0"]
    kind: str
    regime: Regime
    quarter: Quarter
    due: Day
    due_worked_out: tuple[Prose, ...]
    window: Window
    prepared_on: Day
    person: Person
    contacts: Contacts
    agency: Agency | None
    former: FormerFiling | None
    clocks: tuple[Clock, ...]
    remarks: tuple[Remark, ...]
    statements: tuple[Statement, ...] = Field(min_length=1)
    notices: tuple[Prose, ...] = Field(description="what a reader must know, such as: no advice")
    product: Product

    @property
    def period(self) -> str:
        """What the document is for, in its names: the quarter."""
        return self.quarter

    @property
    def heading(self) -> str:
        """The document as subjects and titles name it."""
        return f"{self.title}, {self.quarter}"

    @property
    def person_name(self) -> str:
        """Who reports."""
        return self.person.name

    @property
    def senders(self) -> tuple[Contact, ...]:
        """Who may send it, the first with an e-mail address does."""
        named = (self.contacts.certifying_officer, self.contacts.preparer)
        return tuple(contact for contact in named if contact)

    @property
    def receivers(self) -> tuple[Agency, ...]:
        """Whom it is sent to."""
        return (self.agency,) if self.agency else ()


class Notification(_Document):
    """Notification of applicable activities in a quarter and planned in the look-ahead."""

    title: ClassVar[str] = "Notification of Applicable Activities"
    word: ClassVar[str] = "notification"

    kind: Literal["notification"]
    activities: tuple[Activity, ...] = Field(min_length=1)
    no_longer: tuple[Line, ...] = Field(
        description="activities of the former filing that no longer apply, by name"
    )

    @property
    def evidence(self) -> tuple[EvidenceFile, ...]:
        """Every evidence file of every activity once, in order."""
        files = {file: None for activity in self.activities for file in activity.evidence}
        return tuple(files)


class Affirmation(_Document):
    """Affirmation that no applicable activity took place or is planned."""

    title: ClassVar[str] = "Affirmation of No Applicable Activities"
    word: ClassVar[str] = "affirmation"

    kind: Literal["affirmation"]
    sequence: int | None = Field(
        ge=1, description="which of the affirmations owed after the last notification this is"
    )
    owed: tuple[Quarter, ...] = Field(
        description="quarters for which affirmations are owed after the last notification"
    )

    @property
    def evidence(self) -> tuple[EvidenceFile, ...]:
        """No evidence: an affirmation names no activity."""
        return ()


Document = Notification | Affirmation
DOCUMENT: TypeAdapter[Document] = TypeAdapter(
    Annotated[Notification | Affirmation, Field(discriminator="kind")]
)
