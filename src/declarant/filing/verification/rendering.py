"""Form and calendar: they say what the document says, for they are made again and compared.

The same versions give the same bytes. Where another version wrote them, the hash that the form
carries ties it to the document, and that is all that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarant import __version__
from declarant.filing.calendar import calendar
from declarant.filing.documents import Document
from declarant.filing.pdf import HASH_KEYWORD, render, renderer
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place, Severity

# PDF/A keeps its metadata readable without a PDF reader
_HASH = re.compile(re.escape(HASH_KEYWORD).encode() + rb"([0-9a-f]{64})")
_RELY = "Rely on the JSON document, and ask the sender about the difference."


def check_form(document: Document, pdf: bytes, name: str) -> Iterator[Finding]:
    """Compare a form with the document it should show."""
    named = form_hashes(pdf)
    if named != {document.sha256}:
        shown = ", ".join(sorted(named)) or "none"
        what = f"is the form of another document: it names the hash {shown}, not {document.sha256}."
        yield error("form.other_document", what, Place(file=name), _RELY)
    elif not _same_versions(document):
        yield _other_version(document, name)
    elif pdf != render(document).pdf:
        what = "is not the form that this document gives: it was changed after it was made."
        yield error("form.changed", what, Place(file=name), _RELY)


def check_calendar(document: Document, data: bytes, name: str) -> Iterator[Finding]:
    """Compare a calendar with the clocks of the document."""
    if not _same_versions(document):
        yield _other_version(document, name)
    elif data != calendar(document):
        what = "is not the calendar that this document gives."
        yield error("calendar.changed", what, Place(file=name), _RELY)


def form_hashes(pdf: bytes) -> set[str]:
    """Return the document hashes that a form names about itself; one, unless it is damaged."""
    return {found.decode() for found in _HASH.findall(pdf)}


def _same_versions(document: Document) -> bool:
    return (document.product.version, document.product.renderer) == (__version__, renderer())


def _other_version(document: Document, name: str) -> Finding:
    product = document.product
    return Finding(
        "form.other_version",
        f"was written by {product.name} {product.version} ({product.renderer}), this is "
        f"{__version__} ({renderer()}): it could not be made again and compared byte by byte.",
        Place(file=name),
        "Use the version that wrote it when the form itself matters.",
        Severity.NOTE,
    )
