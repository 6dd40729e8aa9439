"""Rows that a worker claims by a conditional update: jobs, and mail that waits to go out."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from declarant.desk.vault.models import StoredFile


class Job(models.Model):
    """One piece of background work with its progress and its result."""

    class State(models.TextChoices):
        """Where a job stands."""

        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80, db_index=True)
    arguments = models.JSONField(default=dict)
    subject = models.CharField(max_length=200, blank=True, db_index=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED, db_index=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    text = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True)
    findings = models.JSONField(default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["state", "asked"], name="job_next")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None when the whole is not known."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


class Letter(models.Model):
    """A mail in the outbox; `key` says what it is about and stands once."""

    class State(models.TextChoices):
        """Where a letter stands."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        GIVEN_UP = "given_up", _("Given up")

    key = models.CharField(max_length=200, unique=True)
    to = models.JSONField(default=list)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    message = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    forget = models.BooleanField(default=False)  # its text opens something: emptied once sent
    state = models.CharField(max_length=12, choices=State, default=State.WAITING, db_index=True)
    posted = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(default=timezone.now, db_index=True)
    claimed = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_problem = models.TextField(blank=True)
    sent = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
