"""The Django app of filings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilingsConfig(AppConfig):
    """Filings."""

    name = "declarant.desk.filer.filings"
    label = "filings"
    verbose_name = _("Filings")

    def ready(self) -> None:
        """Put the list of filings into the menu."""
        from declarant.desk.access import Power
        from declarant.desk.site import navigation

        navigation.register(_("Filings"), "filings:filings", Power.READ, order=40)
