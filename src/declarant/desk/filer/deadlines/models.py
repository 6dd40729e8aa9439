"""Dates, reminders as rows, and the feed that a person's calendar reads."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from declarant.desk.language import law_language
from declarant.desk.today import today
from declarant.law import load_regime


class Deadline(models.Model):
    """A date that follows from the law and the facts. `key` stays when the day moves."""

    key = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=40)
    regime = models.CharField(max_length=80)
    duty = models.CharField(max_length=80)
    title = models.CharField(_("what it is about"), max_length=500)
    due = models.DateField(_("due"), db_index=True)
    worked_out = models.JSONField(default=list)
    citation = models.CharField(max_length=1000, blank=True)
    other_readings = models.JSONField(default=dict)
    subject = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=400, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who holds it"),
    )
    assigned = models.BooleanField(default=False)  # by hand: a source no longer changes the holder
    opened = models.DateTimeField(auto_now_add=True)
    closed = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return f"{self.due} {self.label}"

    @property
    def duty_title(self) -> str:
        """What is due, in the words of the law's data and the language of the page."""
        try:
            clock = load_regime(self.regime).clock(self.duty)
        except KeyError:
            return self.duty.replace("_", " ")
        return clock.title.in_language(law_language(get_language()))

    @property
    def label(self) -> str:
        """What is due, and what it is about."""
        return f"{self.duty_title}: {self.title}"

    @cached_property
    def days_left(self) -> int:
        """Days from today, in the law's own zone, until it is due; below zero when it passed."""
        return (self.due - today(load_regime(self.regime))).days

    @property
    def is_overdue(self) -> bool:
        """Whether the day has passed and it is still open."""
        return self.closed is None and self.days_left < 0

    @property
    def is_pressing(self) -> bool:
        """Whether little time is left."""
        return self.closed is None and 0 <= self.days_left <= 7

    @property
    def overdue_by(self) -> int:
        """Days since it was due."""
        return -self.days_left


class Reminder(models.Model):
    """One reminder of a date: due at a moment, sent once. It is never looked up by its day."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reminders")
    for_day = models.DateField()  # the due date it reminds of
    days_before = models.SmallIntegerField()  # below zero: after the day has passed
    due = models.DateTimeField(db_index=True)
    sent = models.DateTimeField(null=True, db_index=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "for_day", "days_before"], name="reminder_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deadline}: {self.days_before} days before"


class CalendarFeed(models.Model):
    """A person's calendar feed; the address holds a secret of which only the hash is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed"
    )
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=timezone.now)
    last_read = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.person)


def shown_day(day: date) -> str:
    """Return a day as mails write it: 15 January 2027."""
    return f"{day.day} {day:%B %Y}"
