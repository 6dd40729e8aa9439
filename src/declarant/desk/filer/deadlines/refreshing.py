"""Bringing the rows up to what the sources say now: new dates, moved dates, dates that ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone, translation

from declarant.desk.audit import change
from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.filer.deadlines.reminding import plan_reminders, withdraw_reminders
from declarant.desk.filer.deadlines.sources import SOURCES, Date


def refresh(actor: object = "worker") -> None:
    """Compare every source with the rows, and write what differs; nothing when nothing does."""
    # in one language, whoever's act asks for it: else the texts would change to and fro
    with translation.override(settings.LANGUAGE_CODE):
        for name, dates in sorted(SOURCES.items()):
            _refresh_source(actor, name, {item.key: item for item in dates()})


def _refresh_source(actor: object, name: str, said: dict[str, Date]) -> None:
    rows = {row.key: row for row in Deadline.objects.filter(source=name)}
    for key, item in said.items():
        row = rows.get(key)
        if row is None:
            _open(actor, name, item)
        elif _differs(row, item):
            _move(actor, row, item)
    for key, row in rows.items():
        if key not in said and row.closed is None:
            _close(actor, row)


def _open(actor: object, name: str, item: Date) -> None:
    try:
        _write(actor, name, item)
    except IntegrityError:  # another process has opened it in this moment
        if not Deadline.objects.filter(key=item.key).exists():
            raise


def _write(actor: object, name: str, item: Date) -> None:
    with change(
        actor,
        "clock.opened",
        subject=f"clock:{item.key}",
        due=item.due.isoformat(),
        duty=item.duty,
    ):
        row = Deadline.objects.create(
            key=item.key,
            source=name,
            due=item.due,
            holder=item.holder,
            subject=item.subject,
            **_content(item),
        )
        plan_reminders(row)


def _move(actor: object, row: Deadline, item: Date) -> None:
    moved, was = row.due != item.due, row.due
    with change(
        actor,
        "clock.moved" if moved else "clock.restated",
        subject=f"clock:{row.key}",
        due=item.due.isoformat(),
        was=was.isoformat(),
    ):
        # as it is now: somebody may have given it to a person since it was read
        row = Deadline.objects.select_for_update(of=("self",)).get(pk=row.pk)
        for field, value in _content(item).items():
            setattr(row, field, value)
        row.due, row.closed, row.subject = item.due, None, item.subject
        if not row.assigned:
            row.holder = item.holder
        row.save()
        if moved:
            withdraw_reminders(row, except_for=item.due)
        plan_reminders(row)


def _close(actor: object, row: Deadline) -> None:
    with change(actor, "clock.closed", subject=f"clock:{row.key}", due=row.due.isoformat()):
        row.closed = timezone.now()
        row.save(update_fields=["closed"])
        withdraw_reminders(row)


def _differs(row: Deadline, item: Date) -> bool:
    if row.closed is not None or row.due != item.due:
        return True
    if not row.assigned and row.holder_id != (item.holder.pk if item.holder else None):
        return True
    return any(getattr(row, field) != value for field, value in _content(item).items())


def _content(item: Date) -> dict[str, Any]:
    return {
        "regime": item.regime,
        "duty": item.duty,
        "title": item.title[:500],
        "worked_out": [str(step) for step in item.worked_out],
        "citation": item.citation,
        "other_readings": {
            name: day.isoformat() if isinstance(day, date) else str(day)
            for name, day in item.other_readings.items()
        },
        "url": item.url,
    }
