"""Addresses of the audit log."""

from django.urls import path

from declarant.desk.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("entries/<int:index>/", views.entry, name="entry"),
    path("heads/", views.heads, name="heads"),
    path("heads/<int:number>/", views.head, name="head"),
    path("key/", views.key, name="key"),
    path("verification/", views.verification, name="verification"),
    path("export/", views.export, name="export"),
    path("export/<uuid:job_id>/", views.download, name="download"),
]
