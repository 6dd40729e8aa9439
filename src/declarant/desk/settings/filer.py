"""The filer's desk: the office of a developer or compute provider."""

from declarant.desk.settings.base import *  # noqa: F403 - settings are layered this way
from declarant.desk.settings.base import INSTALLED_APPS as SHARED

ROOT_URLCONF = "declarant.desk.urls.filer"
WSGI_APPLICATION = "declarant.desk.wsgi.application"
DESK_KIND = "filer"
INSTALLED_APPS = [
    *SHARED,
    "declarant.desk.filer.register",
    "declarant.desk.filer.assessment",
    "declarant.desk.filer.filings",
    "declarant.desk.filer.questions",
    "declarant.desk.filer.deadlines",
    "declarant.desk.search",
    "declarant.desk.api",
]
