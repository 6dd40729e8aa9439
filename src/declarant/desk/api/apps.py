"""The Django app of the API."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The API and its tokens."""

    name = "declarant.desk.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        """Put the page of tokens into the person's own menu."""
        from declarant.desk.access import Power
        from declarant.desk.site.navigation import register

        register(_("API tokens"), "tokens:list", Power.USE_API, personal=True)
