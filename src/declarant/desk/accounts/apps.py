"""The Django app of people and sign-in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and sign-in."""

    name = "declarant.desk.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Put the pages into the menus, and record what the sign-in package changes."""
        from declarant.desk.access import Power
        from declarant.desk.accounts import recording  # noqa: F401 - connects signals
        from declarant.desk.site.navigation import register

        register(_("People"), "accounts:people", Power.READ, order=80)
        register(_("My account"), "accounts:oneself", Power.OWN_ACCOUNT, personal=True)
