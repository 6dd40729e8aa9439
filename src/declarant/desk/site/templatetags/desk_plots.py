"""`{% plot spec table title %}`: a picture, and always the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from declarant.desk.site.plots import prepare
from declarant.desk.site.tables import Table

register = template.Library()
_INERT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag("site/components/plot.html")
def plot(spec: Mapping[str, Any], table: Table, title: Any, folded: bool = False) -> dict[str, Any]:
    """Show a Vega-Lite specification and its table.

    Args:
        spec: complete, with its data; its `description` is read aloud instead of the picture.
        table: what the picture shows, in figures.
        title: over both.
        folded: the table stands behind a disclosure, where a long one would bury the page.
    """
    drawn = prepare(spec)
    return {
        "plot": drawn,
        "vega": _inert(drawn.vega),
        "table": table,
        "title": title,
        "folded": folded,
    }


def _inert(json_text: str) -> SafeString:
    """Return JSON that cannot end the element it stands in."""
    return mark_safe(json_text.translate(_INERT))  # noqa: S308 - nothing in it is markup now
