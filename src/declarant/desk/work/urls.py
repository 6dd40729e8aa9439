"""Addresses of background work."""

from django.urls import path

from declarant.desk.work import views

app_name = "work"
urlpatterns = [
    path("<uuid:job_id>/", views.progress, name="progress"),
    path("<uuid:job_id>/cancel/", views.cancel, name="cancel"),
]
