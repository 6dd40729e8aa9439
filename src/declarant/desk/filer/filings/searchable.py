"""Filings can be searched: everything their documents say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.search.sources import Searchable, searchable, version_of
from declarant.problems import BadInput

_HASH_LENGTH = 64


@searchable("filings")
def filings() -> Iterator[Searchable]:
    """Yield every filing that was built and not discarded."""
    rows = Filing.objects.exclude(state=Filing.State.DISCARDED).exclude(draft=None)
    for row in rows.select_related("document", "draft", "preparer", "officer"):
        yield Searchable(
            key=row.subject,
            version=version_of(row.identity, row.state, row.officer_id, row.preparer_id),
            kind=_("Filing"),
            title=str(row.name),
            url=row.get_absolute_url(),
            text=partial(_text, row),
            moment=row.certified or row.started,
        )


def _text(row: Filing) -> str:
    people = [person.name for person in (row.preparer, row.officer) if person]
    try:
        said = list(_texts(document_in(row.document or row.draft).content()))
    except BadInput:  # the stored file was changed: its page says so
        said = []
    return "\n".join(dict.fromkeys((row.identity, *people, *said)))


def _texts(content: Any) -> Iterator[str]:
    """Yield every text in a document's content, without hashes and bare numbers."""
    if isinstance(content, str):
        if len(content) != _HASH_LENGTH and not content.isdecimal():
            yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)
