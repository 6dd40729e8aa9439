"""The text of the message: what it is, what is attached, how to check it without this product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from declarant.filing.canonical import sha256
from declarant.filing.documents import Affirmation, Notification
from declarant.filing.exchange.covering import covered
from declarant.filing.manifest import Attachment
from declarant.filing.presentation_activities import verdict_in_words
from declarant.filing.published import Published
from declarant.filing.wording import UNITS, day, wrapped
from declarant.quantities import show_interval

_ROLES = {
    "document": "the filing itself (JSON)",
    "form": "the same as a form",
    "calendar": "the dates that follow",
    "evidence": "evidence",
}


def covering_text(document: Published, attachments: Iterable[Attachment]) -> str:
    """Return the text of the message that carries a document."""
    attached = _attached(attachments, is_filing=isinstance(document, Notification | Affirmation))
    return "\n".join((*_about(document), "", *attached, *_how_to_check())) + "\n"


def _about(document: Published) -> Iterator[str]:
    law = document.regime
    yield document.heading
    yield from wrapped(f"{law.title}. {law.citation}")
    yield ""
    yield from wrapped(f"Status of the law on {day(law.status.on)}: {law.status.name}.")
    yield from wrapped(law.status.text)
    if not isinstance(document, Notification | Affirmation):
        yield from covered(document)
        return
    if law.voluntary:
        yield from wrapped("This document is filed voluntarily.")
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
        yield from wrapped(
            f"No applicable activity since {day(document.window.begins)}, and none planned until "
            f"{day(document.window.ends)}."
        )
        return
    yield "Activities:"
    for number, item in enumerate(document.activities, start=1):
        amount = f"{show_interval(item.amount.interval)} {UNITS[item.limit.unit]}"
        said = f"{item.name} ({item.activity_title}): {verdict_in_words(item)}, {amount}"
        yield from wrapped(f"{number}. {said}", indent="   ")


def _attached(attachments: Iterable[Attachment], *, is_filing: bool) -> Iterator[str]:
    yield "Attached:"
    for item in attachments:
        role = _ROLES[item.role]
        if item.role == "document" and not is_filing:
            role = "the document itself (JSON)"
        yield f"  {item.name} ({len(item.data):,} bytes): {role}"
        yield f"    SHA-256 {sha256(item.data)}"
    yield "  manifest.json: names and hashes of the files above"
    yield ""


def _how_to_check() -> Iterator[str]:
    yield "To check the signature of this message without the program that wrote it:"
    yield "  openssl cms -verify -in MESSAGE.eml -CAfile AUTHORITY.pem -out CONTENT"
    yield "and with it: declarant verify MESSAGE.eml --trust AUTHORITY.pem"
