"""Answering a query: what has all of its terms, the most telling first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from declarant.desk.search.models import Found, Term
from declarant.desk.search.terms import asked_terms

MOST_TERMS = 40
_AROUND = 90


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: what was found, and where in its text."""

    found: Found
    excerpt: SafeString


def find(query: str) -> QuerySet:
    """Return what has every term of the query; the last word may be the beginning of one."""
    asked = asked_terms(query)[:MOST_TERMS]
    rows = Found.objects.all()
    if not asked:
        return rows.none()
    *whole, last = asked
    for term in whole:
        rows = rows.filter(pk__in=_having(term=term))
    rows = rows.filter(pk__in=_having(term__startswith=last))
    return rows.annotate(
        weight=Sum("terms__weight", filter=_any_of(whole, last)),
    ).order_by("-weight", F("moment").desc(nulls_last=True), "pk")


def hit(found: Found, query: str) -> Hit:
    """Return a result with the first place of its text that the query speaks of, marked."""
    text = " ".join(found.text.split())
    low = text.casefold()
    asked = [term for term in asked_terms(query) if term in low]
    if not asked or len(low) != len(text):
        return Hit(found, escape(text[: 2 * _AROUND]))
    first = min(low.index(term) for term in asked)
    longest = max(asked, key=len)
    at = low.find(longest, first)
    begin, end = max(0, at - _AROUND), at + len(longest) + _AROUND
    return Hit(
        found,
        mark_safe(  # noqa: S308 - each piece is escaped
            f"{'…' if begin else ''}{escape(text[begin:at])}<mark>"
            f"{escape(text[at : at + len(longest)])}</mark>"
            f"{escape(text[at + len(longest) : end])}{'…' if end < len(text) else ''}"
        ),
    )


def _having(**terms: str) -> QuerySet:
    return Term.objects.filter(**terms).values("found")


def _any_of(whole: list[str], last: str) -> object:
    return Q(terms__term__in=whole) | Q(terms__term__startswith=last)
