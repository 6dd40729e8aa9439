"""What the forms of a record begin with, from its content."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from declarant.desk.filer.register.anatomy import Field, Sort, fields
from declarant.desk.filer.register.editing.offered import rules
from declarant.register.schema.fields import Part


class Pair(Part):
    """One entry of a list of texts by text."""

    name: str
    value: str


def initial(model: type[BaseModel], content: dict[str, Any]) -> dict[str, Any]:
    """Return what the plain fields of a part begin with."""
    plain = (Sort.PART, Sort.PARTS, Sort.BY_KEY, Sort.PAIRS)
    return {
        field.name: content[field.name]
        for field in fields(model)
        if field.name in content and field.sort not in plain
    }


def items(field: Field, content: Any) -> list[tuple[str, Any]]:
    """Return the items of a list in a register, each with its key or its method."""
    if field.sort is Sort.BY_KEY:
        held = content if isinstance(content, dict) else {}
        return [(key, held.get(key)) for key in dict.fromkeys((*held, *rules()))]
    if field.sort is Sort.PAIRS:
        return [("", {"name": key, "value": value}) for key, value in (content or {}).items()]
    listed = content if isinstance(content, list) else []
    return [
        (
            str(item.get("method", "")) if isinstance(item, dict) and len(field.models) > 1 else "",
            item,
        )
        for item in listed
    ]
