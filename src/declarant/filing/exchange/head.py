"""What every document of the exchange begins with: the law, the person, the agency, the clock."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from declarant.filing.exchange.parts import AttachedEvidence, Reference, StartedClock
from declarant.filing.parts import (
    Agency,
    Clock,
    Contact,
    Contacts,
    Identifier,
    Person,
    Product,
    Prose,
    Regime,
)
from declarant.filing.written import Written
from declarant.law.text import Day

MOST_FILES = 200
Side = Literal["agency", "person"]


class ExchangeHead(Written):
    """Base of every document of the exchange."""

    id: Identifier = Field(description="regime/day/kind/hash of everything but this field")
    schema_version: Literal["1.0"]
    kind: str
    regime: Regime
    case: Identifier | None = Field(description="the agency's number for the exchange")
    person: Person | None = Field(description="who reports; null: not known to the writer")
    contacts: Contacts = Field(description="people of the person who reports")
    agency: Agency
    officer: Contact | None = Field(description="who acts for the agency")
    replies_to: Reference | None
    clock: StartedClock | None = Field(
        description="the duty this document belongs to; null when the law sets it no period"
    )
    evidence: tuple[AttachedEvidence, ...] = Field(max_length=MOST_FILES)
    prepared_on: Day
    notices: tuple[Prose, ...] = Field(description="what a reader must know, such as: no advice")
    product: Product

    @property
    def side(self) -> Side:
        """Which side writes it."""
        return "agency"

    @property
    def period(self) -> str:
        """The day it was prepared on, which stands in its id and its names."""
        return self.prepared_on.isoformat()

    @property
    def heading(self) -> str:
        """The document as subjects and titles name it."""
        return f"{self.headline}, {self.prepared_on}"

    @property
    def person_name(self) -> str:
        """Who reports."""
        return self.person.name if self.person else "person not known"

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clock, if there is one, as every document lists its clocks."""
        return (self.clock,) if self.clock else ()

    @property
    def senders(self) -> tuple[Contact | Agency, ...]:
        """Who may send it; the first with an e-mail address does."""
        return self._of_agency if self.side == "agency" else self._of_person

    @property
    def receivers(self) -> tuple[Contact | Agency, ...]:
        """Whom it is sent to; the first with an e-mail address."""
        return self._of_person if self.side == "agency" else self._of_agency

    @property
    def _of_agency(self) -> tuple[Contact | Agency, ...]:
        return (self.agency, *([self.officer] if self.officer else []))

    @property
    def _of_person(self) -> tuple[Contact | Agency, ...]:
        named = (self.contacts.certifying_officer, self.contacts.preparer, *self.contacts.others)
        return tuple(contact for contact in named if contact)
