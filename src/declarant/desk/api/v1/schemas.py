"""Shapes that several operations answer with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema


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
    why: str = ""


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
