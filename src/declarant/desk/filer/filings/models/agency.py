"""Where filings go, and the certificates by which the agency is known."""

from __future__ import annotations

from functools import cached_property

from cryptography import x509
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyRecord(models.Model):
    """The agency as an administrator entered it. A change is a new row; the last one holds."""

    regime = models.CharField(max_length=80)
    name = models.CharField(_("name of the agency"), max_length=300)
    email = models.EmailField(_("mailbox for filings"))
    signing = models.TextField(blank=True)  # PEM: certificates that sign receipts and questions
    sealing = models.TextField(blank=True)  # PEM: certificates that filings are encrypted to
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["regime", "-id"], name="agency_last")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def signing_certificates(self) -> tuple[x509.Certificate, ...]:
        """Certificates of which one signs what the agency sends."""
        return _read(self.signing)

    @cached_property
    def sealing_certificates(self) -> tuple[x509.Certificate, ...]:
        """Certificates that filings are encrypted to; empty: they travel signed, not encrypted."""
        return _read(self.sealing)


def _read(pem: str) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(pem.encode())) if pem else ()
