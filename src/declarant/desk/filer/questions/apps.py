"""The Django app of questions and answers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from declarant.desk.access import Power
from declarant.desk.site import navigation


class QuestionsConfig(AppConfig):
    """Questions and answers."""

    name = "declarant.desk.filer.questions"
    label = "questions"
    verbose_name = _("Questions")

    def ready(self) -> None:
        """Stand in the menu."""
        navigation.register(_("Questions"), "questions:sets", Power.READ, order=50)
