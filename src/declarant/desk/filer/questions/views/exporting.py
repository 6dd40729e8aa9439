"""Sets and answers to be saved: PDF, JSON, CSV."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from declarant.desk.access import Power, access
from declarant.desk.filer.questions.attaching import safe_name
from declarant.desk.filer.questions.exports import exported
from declarant.desk.filer.questions.models import Question, QuestionSetRecord
from declarant.desk.filer.questions.views.telling import saved_as

FORMS = {
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


@access(get=Power.READ)
def question_set(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give out a set with its answers as they stand."""
    record = get_object_or_404(QuestionSetRecord.objects.select_related("arrival"), pk=pk)
    return _saved(request, record, form, None, f"questions-{record.pk}")


@access(get=Power.READ)
def answer(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give out one answer as it stands."""
    held = get_object_or_404(Question.objects.select_related("question_set__arrival"), pk=pk)
    return _saved(request, held.question_set, form, held.pk, f"answer-{held.key}")


def _saved(
    request: HttpRequest, record: QuestionSetRecord, form: str, only: int | None, stem: str
) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    data = exported(record, form, request.user, only)
    return saved_as(data, safe_name(f"{stem}.{form}".replace("/", "-")), FORMS[form])
