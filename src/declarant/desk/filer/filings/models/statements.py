"""What people stated about a filing: why a questioned figure stands, and each statement ticked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Confirmation(models.Model):
    """A written reason why a questioned figure stands. It holds for one draft: `basis` is its hash.

    A draft that says something else has another hash, and asks again.
    """

    filing = models.ForeignKey(
        "filings.Filing", on_delete=models.PROTECT, related_name="confirmations"
    )
    basis = models.CharField(max_length=64)
    finding = models.CharField(max_length=64)  # hash of code, place and text: checking.Check.key
    code = models.CharField(max_length=200)
    where = models.CharField(max_length=1000, blank=True)
    what = models.TextField()
    check_class = models.CharField(max_length=20)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "basis", "finding"], name="confirmation_once")
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.code}"


class Tick(models.Model):
    """One statement that the certifying officer made about one document, named by its hash."""

    filing = models.ForeignKey("filings.Filing", on_delete=models.PROTECT, related_name="ticks")
    document_sha256 = models.CharField(max_length=64)
    statement = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "document_sha256", "statement"], name="tick_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.statement}"
