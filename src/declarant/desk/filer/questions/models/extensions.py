"""More time: asked for, and granted or not. Nothing but a decision moves a clock."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.models.arrivals import Arrival
from declarant.desk.filer.questions.models.kept import refuse
from declarant.desk.filer.questions.models.packages import Way
from declarant.desk.filer.questions.models.sets import CorrectionRecord, QuestionSetRecord
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.from_person import ExtensionRequest
from declarant.filing.published import PUBLISHED


class Extension(models.Model):
    """One request for more time, from its writing to the decision on it."""

    class State(models.TextChoices):
        """How far a request has come."""

        READY = "ready", _("Prepared")
        CERTIFIED = "certified", _("Signed")
        SENT = "sent", _("Sent")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        DISCARDED = "discarded", _("Discarded before it was signed")

    question_set = models.ForeignKey(
        QuestionSetRecord, on_delete=models.PROTECT, related_name="extensions"
    )
    correction = models.ForeignKey(
        CorrectionRecord, on_delete=models.PROTECT, null=True, related_name="extensions"
    )
    keys = models.JSONField(default=list)
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=State, default=State.READY, db_index=True)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(_("document"), max_length=200, unique=True)
    prepared = models.DateTimeField(auto_now_add=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sealed = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    certified = models.DateTimeField(null=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    way = models.CharField(max_length=10, blank=True, choices=Way)
    sent = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    receipt = models.ForeignKey(Arrival, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(_("decided on"), null=True)
    granted_until = models.DateField(_("granted until"), null=True)
    decision_reason = models.TextField(blank=True)
    decision = models.ForeignKey(Arrival, on_delete=models.PROTECT, null=True, related_name="+")
    decision_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision_file_name = models.CharField(max_length=150, blank=True)
    recorded = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(granted_until__isnull=True) | models.Q(state="granted"),
                name="questions_only_a_grant_has_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="granted") | models.Q(granted_until__isnull=False),
                name="questions_a_grant_has_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(officer=models.F("prepared_by")),
                name="questions_extension_two_people",
            ),
        ]

    def __str__(self) -> str:
        return str(_("More time until %(day)s") % {"day": self.until.isoformat()})

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"extension:{self.pk}"

    @property
    def is_decided(self) -> bool:
        """Whether the agency has decided."""
        return self.state in (self.State.GRANTED, self.State.REFUSED)

    @property
    def request(self) -> ExtensionRequest:
        """The document."""
        found = PUBLISHED.validate_json(self.document.read())
        assert isinstance(found, ExtensionRequest)  # noqa: S101 - extending.py has made it
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row; rows that are there are moved on by conditional updates only.

        Raises:
            BadInput: when the row is there already.
        """
        if not self._state.adding:
            refuse(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            BadInput: always.
        """
        refuse(self)
