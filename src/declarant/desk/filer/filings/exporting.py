"""The activities of a filing as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io

from declarant.filing.documents import Document, Notification

_COLUMNS = (
    *("document", "sha256", "quarter", "kind", "activity", "id", "name", "verdict", "when"),
    *("amount_low", "amount_best", "amount_high", "unit", "limit", "comparison", "standing"),
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def activities_csv(document: Document) -> bytes:
    """Return one line for each activity, UTF-8 with a mark that spreadsheets need; exact amounts.

    An affirmation has one line that names no activity.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    head = [document.id, document.sha256, document.quarter, document.kind]
    activities = document.activities if isinstance(document, Notification) else ()
    for item in activities:
        amount = item.amount
        row = [
            *head,
            *(item.activity, item.id, item.name, item.verdict, item.when),
            *(amount.low, amount.best or "", amount.high or ""),
            *(item.limit.unit, item.limit.value, item.comparison.value, item.standing),
        ]
        writer.writerow([_inert(cell) for cell in row])
    if not activities:
        writer.writerow([*head, *([""] * (len(_COLUMNS) - len(head)))])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
