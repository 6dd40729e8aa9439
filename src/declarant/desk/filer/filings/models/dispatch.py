"""Ways a certified message took to the agency, and the receipts that came back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from declarant.desk.vault.models import StoredFile


class Dispatch(models.Model):
    """One sending of a certified message: always the same bytes, whatever happens on the way."""

    class Way(models.TextChoices):
        """How the message travels."""

        SMTP = "smtp", _("By e-mail from this desk")
        HTTPS = "https", _("Over HTTPS to the agency's desk")
        DOWNLOAD = "download", _("By hand: downloaded and sent by a person")

    class State(models.TextChoices):
        """Where a sending stands."""

        WAITING = "waiting", _("On its way")
        SENDING = "sending", _("Being handed over")
        DONE = "done", _("Accepted")
        REFUSED = "refused", _("Refused")

    filing = models.ForeignKey(
        "filings.Filing", on_delete=models.PROTECT, related_name="dispatches"
    )
    way = models.CharField(max_length=10, choices=Way)
    number = models.PositiveSmallIntegerField(default=1)  # sent again by this way: 2, 3, ...
    to = models.CharField(max_length=500)
    content = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    letter = models.CharField(max_length=200, blank=True)  # key of the letter in the outbox
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claimed = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    last_problem = models.TextField(blank=True)
    note = models.TextField(blank=True)  # by hand: how it was handed over
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "way", "number"], name="dispatch_numbered_once"
            )
        ]
        indexes = [models.Index(fields=["state", "way", "not_before"], name="dispatch_waiting")]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.way} {self.number}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (self.State.DONE, self.State.REFUSED)


class ReceiptRecord(models.Model):
    """A receipt of the agency that was verified and belongs to a filing."""

    class Outcome(models.TextChoices):
        """What the agency says of the message."""

        ACCEPTED = "accepted", _("Accepted")
        QUARANTINED = "quarantined", _("Set aside by the agency")

    filing = models.ForeignKey("filings.Filing", on_delete=models.PROTECT, related_name="receipts")
    message = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=200)  # id of the receipt document
    outcome = models.CharField(max_length=12, choices=Outcome)
    received = models.DateTimeField()  # by the agency's clock
    findings = models.JSONField(default=list)  # what the agency found wrong
    byte_for_byte = models.BooleanField()  # the agency hashed the very bytes that were sent
    signer = models.CharField(max_length=64)  # SHA-256 of the agency's certificate
    told = models.JSONField(default=list)  # what the verification of the receipt says besides
    brought_by = models.CharField(max_length=200)
    stored = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "message"], name="receipt_stored_once")
        ]

    def __str__(self) -> str:
        return self.identity

    @property
    def file_name(self) -> str:
        """What its message is called among the files of its filing."""
        return f"receipt-{self.pk}.eml"
