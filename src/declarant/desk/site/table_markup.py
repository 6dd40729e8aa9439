"""The markup of a table, written without a template: long tables are many pages' whole cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from declarant.desk.site.tables import Cell, Table

_OPENING = (
    '<div class="desk-table" tabindex="0" role="group" data-scrolls aria-label="{caption}">'
    '<table class="usa-table usa-table--borderless">'
    "<caption{hidden}>{caption}</caption>"
)
_CLOSING = "</table></div>"
_HIDDEN = ' class="usa-sr-only"'
_NUMERIC = ' class="desk-numeric"'

Status = Callable[[str, Any], str]


def frame(caption: Any, rows: str, *, hide_caption: bool) -> SafeString:
    """Return a table around rows that are markup already."""
    hidden = _HIDDEN if hide_caption else ""
    opening = _OPENING.format(caption=conditional_escape(caption), hidden=hidden)
    return mark_safe(f"{opening}{rows}{_CLOSING}")  # noqa: S308 - the caption is escaped


def markup(table: Table, status: Status) -> SafeString:
    """Return a whole table; `status` writes the status of a cell that has a kind."""
    labels = [conditional_escape(column.label) for column in table.columns]
    numeric = [_NUMERIC if column.numeric else "" for column in table.columns]
    heads = "".join(
        f'<th scope="col"{kind}>{label}</th>' for label, kind in zip(labels, numeric, strict=True)
    )
    openings = [
        f'<th scope="row"{kind}>' if at == 0 else f'<td data-label="{label}"{kind}>'
        for at, (label, kind) in enumerate(zip(labels, numeric, strict=True))
    ]
    rows = "".join(_row(row, openings, status) for row in table.rows)
    inside = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    shown = frame(table.caption, inside, hide_caption=table.hide_caption)
    if not table.note:
        return shown
    note = conditional_escape(table.note)
    return mark_safe(f'{shown}<p class="desk-table__note">{note}</p>')  # noqa: S308 - escaped


def _row(row: Any, openings: list[str], status: Status) -> str:
    cells = [
        f"{opening}{_inside(cell, status)}{'</th>' if at == 0 else '</td>'}"
        for at, (cell, opening) in enumerate(zip(row, openings, strict=True))
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _inside(cell: Any, status: Status) -> str:
    if not isinstance(cell, Cell):
        return conditional_escape(cell)
    text = status(cell.kind, cell.text) if cell.kind else conditional_escape(cell.text)
    if not cell.url:
        return text
    return f'<a class="usa-link" href="{conditional_escape(cell.url)}">{text}</a>'
