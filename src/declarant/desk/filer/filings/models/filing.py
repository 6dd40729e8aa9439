"""A filing: one version of the notification or affirmation for a quarter."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from declarant.desk.vault.models import StoredFile
from declarant.law.quarters import REPORTING_RULE


def _file() -> models.ForeignKey:
    return models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")


def _person(*, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, related_name="+"
    )


class Filing(models.Model):
    """What is, or will be, sent for a quarter under a law.

    `draft` is the document as it was built; `document` is that document with the confirmations and
    the statements in it, as it will be certified. Once `message` is there the row's content stands:
    the database itself refuses to change it (guards.py).
    """

    class State(models.TextChoices):
        """Where a filing stands. Nothing leads back behind `certified`."""

        DRAFT = "draft", _("Draft")
        READY = "ready", _("Waiting for certification")
        CERTIFIED = "certified", _("Certified, not sent yet")
        SENT = "sent", _("Sent, no receipt yet")
        RECEIVED = "received", _("Received")
        DISCARDED = "discarded", _("Discarded")

    class Kind(models.TextChoices):
        """What the document is; known once it is built."""

        NOTIFICATION = "notification", _("Notification")
        AFFIRMATION = "affirmation", _("Affirmation")

    regime = models.CharField(max_length=80, default=REPORTING_RULE)
    quarter = models.CharField(_("quarter"), max_length=6)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    preparer = _person()
    officer = _person(null=True)
    started = models.DateTimeField(auto_now_add=True)
    returned = models.TextField(blank=True)  # why the officer gave it back; empty once built anew

    fingerprint = models.CharField(max_length=64, blank=True)  # of the register it was built from
    as_of = models.DateField(null=True)  # the day it was prepared, whose law applies
    due = models.DateField(null=True)
    summary = models.JSONField(default=dict)  # what lists show, so that they open no document
    draft = _file()
    document = _file()
    identity = models.CharField(max_length=200, blank=True)  # the id of `document`, or of `draft`
    form = _file()
    calendar = _file()

    unsigned = _file()  # the exact content to be signed elsewhere
    act = models.UUIDField(null=True, unique=True)  # of the certify form that was accepted
    message = _file()
    sealed = _file()
    key = models.ForeignKey(
        "filings.SigningKey", on_delete=models.PROTECT, null=True, related_name="filings"
    )
    certified = models.DateTimeField(null=True)
    sent = models.DateTimeField(null=True)
    received = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-quarter", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["regime", "quarter", "version"],
                condition=~Q(state="discarded"),
                name="filing_version_once",
            ),
            models.UniqueConstraint(
                fields=["regime", "quarter"],
                condition=Q(state__in=["draft", "ready"]),
                name="filing_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True) | ~Q(officer=F("preparer")),
                name="filing_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ready", "discarded"])
                | Q(
                    document__isnull=False,
                    message__isnull=False,
                    officer__isnull=False,
                    certified__isnull=False,
                    act__isnull=False,
                ),
                name="filing_certified_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(document__isnull=False, officer__isnull=False),
                name="filing_ready_whole",
            ),
        ]
        indexes = [models.Index(fields=["regime", "state", "quarter"], name="filing_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display() or self.regime} {self.quarter} v{self.version}"

    def get_absolute_url(self) -> str:
        """Return the page of this filing."""
        return reverse("filings:filing", args=[self.pk])

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"filing:{self.pk}"

    @property
    def name(self) -> str:
        """What people call it, such as "Notification 2026Q4, version 2"."""
        kind = self.get_kind_display() or _("Filing")
        if self.version == 1:
            return f"{kind} {self.quarter}"
        return _("%(kind)s %(quarter)s, version %(version)s") % {
            "kind": kind,
            "quarter": self.quarter,
            "version": self.version,
        }

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in (self.State.DRAFT, self.State.READY)

    @property
    def is_certified(self) -> bool:
        """Whether it was signed."""
        return self.state in (self.State.CERTIFIED, self.State.SENT, self.State.RECEIVED)

    @property
    def was_sent(self) -> bool:
        """Whether it left."""
        return self.state in (self.State.SENT, self.State.RECEIVED)

    def is_overdue(self, day: date) -> bool:
        """Whether its day is past and it has not left."""
        waiting = not self.was_sent and self.state != self.State.DISCARDED
        return waiting and self.due is not None and self.due < day
