"""A log as it was found, before anything in it is believed: from a database or from an export."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from declarant.audit_log.head import SignedHead
from declarant.problems import Finding


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """One entry as it lies there; `columns` repeat its fields in a database, empty in an export.

    `index` is where it stands; None in an export, where the place in the file says that. `content`
    and `leaf` are None when what is there are no bytes. `where` is what people find it by.
    """

    index: Any
    content: bytes | None
    leaf: bytes | None
    where: str
    columns: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundTree:
    """The state that a database keeps for appending."""

    log: Any
    size: Any
    frontier: Any


@dataclass(frozen=True, slots=True)
class FoundHead:
    """A head and where it lies; `kept_elsewhere` when it was handed in from outside the log."""

    head: SignedHead
    where: str
    kept_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A stored file that a list names: its SHA-256, its size in bytes where the list has it."""

    sha256: Any
    size: Any
    where: str


@dataclass(slots=True)
class FoundLog:
    """Everything that was found; `entries` may be read once only.

    `findings` are what could not be read. `files` is None when there is no list of files.
    """

    name: str
    entries: Iterable[FoundEntry]
    heads: list[FoundHead] = field(default_factory=list)
    tree: FoundTree | None = None
    files: list[FoundFile] | None = None
    files_digest: str | None = None
    findings: list[Finding] = field(default_factory=list)
