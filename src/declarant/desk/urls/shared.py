"""Addresses that both desks have."""

from django.urls import include, path

urlpatterns = [
    path("", include("declarant.desk.site.urls")),
    path("account/", include("declarant.desk.accounts.urls")),
    path("audit/", include("declarant.desk.audit.urls")),
    path("work/", include("declarant.desk.work.urls")),
]
