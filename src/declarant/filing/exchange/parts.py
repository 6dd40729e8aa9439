"""The parts that only documents of the exchange have: references, moments, attached evidence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from declarant.filing.parts import (
    Clock,
    Ground,
    Identifier,
    Line,
    Part,
    Prose,
    Sha256,
    Size,
)
from declarant.law.text import Day

if TYPE_CHECKING:
    from declarant.filing.published import Published

DocumentKind = Literal[
    "notification",
    "affirmation",
    "question_set",
    "answer_set",
    "correction_notice",
    "extension_request",
    "extension_decision",
    "receipt",
]


def _real_moment(written: str) -> str:
    datetime.fromisoformat(written)  # refuses the 30th of February
    return written


Moment = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"),
    AfterValidator(_real_moment),
    Field(description="a moment to the second, in UTC, such as 2027-02-01T14:30:00Z"),
]
DecimalText = Annotated[
    str,
    StringConstraints(max_length=60, pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"),
    Field(description="a decimal number as text, without exponent"),
]
# no folder, no control, nothing a file system refuses, nothing that turns the direction of reading
_UNSAFE = r"\x00-\x1f\x7f/\\:*?\x22<>|\u200e\u200f\u202a-\u202e\u2066-\u2069"
FileName = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=150, pattern=rf"^[^{_UNSAFE} .]([^{_UNSAFE}]*[^{_UNSAFE} .])?$"
    ),
]


# no message or multipart: a mail program would open it as a part of this message
MediaType = Annotated[
    str,
    StringConstraints(
        max_length=100,
        pattern=r"^(application|audio|font|image|model|text|video)/[a-z0-9][a-z0-9.+-]*$",
    ),
]


class Reference(Part):
    """A document that another one replies to, replaces or builds on."""

    id: Identifier
    kind: DocumentKind
    sha256: Sha256

    @classmethod
    def to(cls, document: Published) -> Reference:
        """Return the reference to a document."""
        return cls.model_validate(
            {"id": document.id, "kind": document.kind, "sha256": document.sha256}
        )


class StartedClock(Clock):
    """A clock of the exchange, with the local day of the event that started it."""

    starts: Day


class AttachedEvidence(Part):
    """A file that an answer rests on; it travels in the same message."""

    name: FileName
    sha256: Sha256
    size: Size
    media_type: MediaType
    dated: Day | None = Field(description="the file's own date, not that of sending; null: unknown")
    about: Prose | None = Field(description="what it is")
    confidential: StrictBool
    basis: Ground | None = Field(description="on what confidentiality rests")

    @property
    def path(self) -> str:
        """Where it lies in a folder of evidence: at its name."""
        return self.name


class ReceivedFinding(Part):
    """What was found wrong with a message that was received."""

    code: Identifier
    severity: Literal["error", "warning", "note"]
    where: Line | None
    what: Prose
    mend: Prose | None
