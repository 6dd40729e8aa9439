"""The dates that are open, the most pressing first."""

from __future__ import annotations

from django.db.models import QuerySet

from declarant.desk.filer.deadlines.models import Deadline


def upcoming(limit: int | None = None) -> list[Deadline]:
    """Return open dates in order of day; what is overdue stands first by itself."""
    rows: QuerySet = Deadline.objects.filter(closed__isnull=True).select_related("holder")
    return list(rows[:limit] if limit else rows)
