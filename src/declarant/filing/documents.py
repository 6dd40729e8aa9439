"""The two documents a person files each quarter, as published (JSON Schemas in `schemas/`).

A document is a value: it never changes. Its id comes from its content, so two documents with one
id say the same, and a changed document betrays itself even without a signature.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, TypeAdapter

from declarant.filing.activities import Activity
from declarant.filing.canonical import canonical, content_id, sha256
from declarant.filing.parts import (
    Agency,
    Clock,
    Contacts,
    EvidenceFile,
    FormerFiling,
    Identifier,
    Line,
    Part,
    Person,
    Product,
    Prose,
    Quarter,
    Regime,
    Remark,
    Statement,
    Window,
)
from declarant.law.text import Day

SCHEMA_VERSION = "1.0"


class _Document(Part):
    title: ClassVar[str]
    word: ClassVar[str]

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

    @classmethod
    def made(cls, **fields: Any) -> Self:
        """Return a document with its id worked out from its content.

        Raises:
            pydantic.ValidationError: when a field does not fit the schema.
        """
        fields |= {"id": "unnumbered", "schema_version": SCHEMA_VERSION, "kind": cls.word}
        content = cls.model_validate(fields).content()
        content["id"] = content_id(content)
        # read back from the bytes that are filed, so that no order of keys is remembered
        return cls.model_validate_json(canonical(content))

    def content(self) -> dict[str, Any]:
        """Return the document as JSON content."""
        return self.model_dump(mode="json")

    def as_bytes(self) -> bytes:
        """Return the document as it is written and hashed: RFC 8785."""
        return canonical(self.content())

    @property
    def sha256(self) -> str:
        """The hash that names this document everywhere: of `as_bytes`."""
        return sha256(self.as_bytes())


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
