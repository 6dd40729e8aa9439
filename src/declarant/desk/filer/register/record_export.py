"""One record as JSON, CSV or PDF: what it says now, and every version it had."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.reading import ShownPart, shown_record
from declarant.desk.language import law_language
from declarant.desk.today import today
from declarant.filing.sheet import Section, Sheet, render_sheet
from declarant.law import load_regime
from declarant.law.quarters import REPORTING_RULE

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
_BREAKS = re.compile(r"<(?:br|/div|/li|/p|/span)\b[^>]*>")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exported(record: Record, form: str) -> bytes:
    """Return a record as "json", "csv" or "pdf"."""
    return {"json": _json, "csv": _csv, "pdf": _pdf}[form](record)


def _json(record: Record) -> bytes:
    content = {
        "kind": record.kind,
        "key": record.key,
        "active": record.active,
        "version": record.number,
        "content": record.content,
        "versions": [
            {
                "number": version.number,
                "act": version.act,
                "made": version.made.isoformat(),
                "made_by": version.made_by,
                "why": version.why,
                "sha256": version.sha256,
                "content": version.content,
            }
            for version in record.versions.all()
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _csv(record: Record) -> bytes:
    """Return one line a field; cells that a spreadsheet would work out are made text."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(("field", "value"))
    for field, value in _flat(record.content, ""):
        lines.writerow((field, f"'{value}" if value.startswith(_FORMULA) else value))
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield from _flat(held, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for at, held in enumerate(value):
            yield from _flat(held, f"{name}[{at}]")
    else:
        yield name, "" if value is None else str(value)


def _pdf(record: Record) -> bytes:
    day = today(load_regime(REPORTING_RULE))
    versions = [
        (str(version.number), f"{version.get_act_display()}, {version.made:%Y-%m-%d %H:%M} UTC, "
         f"{version.made_by}{f': {version.why}' if version.why else ''}")
        for version in record.versions.all()
    ]  # fmt: skip
    sheet = Sheet(
        title=str(record),
        lead=_("{kind} of the register, version {number}, printed on {day}. No filing: nobody "
               "certified it.").format(
            kind=record.get_kind_display(), number=record.number, day=day.isoformat()
        ),
        author=settings.DESK.host,
        footer=f"{record.subject}  {record.versions.first().sha256}",
        day=day,
        sections=[*_sections(shown_record(record)), Section(_("Versions"), versions)],
        language=law_language(get_language()),
    )  # fmt: skip
    return render_sheet(sheet)


def _sections(part: ShownPart) -> Iterator[Section]:
    rows = [(str(label), _plain(value)) for label, value in part.rows]
    yield Section(part.title, rows)
    for inner in part.parts:
        yield from _sections(inner)


def _plain(value: Any) -> str:
    parts = unescape(strip_tags(_BREAKS.sub("\n", str(value)))).splitlines()
    return "; ".join(part.strip() for part in parts if part.strip())
