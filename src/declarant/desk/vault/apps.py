"""The Django app of stored files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    """Stored files."""

    name = "declarant.desk.vault"
    label = "vault"
    verbose_name = _("Stored files")
