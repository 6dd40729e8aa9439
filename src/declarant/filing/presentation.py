"""What the form says, as plain text: a document turned into headings, rows and cells.

The Typst template lays this out and adds nothing. Exact figures stay beside rounded ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.parts import Clock, Contact, EvidenceFile
from declarant.filing.presentation_activities import (
    Rows,
    presented_activities,
    presented_remark,
)
from declarant.filing.wording import STANDINGS, UNITS, VERDICTS, cited, day, figure, printable


def presented(document: Document) -> dict[str, Any]:
    """Return the content of the form: texts only, each one showable with the shipped fonts."""
    law = document.regime
    voluntary = "voluntary; " if law.voluntary else ""
    content: dict[str, Any] = {
        "kind": document.kind,
        "title": document.title,
        "person_name": document.person.name,
        "agency": document.agency.name if document.agency else "",
        "quarter": document.quarter,
        "due": day(document.due),
        "prepared_on": day(document.prepared_on),
        "law": {"title": law.title, "citation": law.citation},
        "status": {
            "short": f"{voluntary}{law.status.name}",
            "heading": f"Status of the law on {day(law.status.on)}: {law.status.name}",
            "text": law.status.text,
            "citation": law.status.citation or "",
            "effect": "This document is filed voluntarily: the rule is not in force, and nothing "
            "obliges anybody to file it."
            if law.voluntary
            else "",
        },
        "person": _person(document),
        "contacts": _contacts(document),
        "period": _period(document),
        "due_worked_out": list(document.due_worked_out),
        "clocks": list(_clocks(document.clocks)),
        "remarks": [presented_remark(remark) for remark in document.remarks],
        "statements": [[item.text, item.ticked] for item in document.statements],
        "officer": _named(document.contacts.certifying_officer),
        "notices": list(document.notices),
        "product": " ".join(
            (document.product.name, document.product.version, f"({document.product.renderer})")
        ),
    }
    if isinstance(document, Notification):
        content |= _activities(document)
    else:
        content |= {"affirmed": _affirmed(document)}
    whole = {"id": document.id, "sha256": document.sha256}  # never broken: people copy them
    return {**{key: printable(value) for key, value in content.items()}, **whole}


def _person(document: Document) -> Rows:
    person = document.person
    rows = [
        ["Name", person.name],
        ["Kind", f"{person.kind} person"],
        ["Address", person.address or "not given"],
        *([key, value] for key, value in person.identifiers.items()),
    ]
    for ground in person.grounds:
        rows.append(["Covered because", f"{ground.text}{cited(ground.citation)}"])
    return rows


def _contacts(document: Document) -> Rows:
    contacts = document.contacts
    listed = [
        ("Preparer", contacts.preparer),
        ("Certifying officer", contacts.certifying_officer),
        *(("Further contact", contact) for contact in contacts.others),
    ]
    return [
        [
            role,
            contact.name,
            contact.title or "",
            contact.email or "",
            contact.phone or "",
        ]
        if contact
        else [role, "not named", "", "", ""]
        for role, contact in listed
    ]


def _named(contact: Contact | None) -> str:
    if contact is None:
        return ""
    return f"{contact.name}, {contact.title}" if contact.title else contact.name


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
                VERDICTS[item.verdict],
                f"{figure(item.amount)} {UNITS[item.limit.unit]}",
                STANDINGS[item.standing],
            ]
            for item in document.activities
        ],
        "no_longer": list(document.no_longer),
        "activities": list(presented_activities(document.activities)),
        "evidence": [_evidence(file) for file in document.evidence],
    }


def _clocks(clocks: tuple[Clock, ...]) -> Iterator[list[str]]:
    """Yield duty, due date and the steps to it; a step said for an earlier date is left out."""
    said: set[str] = set()
    for clock in clocks:
        steps = [step for step in clock.worked_out if step not in said]
        said.update(steps)
        others = sorted({due for due in clock.other_readings.values() if due != clock.due})
        if others:
            steps.append(f"Under another reading: {', '.join(map(day, others))}.")
        yield [clock.title, day(clock.due), " ".join(steps) + cited(clock.citation)]


def _evidence(file: EvidenceFile) -> list[str]:
    size = "not known" if file.size is None else f"{file.size:,}"
    half = len(file.sha256) // 2
    return [file.path, size, f"{file.sha256[:half]}\n{file.sha256[half:]}"]
