"""Reminders: planned as rows when a date opens, sent when they are due and not sent.

A reminder is due at nine in the morning of the law's own zone, whatever the offset from UTC is on
that day. A worker that was down sends what it missed, each once, and says how much time is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarant.desk.accounts.models import User
from declarant.desk.accounts.roles import Role
from declarant.desk.audit import change
from declarant.desk.filer.deadlines.models import Deadline, Reminder, shown_day
from declarant.desk.work.outbox import post
from declarant.law import load_regime

DAYS_BEFORE = (30, 14, 7, 3, 1, 0, -1, -3, -7, -14, -30)
AT = time(9)


def plan_reminders(row: Deadline) -> None:
    """Plan the reminders of a date, inside the caller's change; those planned already stay.

    Of the reminders whose moment had passed before the date was known, those ahead of it are left
    out, and of those after it only the last one is sent: the others would say the same.
    """
    now = timezone.now()
    passed = [days for days in DAYS_BEFORE if _moment(row, days) < now]
    for days in DAYS_BEFORE:
        moment = _moment(row, days)
        if days in passed and (days > 0 or days != min(passed)):
            continue
        reminder, _made = Reminder.objects.get_or_create(
            deadline=row, for_day=row.due, days_before=days, defaults={"due": moment}
        )
        if reminder.withdrawn and not reminder.sent:  # the date ended, and is open again
            Reminder.objects.filter(pk=reminder.pk).update(withdrawn=None)


def withdraw_reminders(row: Deadline, except_for: date | None = None) -> None:
    """Withdraw what was not sent, inside the caller's change; except reminders of one day."""
    unsent = row.reminders.filter(sent__isnull=True, withdrawn__isnull=True)
    if except_for is not None:
        unsent = unsent.exclude(for_day=except_for)
    unsent.update(withdrawn=timezone.now())


def send_due_reminders() -> int:
    """Post every reminder that is due and not sent; return how many."""
    due = (
        Reminder.objects.filter(
            due__lte=timezone.now(),
            sent__isnull=True,
            withdrawn__isnull=True,
            deadline__closed__isnull=True,
        )
        .filter(for_day=F("deadline__due"))
        .select_related("deadline", "deadline__holder")
        .order_by("due", "pk")
    )
    return sum(_send(reminder) for reminder in due)


def _send(reminder: Reminder) -> bool:
    """Post one, in one transaction with its mark; a second worker finds it marked."""
    row = reminder.deadline
    with change(
        "worker",
        "clock.reminded",
        subject=f"clock:{row.key}",
        days_before=reminder.days_before,
        due=row.due.isoformat(),
    ) as entry:
        won = Reminder.objects.filter(
            pk=reminder.pk, sent__isnull=True, withdrawn__isnull=True
        ).update(sent=timezone.now())
        if not won:
            entry.note(already=True)
            return False
        people = list(_recipients(row))
        entry.note(to=[person.email for person in people])
        for person in people:
            post(
                key=f"reminder:{reminder.pk}:{person.pk}",
                to=[person.email],
                subject=_subject(row),
                text=_text(row),
            )
    return True


def _recipients(row: Deadline) -> Iterable[User]:
    """Whoever holds it; preparers where nobody does; the certifying officers when it is late."""
    people: dict[int, User] = {}
    active = User.objects.filter(is_active=True, grants__ended__isnull=True)
    if row.holder is not None and row.holder.is_active:
        people[row.holder.pk] = row.holder
    else:
        people |= {user.pk: user for user in active.filter(grants__role=Role.PREPARER)}
    if row.days_left <= 1 or not people:
        officers = active.filter(grants__role=Role.CERTIFYING_OFFICER)
        people |= {user.pk: user for user in officers}
    return people.values()


def _moment(row: Deadline, days: int) -> datetime:
    day = row.due - timedelta(days=days)
    zone = load_regime(row.regime).zone.info
    return datetime.combine(day, AT, zone).astimezone(UTC)


def _subject(row: Deadline) -> str:
    left = row.days_left
    if left < 0:
        late = ngettext("OVERDUE by {days} day", "OVERDUE by {days} days", -left)
        return f"{late.format(days=-left)}: {row.label}"
    if left == 0:
        return _("Due today: {title}").format(title=row.label)
    soon = ngettext("Due in {days} day", "Due in {days} days", left)
    return f"{soon.format(days=left)}: {row.label}"


def _text(row: Deadline) -> str:
    steps = "\n".join(f"- {step}" for step in row.worked_out)
    lines = [
        row.label,
        _("Due on {day}.").format(day=shown_day(row.due)),
        *([_("How the date was worked out:"), steps] if steps else []),
        *([row.citation] if row.citation else []),
        f"{settings.DESK.public_url}{row.url}" if row.url else settings.DESK.public_url,
    ]
    return "\n\n".join(lines) + "\n"
