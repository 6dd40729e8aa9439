"""What the form says, as plain text: a document turned into headings, rows and cells.

The Typst template lays this out and adds nothing. Exact figures stay beside rounded ones.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from declarant.filing.activities import Activity, Cluster, Reading, Segment, TrainingRun
from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.fonts import showable
from declarant.filing.parts import Amount, Clock, Contact, EvidenceFile, Remark
from declarant.quantities import show_interval, show_operations

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_EXPONENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e(\d{1,3})(?!\w)")
_LONG_WORD = re.compile(r"[^\s\u2e80-\uffef]{25,}")
_BREAK = "\u200b"  # a place where a long word may break; nothing is seen of it

VERDICTS = {
    "reportable": "Reportable",
    "not_reportable": "Not reportable",
    "undetermined": "Undetermined",
}
STANDINGS = {
    "first": "First filing",
    "new": "New",
    "changed": "Changed",
    "same": "Same",
}
WHEN = {
    "current": "engaged in during the period",
    "planned": "planned within the look-ahead",
    "outside": "outside the period",
    "unknown": "date not known",
}
UNITS = {"operations": "operations", "operations_per_second": "operations per second"}

Rows = list[list[str]]


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
        "id": document.id,
        "sha256": document.sha256,
        "law": {"title": law.title, "citation": law.citation},
        "status": {
            "short": f"{voluntary}{law.status.state}",
            "heading": f"Status of the law on {day(law.status.on)}: {law.status.state}",
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
        "clocks": [_clock(clock) for clock in document.clocks],
        "remarks": [_remark(remark) for remark in document.remarks],
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
    shown = _showable(content)
    assert isinstance(shown, dict)  # noqa: S101 - it was one
    return shown


def day(when: date | None) -> str:
    """Return a date as U.S. forms write it: January 15, 2027."""
    return f"{when:%B} {when.day}, {when.year}" if when else "not known"


def figure(amount: Amount, digits: int = 3) -> str:
    """Return an amount with powers of ten: 1.25 × 10²⁶ (1.18 × 10²⁶ to 1.32 × 10²⁶)."""
    return powers(show_interval(amount.interval, digits))


def powers(text: str) -> str:
    """Return text with numbers like 1.2e26 written as powers of ten."""
    return _EXPONENT.sub(lambda m: f"{m[1]} × 10{m[2].translate(_SUPERSCRIPT)}", text)


def exact(amount: Amount) -> str:
    """Return the whole numbers behind an amount, in groups of three digits."""
    numbers = dict.fromkeys((amount.low, amount.best, amount.high))
    named = [_grouped(number) for number in numbers if number is not None]
    if amount.high is None:
        named.append("no upper bound known")
    return " · ".join(named)


def _grouped(number: str) -> str:
    return f"{int(number):,}"


def _person(document: Document) -> Rows:
    person = document.person
    rows = [
        ["Name", person.name],
        ["Kind", f"{person.kind} person"],
        ["Address", person.address or "not given"],
        *([key, value] for key, value in person.identifiers.items()),
    ]
    for ground in person.grounds:
        cited = f" [{ground.citation}]" if ground.citation else ""
        rows.append(["Covered because", f"{ground.text}{cited}"])
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
        "activities": [_activity(item) for item in document.activities],
        "evidence": [_evidence(file) for file in document.evidence],
    }


def _activity(item: Activity) -> dict[str, Any]:
    unit = UNITS[item.limit.unit]
    limit = powers(show_operations(int(item.limit.value), 1))
    cited = f" [{item.limit.citation}]" if item.limit.citation else ""
    rows = [
        ["Activity", f"{item.activity_title}{_cited(item.activity_citation)}"],
        ["Verdict, default reading", f"{VERDICTS[item.verdict]}; {WHEN[item.when]}"],
        ["Amount", f"{figure(item.amount)} {unit}"],
        ["Amount in full", exact(item.amount)],
        ["Limit to be exceeded", f"{limit} {unit}{cited}"],
    ]
    if item.crosses:
        rows.append(["Limit passed on", day(item.crosses)])
    flipping = [reading for reading in item.readings if reading.flips]
    steady = [reading for reading in item.readings if not reading.flips]
    return {
        "name": item.name,
        "id": item.id,
        "kind": item.kind,
        "rows": rows + (_run(item) if isinstance(item, TrainingRun) else _cluster(item)),
        "standing": STANDINGS[item.standing],
        "changes": [[c.field, c.before or "absent", c.after or "absent"] for c in item.changes],
        "chosen": [
            [choice.question, choice.title, choice.citation or ""] for choice in item.chosen
        ],
        "flipping": [_reading(reading) for reading in flipping],
        "steady": _steady(steady),
        "turns_at": [powers(text) for text in item.turns_at],
        "why": [[powers(reason.text), reason.citation or ""] for reason in item.why],
        "segments": [_segment(segment) for segment in item.segments]
        if isinstance(item, TrainingRun)
        else [],
        "groups": [
            [group.id, group.site or "not known", group.status, day(group.since)]
            for group in item.groups
        ]
        if isinstance(item, Cluster)
        else [],
        "remarks": [_remark(remark) for remark in item.remarks],
        "evidence": [file.path for file in item.evidence],
    }


def _run(item: TrainingRun) -> Rows:
    return [
        ["Model", item.model],
        ["Run", f"{item.status.replace('_', ' ')}; {day(item.begins)} to {day(item.ends)}"],
        ["Cluster", item.cluster or "not named"],
    ]


def _cluster(item: Cluster) -> Rows:
    possession = {"in_possession": "in possession"}.get(item.possession or "", item.possession)
    return [
        ["Location", item.location or "not known"],
        ["Possession", possession or "not known"],
    ]


def _cited(citation: str | None) -> str:
    return f" [{citation}]" if citation else ""


def _reading(reading: Reading) -> list[str]:
    size = [
        f"{count:,} {what}"
        for count, what in ((reading.machines, "machines"), (reading.devices, "devices"))
        if count is not None
    ]
    return [reading.title, VERDICTS[reading.verdict], figure(reading.amount), ", ".join(size)]


def _steady(readings: list[Reading]) -> str:
    if not readings:
        return ""
    names = "; ".join(reading.title for reading in readings[:12])
    more = f"; and {len(readings) - 12} more" if len(readings) > 12 else ""
    return f"The verdict is the same under these readings: {names}{more}."


def _segment(segment: Segment) -> list[str]:
    operations = [
        f"{figure(amount)} {column}"
        for column, amount in (
            ("model", segment.model_operations),
            ("executed", segment.executed_operations),
        )
        if amount is not None
    ]
    days = f"{day(segment.begins)} to {day(segment.ends)}"
    counted = "" if segment.preferred else " (a second count of the same work; not in the total)"
    return [
        f"{segment.stage}; {segment.purpose.replace('_', ' ')}; {segment.share}{counted}",
        days,
        f"{segment.method.replace('_', ' ')}: {powers(segment.formula)}",
        "; ".join(operations) or "not known",
    ]


def _clock(clock: Clock) -> dict[str, Any]:
    others = sorted({day(due) for due in clock.other_readings.values() if due != clock.due})
    return {
        "title": clock.title,
        "due": day(clock.due),
        "citation": clock.citation or "",
        "worked_out": list(clock.worked_out),
        "others": f"Under another reading: {', '.join(others)}." if others else "",
    }


def _remark(remark: Remark) -> list[str]:
    place = f"{remark.where}: " if remark.where else ""
    effect = f" Effect: {remark.effect}." if remark.effect else ""
    confirmed = remark.confirmation
    return [
        remark.severity,
        f"{place}{powers(remark.what)}{effect}",
        f"{confirmed.reason} ({confirmed.by}, {day(confirmed.on)})" if confirmed else "",
    ]


def _evidence(file: EvidenceFile) -> list[str]:
    size = "not known" if file.size is None else f"{file.size:,}"
    return [file.path, size, file.sha256]


def _showable(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda m: _breakable(m[0]), showable(value))
    if isinstance(value, dict):
        return {key: _showable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_showable(inner) for inner in value]
    return value


def _breakable(word: str) -> str:
    """Return a long word that may break after punctuation, and every 16 characters at least."""
    parts = re.findall(r"[^/_.,:;=@-]{0,15}[/_.,:;=@-]|[^/_.,:;=@-]{1,16}", word)
    return _BREAK.join(parts)
