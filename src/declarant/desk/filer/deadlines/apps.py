"""The Django app of clocks."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    """Clocks."""

    name = "declarant.desk.filer.deadlines"
    label = "deadlines"
    verbose_name = _("Clocks")

    def ready(self) -> None:
        """Find the sources of dates, and put the page into the navigation."""
        from declarant.desk.access import Power
        from declarant.desk.site.navigation import register

        autodiscover_modules("deadline_sources", "handing_over")
        register(_("Clocks"), "deadlines:list", Power.READ, order=60)
