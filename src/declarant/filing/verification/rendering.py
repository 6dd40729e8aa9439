"""Form and calendar: they say what the document says, for they are made again and compared.

The same versions give the same bytes. The version that wrote them is the sender's own word, and the
hash that a form carries proves nothing about what else stands in it: what cannot be made again is
an error, whatever version it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from declarant import __version__
from declarant.filing.calendar import calendar
from declarant.filing.covering_text import covering_text
from declarant.filing.manifest import Attachment
from declarant.filing.pdf import HASH_KEYWORD, render, renderer
from declarant.filing.published import Published
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place, Severity

# PDF/A keeps its metadata readable without a PDF reader
_HASH = re.compile(re.escape(HASH_KEYWORD).encode() + rb"([0-9a-f]{64})")
_RELY = "Rely on the JSON document, and ask the sender about the difference."


def check_form(
    document: Published, pdf: bytes, name: str, *, ignored: bool = False
) -> Iterator[Finding]:
    """Compare a form with the document it should show.

    `ignored` says that nobody will rely on a form that cannot be compared.
    """
    named = form_hashes(pdf)
    if named != {document.sha256}:
        shown = ", ".join(sorted(named)) or "none"
        what = f"is the form of another document: it names the hash {shown}, not {document.sha256}."
        yield error("form.other_document", what, Place(file=name), _RELY)
    elif pdf == render(document).pdf:
        return
    elif _same_versions(document):
        what = "is not the form that this document gives: it was changed after it was made."
        yield error("form.changed", what, Place(file=name), _RELY)
    else:
        yield _not_compared("form", document, name, ignored)


def check_calendar(
    document: Published, data: bytes, name: str, *, ignored: bool = False
) -> Iterator[Finding]:
    """Compare a calendar with the clocks of the document; `ignored` as in `check_form`."""
    if data == calendar(document):
        return
    if _same_versions(document):
        what = "is not the calendar that this document gives."
        yield error("calendar.changed", what, Place(file=name), _RELY)
    else:
        yield _not_compared("calendar", document, name, ignored)


def check_text(
    document: Published, text: str | None, attachments: Iterable[Attachment], name: str
) -> Iterator[Finding]:
    """Compare the text of the message, which people read first, with what the document gives."""
    if text is None or _lines(text) == _lines(covering_text(document, attachments)):
        return
    what = "is not the text that this document gives."
    mend = "Rely on the JSON document; ask the sender who wrote the text."
    if _same_versions(document):
        yield error("text.changed", what, Place(file=name, field="text"), mend)
    else:
        yield Finding("text.not_compared", what, Place(file=name, field="text"), mend)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def form_hashes(pdf: bytes) -> set[str]:
    """Return the document hashes that a form names about itself; one, unless it is damaged."""
    return {found.decode() for found in _HASH.findall(pdf)}


def _same_versions(document: Published) -> bool:
    return (document.product.version, document.product.renderer) == (__version__, renderer())


def _not_compared(kind: str, document: Published, name: str, ignored: bool) -> Finding:
    product = document.product
    return Finding(
        f"{kind}.not_compared",
        f"says it was written by {product.name} {product.version} ({product.renderer}); this is "
        f"{__version__} ({renderer()}), and gives another {kind}: it may say anything.",
        Place(file=name),
        "The JSON document is the filing. Rely on it alone: verify the message with --ignore-form, "
        "and do not read this file.",
        Severity.NOTE if ignored else Severity.ERROR,
    )
