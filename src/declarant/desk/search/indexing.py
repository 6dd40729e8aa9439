"""Bringing the terms up to what the rooms hold: what is new or changed is read, the rest left."""

from __future__ import annotations

from collections import Counter

from django.db import transaction

from declarant.desk.search.models import Found, Term
from declarant.desk.search.sources import SOURCES, Searchable
from declarant.desk.search.terms import terms_of

TITLE_WEIGHT = 8
MOST_TEXT = 400_000
"""Characters of one text that are read; a register's log does not drown what people wrote."""


def refresh() -> int:
    """Read what is new or changed, forget what is gone; return how many were written."""
    written = 0
    for name, yields in SOURCES.items():
        held = dict(Found.objects.filter(source=name).values_list("key", "version"))
        seen: set[str] = set()
        for item in yields():
            seen.add(item.key)
            if held.get(item.key) != item.version:
                _write(name, item)
                written += 1
        gone = set(held) - seen
        if gone:
            Found.objects.filter(key__in=gone).delete()
    return written


def _write(source: str, item: Searchable) -> None:
    text = item.text()[:MOST_TEXT]
    with transaction.atomic():
        row, _ = Found.objects.update_or_create(
            key=item.key,
            defaults={
                "source": source,
                "version": item.version,
                "kind": str(item.kind)[:80],
                "title": item.title[:500],
                "url": item.url,
                "text": text,
                "moment": item.moment,
            },
        )
        row.terms.all().delete()
        weights: Counter[str] = terms_of(text)
        for term, count in terms_of(item.title).items():
            weights[term] += count * TITLE_WEIGHT
        Term.objects.bulk_create(
            [Term(found=row, term=term, weight=weight) for term, weight in weights.items()],
            batch_size=500,
        )
