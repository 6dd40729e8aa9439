"""The form: the document as a PDF, the same bytes for the same document.

Typst writes it as PDF/A-2a (kept for decades) and PDF/UA-1 (read aloud): tagged, with language and
title. The only fonts are those shipped; the only date is the day the document was prepared. Text
reaches the template as data, so nothing in it can act as markup.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from declarant.filing.exchange.head import ExchangeHead
from declarant.filing.fonts import FOLDER as FONTS
from declarant.filing.fonts import showable, unshown_characters
from declarant.filing.presentation import presented
from declarant.filing.published import Published
from declarant.problems import Finding

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS = ("a-2a", "ua-1")
HASH_KEYWORD = "sha256:"
_COMPILING = Lock()  # two threads cannot borrow the one compiler


@dataclass(frozen=True, slots=True)
class Form:
    """A rendered form, and what could not be shown in it."""

    pdf: bytes
    findings: tuple[Finding, ...]


def renderer() -> str:
    """Return the name and version of what renders, as documents record it."""
    return f"typst {version('typst')}"


def render(document: Published) -> Form:
    """Return the form of a document."""
    content = presented(document) | {"about": _about(document)}
    pdf = typeset(f"{document.kind}.typ", content, document.prepared_on)
    return Form(pdf, unshown_characters(document.content()))


def typeset(template: str, content: dict[str, Any], day: date) -> bytes:
    """Return a template filled with content as PDF, dated `day`; one at a time in a process."""
    moment = datetime.combine(day, time.min, UTC)
    with _COMPILING:
        pdf = _compiler().compile(
            TEMPLATES / template,
            format="pdf",
            sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
            pdf_standards=list(STANDARDS),
            timestamp=int(moment.timestamp()),
        )
    assert isinstance(pdf, bytes)  # noqa: S101 - one file comes as bytes
    return pdf


def _about(document: Published) -> dict[str, Any]:
    """Return what the PDF says about itself; the keywords tie it to its JSON document."""
    prepared = document.prepared_on
    return {
        "title": showable(f"{document.headline} {document.period}: {document.person_name}"),
        "author": showable(_author(document)),
        "description": showable(f"{document.regime.title}: {document.regime.status.name}"),
        "keywords": [document.period, f"id:{document.id}", f"{HASH_KEYWORD}{document.sha256}"],
        "date": [prepared.year, prepared.month, prepared.day],
    }


def _author(document: Published) -> str:
    by_agency = isinstance(document, ExchangeHead) and document.side == "agency"
    return document.agency.name if by_agency and document.agency else document.person_name


@cache
def _compiler() -> Any:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(root=TEMPLATES, font_paths=fonts)
