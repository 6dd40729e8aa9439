"""The Django app of background work."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Background work."""

    name = "declarant.desk.work"
    label = "work"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Find what each app has registered: its `jobs` and `periodic` modules."""
        autodiscover_modules("jobs", "periodic")
