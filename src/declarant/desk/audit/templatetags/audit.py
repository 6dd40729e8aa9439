"""`{% audit_history "run:atlas-2" %}`: what the log says of one subject, on that subject's page."""

from __future__ import annotations

from typing import Any

from django import template

from declarant.desk.access import Power
from declarant.desk.audit.models import Entry

register = template.Library()
SHOWN = 10


@register.inclusion_tag("audit/history.html", takes_context=True)
def audit_history(context: template.Context, subject: str, shown: int = SHOWN) -> dict[str, Any]:
    """Show the latest entries of a subject, and lead those who may read the log to all of them."""
    held = list(Entry.objects.filter(subject=subject).order_by("-index")[: shown + 1])
    user = context.get("user")
    return {
        "subject": subject,
        "entries": held[:shown],
        "more": len(held) > shown,
        "reads_log": bool(user and user.is_authenticated and user.has(Power.READ_AUDIT)),
    }
