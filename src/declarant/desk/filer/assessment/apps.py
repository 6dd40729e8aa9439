"""The Django app of assessments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """Assessments."""

    name = "declarant.desk.filer.assessment"
    label = "assessment"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        """Put the pages into the navigation."""
        from declarant.desk.access import Power
        from declarant.desk.site.navigation import register

        register(_("Overview"), "assessment:overview", Power.READ, order=10)
        register(_("Determination"), "assessment:determination", Power.READ, order=30)
