"""Reading the log: filters, pages by index, and the detail of an entry as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from declarant.audit_log import moment_text
from declarant.desk.audit.models import Entry

PAGE = 50
_SUMMARY = 160  # characters
_LONG_WORD = re.compile(r"\S{41,}")  # a hash, for instance, that no column of a table holds


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, newest first; `older` and `newer` are the queries of its neighbours."""

    entries: list[Entry]
    older: str | None
    newer: str | None


def filtered(
    *, actor: str = "", action: str = "", subject: str = "", day: date | None = None
) -> QuerySet[Entry]:
    """Return the entries of an actor, an action, a subject (or what begins so), a day in UTC."""
    entries = Entry.objects.all()
    if actor:
        entries = entries.filter(actor=actor)
    if action:
        entries = entries.filter(action=action)
    if subject:
        entries = entries.filter(subject__startswith=subject)
    if day is not None:
        begins = datetime.combine(day, time.min, UTC)
        ends = begins + timedelta(days=1)
        entries = entries.filter(moment__gte=moment_text(begins), moment__lt=moment_text(ends))
    return entries


def page_of(
    entries: QuerySet[Entry], *, before: int | None = None, after: int | None = None
) -> Page:
    """Return the newest entries, those right before an index, or those right after one.

    Pages are found by index, so that one of the first year is as quick as one of today.
    """
    if after is not None:
        found = list(entries.filter(index__gt=after).order_by("index")[: PAGE + 1])
        more_newer, more_older = len(found) > PAGE, True
        found = found[:PAGE][::-1]
    else:
        older = entries if before is None else entries.filter(index__lt=before)
        found = list(older.order_by("-index")[: PAGE + 1])
        more_newer, more_older = before is not None, len(found) > PAGE
        found = found[:PAGE]
    if not found:
        return Page([], None, None)
    return Page(
        found,
        f"before={found[-1].index}" if more_older else None,
        f"after={found[0].index}" if more_newer else None,
    )


def actors() -> list[tuple[str, str]]:
    """Return everybody who stands in the log, (id, name as it is now), by name."""
    ids = _distinct("actor")
    numbers = [int(held[5:]) for held in ids if held.startswith("user:") and held[5:].isdecimal()]
    people = get_user_model().objects.in_bulk(numbers)
    names = {
        f"user:{number}": f"{person.name} <{person.email}>" for number, person in people.items()
    }
    return sorted(((held, names.get(held, held)) for held in ids), key=lambda pair: pair[1].lower())


def actions() -> list[str]:
    """Return every action that stands in the log."""
    return _distinct("action")


def _distinct(column: str) -> list[str]:
    """Return the values of an indexed column, stepping from each to the next, not row by row."""
    name = connection.ops.quote_name(column)
    query = (
        f"WITH RECURSIVE held(value) AS (SELECT MIN({name}) FROM audit_entry UNION ALL "  # noqa: S608
        f"SELECT (SELECT MIN({name}) FROM audit_entry WHERE {name} > held.value) FROM held "
        "WHERE held.value IS NOT NULL) SELECT value FROM held WHERE value IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that an entry says was changed."""

    field: str
    before: str
    after: str


def changed(detail: Mapping[str, Any]) -> list[Changed]:
    """Return what differs between `before` and `after` of a detail, where it has both."""
    before, after = detail.get("before"), detail.get("after")
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    was, now = dict(_flat(before)), dict(_flat(after))
    fields = [*was, *(field for field in now if field not in was)]
    return [
        Changed(field, was.get(field, _("not there")), now.get(field, _("not there")))
        for field in fields
        if was.get(field) != now.get(field)
    ]


def summary(detail: Mapping[str, Any]) -> str:
    """Return a detail in one line: what was changed, or else its first facts."""
    edits = changed(detail)
    if edits:
        pieces = [f"{item.field}: {item.before} → {item.after}" for item in edits]
    else:
        pieces = [f"{name}: {value}" for name, value in facts(detail)]
    text = _LONG_WORD.sub(lambda word: word[0][:12] + "…", "; ".join(pieces))
    return Truncator(text).chars(_SUMMARY)


def facts(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a detail as (name, value) pairs of text; without what `changed` shows."""
    shown = ("before", "after") if changed(detail) else ()
    rest = {name: value for name, value in detail.items() if name not in shown}
    return list(_flat(rest)) if rest else []


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
        for at, inner in enumerate(value, 1):
            yield from _flat(inner, f"{name}[{at}]")
    else:
        yield name, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value) or _("none")
    if isinstance(value, Mapping):
        return _("none")
    return str(value)
