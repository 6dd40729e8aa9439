"""Shapes that several operations answer with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator


def _storable(text: str) -> str:
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("It has a character that no database keeps.")
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""Free text: JSON can write a zero character and halves of a character, databases cannot."""
NO_ZERO = r"^[^\x00]*$"
"""The same for what stands in an address, where halves of a character cannot be written."""


class FindingOut(Schema):
    """What is wrong or worth knowing: what, where, and how to mend it."""

    code: str
    severity: str
    where: str
    what: str
    mend: str
    effect: str = ""


class Findings(Schema):
    """Why something was refused."""

    findings: list[FindingOut]


class Problem(Schema):
    """Why something was refused, in a sentence."""

    detail: str


class RecordOut(Schema):
    """A record of the register: `content` as in register.yaml, `version` counts its edits."""

    section: str
    key: str
    name: str
    version: int
    content: Any


class RecordIn(Schema):
    """New content of a record; `version` is the one it was read at, so that no edit is lost."""

    content: dict[str, Any]
    version: int | None = None
    why: Text = ""


class EvidenceOut(Schema):
    """An evidence file: its path in the register's folder, its hash, its two dates."""

    path: str
    sha256: str
    size: int
    evidence_date: date | None
    uploaded: datetime
    version: int


class FilingOut(Schema):
    """A filing: what it is for and where it stands."""

    id: int
    regime: str
    quarter: str
    kind: str
    version: int
    state: str
    document_id: str | None
    due: date | None
    sent: datetime | None


class ClockOut(Schema):
    """A date that is open, and how it was worked out."""

    regime: str
    duty: str
    about: str
    due: date
    worked_out: list[str]
    citation: str
    overdue: bool
    holder: str | None


REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Findings}
"""What every operation may answer instead."""
