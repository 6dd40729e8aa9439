"""Addresses of overview and determination."""

from django.urls import path

from declarant.desk.filer.assessment.views import (
    activity_of,
    again,
    choose_reading,
    determination,
    determination_of,
    overview,
)

app_name = "assessment"
urlpatterns = [
    path("", overview, name="overview"),
    path("determination/", determination, name="determination"),
    path("determination/again/", again, name="again"),
    path("determination/<slug:regime>/", determination_of, name="regime"),
    path(
        "determination/<slug:regime>/<slug:activity>/<str:subject>/", activity_of, name="activity"
    ),
    path(
        "determination/<slug:regime>/<slug:activity>/<str:subject>/reading/",
        choose_reading,
        name="choose",
    ),
]
