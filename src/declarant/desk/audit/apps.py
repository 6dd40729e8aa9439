"""The app as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Append-only log of changes."""

    name = "declarant.desk.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        """Put the log into the menu of those who may read it."""
        from declarant.desk.access import Power
        from declarant.desk.site import navigation

        navigation.register(_("Audit log"), "audit:log", Power.READ_AUDIT, order=90)
