"""The row of a stored file: its hash, its size, what its first bytes say it is."""

from __future__ import annotations

from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes in the vault. Rows that refer to it hold the name it came under and what it is for."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    size = models.BigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=120)
    stored = models.DateTimeField(_("stored"), auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        from declarant.desk.vault.storing import path_of

        return path_of(self.sha256)

    def read(self) -> bytes:
        """Return all bytes."""
        return self.path.read_bytes()
