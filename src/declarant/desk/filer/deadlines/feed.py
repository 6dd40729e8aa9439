"""A person's calendar feed (RFC 5545): the open dates, at an address only that person knows."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from declarant import __version__
from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.deadlines.models import CalendarFeed, Deadline
from declarant.desk.filer.deadlines.upcoming import upcoming

ALARM_DAYS = (30, 7, 1)


def renew_feed(person: User) -> str:
    """Give a person a new address, and return it; a former address ends. It is shown only now."""
    secret = secrets.token_urlsafe(32)
    with change(person, "calendar.renewed", subject=f"person:{person.pk}"):
        CalendarFeed.objects.update_or_create(
            person=person,
            defaults={"secret_sha256": _hash(secret), "made": timezone.now(), "last_read": None},
        )
    return settings.DESK.public_url + reverse("deadlines:feed", args=[secret])


def end_feed(person: User) -> None:
    """End a person's feed."""
    with change(person, "calendar.ended", subject=f"person:{person.pk}"):
        CalendarFeed.objects.filter(person=person).delete()


def feed_with(secret: str) -> CalendarFeed | None:
    """Return the feed of an address; None when there is none, or its person may not sign in."""
    return (
        CalendarFeed.objects.select_related("person")
        .filter(secret_sha256=_hash(secret), person__is_active=True)
        .first()
    )


def calendar_of(person: User) -> bytes:
    """Return all open dates as a calendar; those that the person holds say so."""
    made = Calendar()
    made.add("prodid", f"-//Declarant//{__version__}//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Declarant: {settings.DESK.host}")
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for row in upcoming():
        made.add_component(_event(row, person))
    return bytes(made.to_ical())


def _event(row: Deadline, person: User) -> Event:
    event = Event()
    name = hashlib.sha256(row.key.encode()).hexdigest()[:32]
    event.add("uid", f"{name}@{settings.DESK.host}")
    event.add("dtstamp", row.opened)
    event.add("dtstart", row.due)
    event.add("summary", f"{row.label}{' *' if row.holder_id == person.pk else ''}")
    event.add("description", "\n".join((*row.worked_out, row.citation)).strip())
    event.add("categories", [row.duty])
    event.add("transp", "TRANSPARENT")
    if row.url:
        event.add("url", settings.DESK.public_url + row.url)
    for days in ALARM_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", row.label)
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
