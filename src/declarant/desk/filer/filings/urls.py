"""Addresses of filings."""

from django.urls import path

from declarant.desk.filer.filings import views

app_name = "filings"
urlpatterns = [
    path("", views.filings, name="filings"),
    path("start/", views.start, name="start"),
    path("receipt/", views.receipt, name="receipt"),
    path("agency/", views.agency, name="agency"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:key_id>/end/", views.end_key, name="end_key"),
    path("<int:pk>/", views.filing, name="filing"),
    path("<int:pk>/rebuild/", views.rebuild, name="rebuild"),
    path("<int:pk>/officer/", views.officer, name="officer"),
    path("<int:pk>/take-over/", views.take_over, name="take_over"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/checks/", views.checks, name="checks"),
    path("<int:pk>/checks/<str:key>/", views.confirm, name="confirm"),
    path("<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:pk>/give-back/", views.give_back, name="give_back"),
    path("<int:pk>/certify/", views.certify, name="certify"),
    path("<int:pk>/certify/content/", views.content, name="content"),
    path("<int:pk>/certify/signed/", views.upload_signed, name="upload_signed"),
    path("<int:pk>/certify/<str:statement>/", views.tick, name="tick"),
    path("<int:pk>/send/", views.send, name="send"),
    path("<int:pk>/send/by-hand/", views.by_hand, name="by_hand"),
    path("<int:pk>/files/<str:name>", views.file, name="file"),
]
