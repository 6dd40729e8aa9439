"""The text of the message: what it is, what is attached, how to check it without this product."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from declarant.filing.canonical import sha256
from declarant.filing.documents import Affirmation, Document
from declarant.filing.manifest import Attachment
from declarant.filing.wording import UNITS, VERDICTS, day
from declarant.quantities import show_interval

_WIDTH = 76
_ROLES = {
    "document": "the filing itself (JSON)",
    "form": "the same as a form",
    "calendar": "the dates that follow",
}


def covering_text(document: Document, attachments: Iterable[Attachment]) -> str:
    """Return the text of the message that carries a document."""
    return "\n".join((*_about(document), "", *_attached(attachments), *_how_to_check())) + "\n"


def _about(document: Document) -> Iterator[str]:
    law = document.regime
    yield f"{document.title}, {document.quarter}"
    yield from _wrapped(f"{law.title}. {law.citation}")
    yield ""
    yield from _wrapped(f"Status of the law on {day(law.status.on)}: {law.status.name}.")
    yield from _wrapped(law.status.text)
    if law.voluntary:
        yield from _wrapped("This document is filed voluntarily.")
    yield ""
    yield f"Person:   {document.person.name}"
    officer = document.contacts.certifying_officer
    yield f"Officer:  {officer.name if officer else 'not named'}"
    yield f"Due:      {day(document.due)}"
    yield f"Prepared: {day(document.prepared_on)}"
    yield f"Document: {document.id}"
    yield f"SHA-256:  {document.sha256}"
    yield ""
    if isinstance(document, Affirmation):
        yield from _wrapped(
            f"No applicable activity since {day(document.window.begins)}, and none planned until "
            f"{day(document.window.ends)}."
        )
        return
    yield "Activities:"
    for number, item in enumerate(document.activities, start=1):
        amount = f"{show_interval(item.amount.interval)} {UNITS[item.limit.unit]}"
        said = f"{item.name} ({item.activity_title}): {VERDICTS[item.verdict]}, {amount}"
        yield from _wrapped(f"{number}. {said}", indent="   ")


def _attached(attachments: Iterable[Attachment]) -> Iterator[str]:
    yield "Attached:"
    for item in attachments:
        yield f"  {item.name} ({len(item.data):,} bytes): {_ROLES[item.role]}"
        yield f"    SHA-256 {sha256(item.data)}"
    yield "  manifest.json: names and hashes of the files above"
    yield ""


def _how_to_check() -> Iterator[str]:
    yield "To check the signature of this message without the program that wrote it:"
    yield "  openssl cms -verify -in MESSAGE.eml -CAfile AUTHORITY.pem -out CONTENT"
    yield "and with it: declarant verify MESSAGE.eml --trust AUTHORITY.pem"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_long_words=False)
