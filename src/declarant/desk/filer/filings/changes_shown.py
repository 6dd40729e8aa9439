"""What is new, changed or the same since the former filing, activity by activity and by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from declarant.filing.activities import Activity
from declarant.filing.documents import Document, Notification
from declarant.filing.wording import UNITS, VERDICTS, WHEN, figure

WORDS = {
    "first": _("first filing"),
    "not_compared": _("not compared: the former document is not here"),
    "new": _("new"),
    "changed": _("changed"),
    "same": _("the same"),
}
_KINDS = {
    "first": "neutral",
    "not_compared": "warning",
    "new": "info",
    "changed": "warning",
    "same": "success",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """An activity as lists show it, and each field that differs from the former filing."""

    activity: Activity
    standing: Any
    kind: str
    verdict: str
    when: str
    amount: str
    unit: str


def differences(document: Document) -> tuple[Difference, ...]:
    """Return each activity of a document with how it stands against the former one."""
    held = document.activities if isinstance(document, Notification) else ()
    return tuple(
        Difference(
            activity=item,
            standing=WORDS[item.standing],
            kind=_KINDS[item.standing],
            verdict=VERDICTS[item.verdict],
            when=WHEN[item.when],
            amount=figure(item.amount),
            unit=UNITS[item.limit.unit],
        )
        for item in held
    )
