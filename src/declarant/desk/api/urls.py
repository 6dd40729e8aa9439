"""Addresses of the API, and of the page of tokens."""

from django.urls import include, path

from declarant.desk.api import views
from declarant.desk.api.v1 import api

tokens = (
    [
        path("", views.tokens, name="list"),
        path("<int:pk>/revoke/", views.revoke_token, name="revoke"),
    ],
    "tokens",
)
urlpatterns = [path("tokens/", include(tokens)), path("v1/", api.urls)]
