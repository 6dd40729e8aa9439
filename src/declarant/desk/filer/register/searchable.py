"""The register can be searched: what its records say, and the names of its evidence files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop

from declarant.desk.filer.register.kinds import Kind
from declarant.desk.filer.register.models import EvidenceFile, Record
from declarant.desk.search.sources import Searchable, searchable, version_of

_KINDS = {
    Kind.PERSON: gettext_noop("Person"),
    Kind.CONTACT: gettext_noop("Contact"),
    Kind.AGENCY: gettext_noop("Agency"),
    Kind.MODEL: gettext_noop("Model"),
    Kind.RUN: gettext_noop("Training run"),
    Kind.CLUSTER: gettext_noop("Cluster"),
    Kind.FILING: gettext_noop("Earlier filing"),
    Kind.RECEIVED: gettext_noop("Received from the agency"),
}


@searchable("register")
def records() -> Iterator[Searchable]:
    """Yield every record that stands in the register."""
    for row in Record.objects.filter(active=True):
        yield Searchable(
            key=f"record:{row.pk}",
            version=version_of(row.number, row.name),
            kind=_KINDS[Kind(row.kind)],
            title=str(row.name),
            url=row.get_absolute_url(),
            text=partial(_text, row.key, row.content),
            moment=row.edited,
        )


@searchable("evidence")
def evidence() -> Iterator[Searchable]:
    """Yield every evidence file in its newest version, found by path, note and hash."""
    for row in EvidenceFile.objects.filter(current=True).select_related("file"):
        yield Searchable(
            key=f"evidence:{row.path}"[:200],
            version=version_of(row.pk, row.note),
            kind=gettext_noop("Evidence file"),
            title=row.path,
            url=row.get_absolute_url(),
            text=partial("\n".join, (row.path, row.note, row.file.sha256)),
            moment=row.uploaded,
        )


def _text(key: str, content: Any) -> str:
    return "\n".join((key, *_words(content)))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for held in value.values():
            yield from _words(held)
    elif isinstance(value, list):
        for held in value:
            yield from _words(held)
    elif value is not None:
        yield str(value)
