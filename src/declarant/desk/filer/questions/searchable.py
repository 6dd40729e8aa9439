"""Questions can be searched: what was asked, what the answers say now, and the remarks on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_noop

from declarant.desk.filer.questions.models import Question
from declarant.desk.search.sources import Searchable, searchable, version_of


@searchable("questions")
def questions() -> Iterator[Searchable]:
    """Yield every question with its answer."""
    rows = Question.objects.select_related("question_set", "draft", "draft__current").annotate(
        remarks=Count("draft__comments"), last=Max("draft__comments__pk")
    )
    for row in rows:
        current = row.draft.current
        yield Searchable(
            key=f"question:{row.pk}",
            version=version_of(row.draft.current_id, row.remarks, row.last),
            kind=gettext_noop("Question"),
            title=f"{row.key}: {row.text}"[:300],
            url=row.get_absolute_url(),
            text=partial(_text, row),
            moment=current.made if current else None,
        )


def _text(row: Question) -> str:
    lines = [row.key, row.text, *_words(row.content)]
    if row.draft.current is not None:
        lines += _words(row.draft.current.content)
    lines += row.draft.comments.filter(replaced_by__isnull=True).values_list("text", flat=True)
    return "\n".join(lines)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for held in value.values():
            yield from _words(held)
    elif isinstance(value, list):
        for held in value:
            yield from _words(held)
    elif value is not None:
        yield str(value)
