"""What every document of a published format is: a value whose id comes from its content."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from declarant.filing.canonical import canonical, content_id, sha256
from declarant.filing.parts import Part

SCHEMA_VERSION = "1.0"


class Written(Part):
    """A document: it never changes, and a changed one betrays itself even without a signature.

    Two documents with one id say the same.
    """

    title: ClassVar[str]
    word: ClassVar[str]

    @property
    def headline(self) -> str:
        """The title of this very document."""
        return self.title

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
