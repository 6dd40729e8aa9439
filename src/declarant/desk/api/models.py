"""Tokens of programs: whose they are, what they may do, until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A token; only the hash of its secret is kept. It can never do more than its person."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=100)
    scopes = models.JSONField(default=list)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(_("expires"))
    revoked = models.DateTimeField(null=True)
    last_used = models.DateField(null=True)

    class Meta:
        ordering = ["-made"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        """Whether it can still be used."""
        return self.revoked is None and self.expires > timezone.now() and self.person.is_active
