"""Clocks can be searched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_noop as _

from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.search.sources import Searchable, searchable, version_of


@searchable("clocks")
def clocks() -> Iterator[Searchable]:
    """Yield every date, open and ended."""
    for row in Deadline.objects.all():
        yield Searchable(
            key=f"clock:{row.key}",
            version=version_of(row.due, row.title, row.closed),
            kind=_("Clock"),
            title=row.label,
            url=f"/clocks/{row.pk}/",
            text=partial(_text, row),
            moment=row.opened,
        )


def _text(row: Deadline) -> str:
    return "\n".join((row.label, *row.worked_out, row.citation))
