"""The Django app of search."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Search."""

    name = "declarant.desk.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Find what each room lets people search, and put the page into the menu."""
        from declarant.desk.access import Power
        from declarant.desk.site.navigation import register

        autodiscover_modules("searchable")
        register(_("Search"), "search:search", Power.READ, order=70)
