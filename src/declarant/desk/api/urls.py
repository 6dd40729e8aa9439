"""Addresses of the API, and of the page of tokens."""

from django.urls import include, path, re_path

from declarant.desk.api import views
from declarant.desk.api.v1 import api

tokens = (
    [
        path("", views.tokens, name="list"),
        path("<int:pk>/revoke/", views.revoke_token, name="revoke"),
    ],
    "tokens",
)
urlpatterns = [
    path("tokens/", include(tokens)),
    path("v1/", api.urls),
    re_path(r"^v1/[\s\S]*\Z", views.nothing, name="api_nothing"),
]
