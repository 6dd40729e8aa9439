"""Addresses of questions and answers."""

from django.urls import path

from declarant.desk.filer.questions.views import (
    answering,
    composing_answers,
    exporting,
    extensions,
    messages_in,
    offline,
    outgoing,
    sets,
    working,
)

app_name = "questions"
urlpatterns = [
    path("", sets.sets, name="sets"),
    path("messages/", messages_in.arrivals, name="arrivals"),
    path("messages/new/", messages_in.bring, name="bring"),
    path("messages/<int:pk>/", messages_in.arrival, name="arrival"),
    path("messages/<int:pk>/file/", messages_in.message, name="message"),
    path("messages/<int:pk>/receipt/", messages_in.receipt_set_right, name="receipt"),
    path("<int:pk>/", sets.question_set, name="set"),
    path("<int:pk>/assign/", sets.assign, name="assign"),
    path("<int:pk>/approve/", sets.approve_all, name="approve"),
    path("<int:pk>/compose/", composing_answers.compose, name="compose"),
    path("<int:pk>/extension/", extensions.ask, name="ask"),
    path("<int:pk>/export/<str:form>/", exporting.question_set, name="export"),
    path("<int:pk>/offline/", offline.upload, name="offline"),
    path("<int:pk>/offline/<str:form>/", offline.take, name="take"),
    path("uploads/<int:pk>/", offline.preview, name="upload"),
    path("question/<int:pk>/", answering.question, name="question"),
    path("question/<int:pk>/versions/", answering.versions, name="versions"),
    path("question/<int:pk>/work/", working.work, name="work"),
    path("question/<int:pk>/review/", working.review, name="review"),
    path("question/<int:pk>/remark/", working.remark, name="remark"),
    path("question/<int:pk>/attach/", working.attach_file, name="attach"),
    path("question/<int:pk>/export/<str:form>/", exporting.answer, name="export_answer"),
    path("remarks/<int:pk>/", working.rewrite_remark, name="rewrite_remark"),
    path("evidence/<int:pk>/", working.attachment, name="attachment"),
    path("answers/<int:pk>/", composing_answers.package, name="package"),
    path("extensions/<int:pk>/", extensions.extension, name="extension"),
    path("extensions/<int:pk>/decide/", extensions.decide, name="decide"),
    path("extensions/<int:pk>/decision/", extensions.decision_file, name="decision"),
    path("<str:kind>/<int:pk>/certify/", outgoing.certifying, name="certify"),
    path("<str:kind>/<int:pk>/send/", outgoing.sending, name="send"),
    path("<str:kind>/<int:pk>/discard/", outgoing.discarding, name="discard"),
    path("<str:kind>/<int:pk>/<str:which>/", outgoing.file, name="file"),
]
