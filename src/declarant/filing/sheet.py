"""A record as a PDF to pass on: a title, and labels with their values, section by section.

It is no filing: nobody certified it, and it carries no document that could be verified. The same
sheet gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from declarant.filing.fonts import showable
from declarant.filing.pdf import typeset


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and (label, value) rows under it."""

    heading: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed.

    Attributes:
        title: names the record.
        lead: what it is, where it comes from, in a line or two.
        author: whose record it is.
        footer: on every page.
        day: the day it was printed.
        sections: in order; those without rows are left out.
        language: of the texts, "en" or "zh-Hant".
    """

    title: str
    lead: str
    author: str
    footer: str
    day: date
    sections: Sequence[Section]
    language: str = "en"


def render_sheet(sheet: Sheet) -> bytes:
    """Return the sheet as PDF/A and PDF/UA."""
    content: dict[str, Any] = {
        "title": showable(sheet.title),
        "lead": showable(sheet.lead),
        "footer": showable(sheet.footer),
        "about": {
            "title": showable(sheet.title),
            "author": showable(sheet.author),
            "date": [sheet.day.year, sheet.day.month, sheet.day.day],
            "lang": sheet.language.partition("-")[0],
        },
        "sections": [
            {
                "heading": showable(section.heading),
                "rows": [[showable(label), showable(value)] for label, value in section.rows],
            }
            for section in sheet.sections
            if section.rows
        ],
    }
    return typeset("sheet.typ", content, sheet.day)
