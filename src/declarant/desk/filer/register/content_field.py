"""A column of JSON that gives back exactly what was put in: key order kept, numbers whole."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


def json_text(content: Any) -> str:
    """Return content as one line of JSON; the same content always gives the same line."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class ContentField(models.TextField):
    """JSON as text. PostgreSQL's own JSON type would sort the keys that a person wrote."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Return the content of a row."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """Return content given as text or as itself."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        """Return what the row holds."""
        return None if value is None else json_text(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the content for a dump."""
        return self.get_prep_value(self.value_from_object(obj)) or ""
