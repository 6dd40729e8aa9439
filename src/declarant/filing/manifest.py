"""The manifest: which files a message carries, so that one that is missing or changed is found.

It travels inside the signed part, beside the files it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from declarant.filing.canonical import canonical, sha256
from declarant.filing.parts import Identifier, Line, Part, Sha256, Size

MANIFEST_NAME = "manifest.json"
Role = Literal["document", "form", "calendar", "evidence"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message carries: the document, its form, its calendar, or evidence."""

    name: str
    media_type: str
    role: Role
    data: bytes = field(repr=False)


class ManifestFile(Part):
    """One attachment."""

    name: Line
    media_type: Line
    role: Role
    size: Size
    sha256: Sha256


class Manifest(Part):
    """The attachments of one message and the document they belong to."""

    schema_version: Literal["1.0"]
    kind: Literal["manifest"]
    document: Identifier = Field(description="id of the document")
    files: tuple[ManifestFile, ...] = Field(min_length=1)

    @classmethod
    def of(cls, document: str, attachments: Iterable[Attachment]) -> Manifest:
        """Return the manifest of `attachments`, which belong to the document of that id."""
        return cls(
            schema_version="1.0",
            kind="manifest",
            document=document,
            files=tuple(
                ManifestFile(
                    name=item.name,
                    media_type=item.media_type,
                    role=item.role,
                    size=len(item.data),
                    sha256=sha256(item.data),
                )
                for item in attachments
            ),
        )

    def as_bytes(self) -> bytes:
        """Return the manifest as it is written: RFC 8785."""
        return canonical(self.model_dump(mode="json"))
