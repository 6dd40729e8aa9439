"""Addresses of the site: the choice of language, and in development the page of all parts."""

from django.conf import settings
from django.urls import path

from declarant.desk.site import views

urlpatterns = [path("language/", views.language, name="set_language")]
if settings.DEBUG:
    urlpatterns.append(path("style/", views.style, name="style"))
