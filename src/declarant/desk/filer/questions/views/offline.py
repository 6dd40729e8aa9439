"""The spreadsheet and the document: taken, brought back, confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.questions.attaching import safe_name
from declarant.desk.filer.questions.forms.others import OfflineForm
from declarant.desk.filer.questions.models import OfflineUpload, QuestionSetRecord
from declarant.desk.filer.questions.views.telling import chunks_of, onto, saved_as, tell
from declarant.desk.filer.questions.worked_off_line import (
    DOCUMENT,
    LARGEST,
    SPREADSHEET,
    handed_out,
    keep,
    look_at,
    take_over,
)
from declarant.desk.vault import store
from declarant.problems import BadInput

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    SPREADSHEET: f"{_OFFICE}spreadsheetml.sheet",
    DOCUMENT: f"{_OFFICE}wordprocessingml.document",
}


@access(get=Power.READ)
def take(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give out the spreadsheet or the document with the answers as they stand."""
    if form not in MEDIA_TYPES:
        raise Http404
    record = get_object_or_404(QuestionSetRecord.objects.select_related("arrival"), pk=pk)
    data = handed_out(record, form)
    return saved_as(data, safe_name(f"questions-{record.pk}.{form}"), MEDIA_TYPES[form])


@access(get=Power.ANSWER, post=Power.ANSWER)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the files, or bring one back."""
    record = get_object_or_404(QuestionSetRecord.objects.select_related("arrival"), pk=pk)
    form = OfflineForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file = store(chunks_of(given), name=given.name, limit=LARGEST)
            held = keep(request.user, record, file, given.name)
        except BadInput as problem:
            onto(form, problem)
        else:
            return redirect("questions:upload", held.pk)
    context = {
        "set": record,
        "form": form,
        "uploads": record.uploads.select_related("uploaded_by")[:20],
    }
    return render(request, "questions/offline.html", context, status=422 if form.is_bound else 200)


@access(get=Power.ANSWER, post=Power.ANSWER)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would change, and take it over when somebody confirms."""
    held = get_object_or_404(
        OfflineUpload.objects.select_related("question_set__arrival", "file"), pk=pk
    )
    record = held.question_set
    if request.method == "POST":
        try:
            made, aside = take_over(request.user, held, set(request.POST.getlist("question")))
        except BadInput as problem:
            tell(request, problem)
            return redirect("questions:upload", held.pk)
        messages.success(request, _("%(n)d answers were taken over.") % {"n": made})
        if aside:
            messages.warning(
                request,
                _("%(n)d stand aside: somebody changed those answers meanwhile. Both are kept.")
                % {"n": aside},
            )
        return redirect(record)
    try:
        looked = look_at(record, held.file.read(), held.name)
    except BadInput as problem:
        tell(request, problem)
        return redirect("questions:offline", record.pk)
    return render(
        request, "questions/upload.html", {"set": record, "upload": held, "looked": looked}
    )
