"""A message that came from the agency, or claims to: kept whatever was found in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.models.kept import Kept
from declarant.desk.filer.questions.wording import kind_said
from declarant.desk.vault.models import StoredFile


class Arrival(Kept):
    """One message as it was uploaded, what it holds, and whether it was accepted.

    Only the moment of receipt may be set right afterwards, with a reason in the audit log: from it
    the clock runs.
    """

    class Outcome(models.TextChoices):
        """Whether the message counts."""

        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    message = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=255)
    outcome = models.CharField(max_length=10, choices=Outcome)
    kind = models.CharField(max_length=40, blank=True)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    ref = models.CharField(_("document"), max_length=200, blank=True)
    findings = models.JSONField(default=list)
    signer = models.JSONField(null=True)
    received = models.DateTimeField(_("received"))
    zone = models.CharField(_("time zone"), max_length=60)
    imported = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-imported", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(outcome="accepted"),
                name="questions_document_accepted_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_said(self) -> str:
        """What it is, in words."""
        return kind_said(self.kind)
