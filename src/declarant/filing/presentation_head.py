"""What every form begins with, as plain text: the law and its status, people, clocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from declarant.filing.parts import Clock, Contact, Contacts, Person
from declarant.filing.presentation_activities import Rows
from declarant.filing.published import Published
from declarant.filing.wording import cited, day


def head(document: Published, effect: str) -> dict[str, Any]:
    """Return what the top of the form and every page say; `effect`: of a law not in force."""
    law = document.regime
    voluntary = "voluntary; " if law.voluntary else ""
    return {
        "kind": document.kind,
        "title": document.headline,
        "person_name": document.person_name,
        "agency": document.agency.name if document.agency else "",
        "period": document.period,
        "prepared_on": day(document.prepared_on),
        "law": {"title": law.title, "citation": law.citation},
        "status": {
            "short": f"{voluntary}{law.status.name}",
            "heading": f"Status of the law on {day(law.status.on)}: {law.status.name}",
            "text": law.status.text,
            "citation": law.status.citation or "",
            "effect": effect if law.voluntary else "",
        },
        "notices": list(document.notices),
        "product": " ".join(
            (document.product.name, document.product.version, f"({document.product.renderer})")
        ),
    }


def person_rows(person: Person) -> Rows:
    """Return who reports, and why the law covers them."""
    rows = [
        ["Name", person.name],
        ["Kind", f"{person.kind} person"],
        ["Address", person.address or "not given"],
        *([key, value] for key, value in person.identifiers.items()),
    ]
    for ground in person.grounds:
        rows.append(["Covered because", f"{ground.text}{cited(ground.citation)}"])
    return rows


def contact_rows(contacts: Contacts) -> Rows:
    """Return each contact: role, name, title, address, telephone."""
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


def named(contact: Contact | None) -> str:
    """Return a name with its title; empty for nobody."""
    if contact is None:
        return ""
    return f"{contact.name}, {contact.title}" if contact.title else contact.name


def clock_rows(clocks: tuple[Clock, ...]) -> Iterator[list[str]]:
    """Yield duty, due date and the steps to it; a step said for an earlier date is left out."""
    said: set[str] = set()
    for clock in clocks:
        steps = [step for step in clock.worked_out if step not in said]
        said.update(steps)
        others = sorted({due for due in clock.other_readings.values() if due != clock.due})
        if others:
            steps.append(f"Under another reading: {', '.join(map(day, others))}.")
        yield [clock.title, day(clock.due), " ".join(steps) + cited(clock.citation)]
