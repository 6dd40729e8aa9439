"""A record as its page shows it: facts, and the parts in it, with links to what it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from pydantic import BaseModel

from declarant.desk.filer.register.anatomy import Field, Sort, fields, files_named
from declarant.desk.filer.register.editing.choice_words import choice_word
from declarant.desk.filer.register.editing.offered import grounds_of, rule_name
from declarant.desk.filer.register.editing.wording import ITEMS, label
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.desk.filer.register.models import EvidenceFile, Record

_OWN_HEADING = 3  # parts below this level are rows of the part they are in
_REFERENCES = {
    ("Run", "model"): Kind.MODEL,
    ("Run", "cluster"): Kind.CLUSTER,
    ("Model", "trained_from"): Kind.MODEL,
}


@dataclass
class ShownPart:
    """A part of a record: its title, its plain facts, and the parts in it."""

    title: str
    rows: list[tuple[Any, Any]] = field(default_factory=list)
    parts: list[ShownPart] = field(default_factory=list)
    level: int = 2


def shown_record(record: Record) -> ShownPart:
    """Return what a record says, with one query for the evidence it names."""
    model = SECTIONS[record.kind].model
    named = {path for _, path in files_named(model, record.content)}
    held = EvidenceFile.objects.filter(current=True, path__in=named).values_list("path", "pk")
    return _part(model, record.content, str(record), dict(held), 2)


def _part(
    model: type[BaseModel],
    content: Mapping[str, Any],
    title: str,
    files: Mapping[str, int],
    level: int,
) -> ShownPart:
    made = ShownPart(title, level=min(level, 6))
    for item in fields(model):
        value = content.get(item.name)
        if value is None or value in ([], {}, "") or item.sort is Sort.CONSTANT:
            continue
        name = label(model, item)
        if item.sort is Sort.PART:
            _add(made, [_part(item.models[0], value, str(name), files, level + 1)])
        elif item.sort in (Sort.PARTS, Sort.BY_KEY):
            _add(made, _items(item, value, files, level + 1))
        elif item.sort is Sort.PAIRS:
            made.rows += list(value.items())
        else:
            made.rows.append((name, _value(model, item, value, files, content)))
    return made


def _add(made: ShownPart, parts: Iterable[ShownPart]) -> None:
    """Add parts to the part they are in; a small one becomes one row of it."""
    for part in parts:
        if part.parts or part.level <= _OWN_HEADING:
            made.parts.append(part)
        else:
            lines = ((label, value) for label, value in part.rows)
            text = format_html_join("", "<div>{}: {}</div>", lines) or _("Nothing more to say")
            made.rows.append((part.title, text))


def _items(item: Field, value: Any, files: Mapping[str, int], level: int) -> Iterator[ShownPart]:
    listed = value.items() if isinstance(value, dict) else [("", inner) for inner in value]
    for key, content in listed:
        inner = content
        model = item.variant(inner)
        if model is None:
            continue
        if key:
            title = rule_name(key)
            inner = {**inner, "grounds": _grounds(key, inner.get("grounds") or [])}
        elif "method" in inner:
            title = choice_word(inner["method"])
        else:
            title = f"{ITEMS[item.name][0]} {inner.get('id') or inner.get('since') or ''}"
            inner = {name: held for name, held in inner.items() if name != "id"}
        yield _part(model, inner, title, files, level)


def _grounds(rule: str, named: list[str]) -> list[str]:
    words = dict(grounds_of(rule))
    return [words.get(name, name) for name in named]


def _value(
    model: type[BaseModel],
    item: Field,
    value: Any,
    files: Mapping[str, int],
    content: Mapping[str, Any],
) -> Any:
    if item.sort is Sort.CHOICE:
        return choice_word(value)
    if item.sort is Sort.FILE:
        return _file(value, files)
    if item.sort is Sort.FILES:
        return format_html_join(
            "", '<div class="desk-path">{}</div>', ((_file(name, files),) for name in value)
        )
    if item.sort is Sort.TEXTS:
        return ", ".join(value)
    kind = _REFERENCES.get((model.__name__, item.name))
    if kind is not None:
        url = reverse("register:record", args=[kind, value])
        return format_html('<a class="usa-link" href="{}">{}</a>', url, value)
    return value


def _file(path: str, files: Mapping[str, int]) -> SafeString:
    if path not in files:
        return format_html("{}", path)
    url = reverse("register:evidence_file", args=[files[path]])
    return format_html('<a class="usa-link" href="{}">{}</a>', url, path)
