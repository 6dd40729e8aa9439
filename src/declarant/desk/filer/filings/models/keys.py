"""Certificates of certifying officers, and where each private key lies. Never the key itself."""

from __future__ import annotations

from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.filing.trial_key import is_trial


class SigningKey(models.Model):
    """A certificate that belongs to an officer. Rows are ended, never deleted or exchanged."""

    class Kind(models.TextChoices):
        """Where the private key lies."""

        SERVER = "server", _("On this server, locked with a passphrase")
        PKCS12 = "pkcs12", _("In a PKCS #12 file that I upload for each signature")
        PKCS11 = "pkcs11", _("On a token or security module at this server (PKCS #11)")
        ELSEWHERE = "elsewhere", _("Elsewhere: I sign with another program and upload the result")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signing_keys"
    )
    label = models.CharField(_("label"), max_length=100)
    kind = models.CharField(_("where the key lies"), max_length=10, choices=Kind)
    certificates = models.TextField()  # PEM: the owner's own first, then those above it
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the owner's certificate
    file_name = models.CharField(max_length=100, blank=True)  # in HOME/keys, of a key on the server
    token_uri = models.CharField(_("PKCS #11 URI"), max_length=500, blank=True)
    made = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "fingerprint", "kind"],
                condition=models.Q(ended__isnull=True),
                name="signing_key_once",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @cached_property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The owner's certificate, then those above it."""
        return tuple(x509.load_pem_x509_certificates(self.certificates.encode()))

    @property
    def certificate(self) -> x509.Certificate:
        """The owner's certificate."""
        return self.chain[0]

    @property
    def subject_name(self) -> str:
        """Whom the certificate names."""
        return self.certificate.subject.rfc4514_string()

    @property
    def name_on_page(self) -> str:
        """What its part of a page is called."""
        return f"end-{self.pk}"

    @property
    def for_trial(self) -> bool:
        """Whether it says of itself that it is for trial only."""
        return is_trial(self.certificate)


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()
