"""The site as a Django app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Templates, static files and template tags; no models."""

    name = "declarant.desk.site"
    label = "desk_site"
