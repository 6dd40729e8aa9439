"""Addresses of clocks."""

from django.urls import path

from declarant.desk.filer.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("", views.clocks, name="list"),
    path("<int:pk>/", views.clock, name="clock"),
    path("<int:pk>/holder/", views.assign, name="assign"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/renew/", views.renew, name="renew"),
    path("calendar/end/", views.end, name="end"),
    path("feed/<str:secret>.ics", views.feed, name="feed"),
]
