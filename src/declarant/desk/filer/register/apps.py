"""The Django app of the register."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from declarant.desk.access import Power
from declarant.desk.site import navigation
from declarant.desk.site.context import office_named_by


class RegisterConfig(AppConfig):
    """Models, training runs, clusters, contacts and evidence."""

    name = "declarant.desk.filer.register"
    label = "register"
    verbose_name = _("Register")

    def ready(self) -> None:
        """Stand in the menu, and say whose desk this is."""
        navigation.register(_("Register"), "register:index", Power.READ, order=20)
        office_named_by(_person)


def _person() -> str:
    from declarant.desk.filer.register.kinds import Kind
    from declarant.desk.filer.register.models import Record

    held = Record.objects.filter(kind=Kind.PERSON, active=True).values_list("name", flat=True)
    return held.first() or ""
