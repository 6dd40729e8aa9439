"""Addresses of search."""

from django.urls import path

from declarant.desk.search.views import search

app_name = "search"
urlpatterns = [path("", search, name="search")]
