"""The clocks as an iCalendar file (RFC 5545) that any calendar program can take in.

All-day events with alarms ahead. The same document gives the same bytes: no clock is read, and an
event's UID comes from what it is about, so a date that is taken in twice stands once.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from declarant.filing.canonical import canonical, sha256
from declarant.filing.parts import Clock
from declarant.filing.published import Published

if TYPE_CHECKING:
    from icalendar import Event

ALARM_DAYS = (30, 7, 1)


def calendar(document: Published) -> bytes:
    """Return the clocks of a document as an iCalendar file."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", f"-//{document.product.name}//{document.product.version}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{document.regime.citation}: {document.person_name}")
    for clock in document.clocks:
        made.add_component(_event(document, clock))
    return bytes(made.to_ical())


def _event(document: Published, clock: Clock) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", f"{_identity(document, clock)}@declarant.invalid")
    event.add("dtstamp", datetime.combine(document.prepared_on, time.min, UTC))
    event.add("dtstart", clock.due)  # a day without an end lasts that day
    event.add("summary", f"Due: {clock.title}")
    event.add("description", _description(document, clock))
    event.add("categories", [clock.duty])
    event.add("transp", "TRANSPARENT")
    for days in ALARM_DAYS:
        if clock.due - timedelta(days=days) < document.prepared_on:
            continue  # it would go off as the calendar is opened
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Due in {days} {'day' if days == 1 else 'days'}: {clock.title}")
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event


def _identity(document: Published, clock: Clock) -> str:
    about = [document.regime.id, document.person_name, clock.duty, clock.title]
    return sha256(canonical(about))[:32]


def _description(document: Published, clock: Clock) -> str:
    others = [
        f"Under the reading {reading}: {due}."
        for reading, due in clock.other_readings.items()
        if due != clock.due
    ]
    law = document.regime
    status = f"Status of the law on {law.status.on}: {law.status.name}."
    return "\n".join(
        (
            "How this date was worked out:",
            *clock.worked_out,
            *others,
            *([f"Source: {clock.citation}"] if clock.citation else []),
            f"{law.citation}. {status}",
            f"From document {document.id}.",
        )
    )
