"""What the form says, as plain text: a document turned into headings, rows and cells.

The Typst template lays this out and adds nothing. Exact figures stay beside rounded ones.
"""

from __future__ import annotations

from typing import Any

from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.exchange.presentation import presented_exchange
from declarant.filing.parts import EvidenceFile
from declarant.filing.presentation_activities import (
    Rows,
    presented_activities,
    presented_remark,
    verdict_in_words,
)
from declarant.filing.presentation_head import (
    clock_rows,
    contact_rows,
    head,
    named,
    person_rows,
)
from declarant.filing.published import Published
from declarant.filing.wording import STANDINGS, UNITS, day, figure, printable

_VOLUNTARY = (
    "This document is filed voluntarily: the rule is not in force, and nothing obliges anybody to "
    "file it."
)


def presented(document: Published) -> dict[str, Any]:
    """Return the content of the form: texts only, each one showable with the shipped fonts."""
    content = (
        _filed(document)
        if isinstance(document, Notification | Affirmation)
        else presented_exchange(document)
    )
    whole = {"id": document.id, "sha256": document.sha256}  # never broken: people copy them
    return {**{key: printable(value) for key, value in content.items()}, **whole}


def _filed(document: Document) -> dict[str, Any]:
    content: dict[str, Any] = {
        **head(document, _VOLUNTARY),
        "quarter": document.quarter,
        "due": day(document.due),
        "person": person_rows(document.person),
        "contacts": contact_rows(document.contacts),
        "dates": _period(document),
        "due_worked_out": list(document.due_worked_out),
        "clocks": list(clock_rows(document.clocks)),
        "remarks": [presented_remark(remark) for remark in document.remarks],
        "statements": [[item.text, item.ticked] for item in document.statements],
        "officer": named(document.contacts.certifying_officer),
    }
    if isinstance(document, Notification):
        content |= _activities(document)
    else:
        content |= {"affirmed": _affirmed(document)}
    return content


def _period(document: Document) -> Rows:
    window = document.window
    former = document.former
    rows = [
        ["Activities engaged in since", day(window.begins)],
        ["Planned activities until", day(window.ends)],
    ]
    if former is None:
        rows.append(["Former filing", "none"])
    else:
        sent = f", sent {day(former.sent)}" if former.sent else ""
        named = f" ({former.id})" if former.id else ""
        rows.append(["Former filing", f"{former.kind} for {former.quarter}{sent}{named}"])
    return rows


def _affirmed(document: Affirmation) -> dict[str, Any]:
    text = (
        f"{document.person.name} affirms that it has not engaged in any applicable activity since "
        f"{day(document.window.begins)} and does not plan to engage in one until "
        f"{day(document.window.ends)}."
    )
    count = (
        f"Affirmation {document.sequence} of {len(document.owed)} owed after the last notification."
        if document.sequence
        else ""
    )
    return {"text": text, "count": count, "owed": list(document.owed)}


def _activities(document: Notification) -> dict[str, Any]:
    return {
        "summary": [
            [
                item.name,
                item.activity_title,
                verdict_in_words(item),
                f"{figure(item.amount)} {UNITS[item.limit.unit]}",
                STANDINGS[item.standing],
            ]
            for item in document.activities
        ],
        "no_longer": list(document.no_longer),
        "activities": list(presented_activities(document.activities)),
        "evidence": [_evidence(file) for file in document.evidence],
    }


def _evidence(file: EvidenceFile) -> list[str]:
    size = "not known" if file.size is None else f"{file.size:,}"
    half = len(file.sha256) // 2
    return [file.path, size, f"{file.sha256[:half]}\n{file.sha256[half:]}"]
