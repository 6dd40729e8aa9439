"""What the templates of forms ask about a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def marks(form: Any) -> bool:
    """Return whether the asterisk must be explained: some fields are required, and seen."""
    return any(field.field.required for field in form.visible_fields())


@register.simple_tag
def groups(form: Any, fields: Iterable[tuple[Any, Any]]) -> list[tuple[Any, list[Any]]]:
    """Return the visible fields by the form's `fieldsets`, those in none of them last."""
    left = {field.name: field for field, _ in fields}
    grouped = [
        (legend, [left.pop(name) for name in names if name in left])
        for legend, names in getattr(form, "fieldsets", ())
    ]
    return [
        (legend, members) for legend, members in (*grouped, (None, list(left.values()))) if members
    ]
