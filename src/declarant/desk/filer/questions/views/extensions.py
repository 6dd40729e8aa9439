"""Asking for more time, and the decision on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.accounts.models import User
from declarant.desk.filer.filings.people import holders_of
from declarant.desk.filer.questions.attaching import safe_name
from declarant.desk.filer.questions.certifying import Outgoing
from declarant.desk.filer.questions.composing import open_correction
from declarant.desk.filer.questions.extending import prepare_request, record_decision
from declarant.desk.filer.questions.forms.others import DecisionForm, ExtensionForm
from declarant.desk.filer.questions.models import Extension, QuestionSetRecord
from declarant.desk.filer.questions.standing import CLOCK_STATUS, clocks_of, sets_with_clocks
from declarant.desk.filer.questions.views.outgoing import context_of, outgoing_at
from declarant.desk.filer.questions.views.telling import chunks_of, given_out, onto
from declarant.desk.vault import store
from declarant.problems import BadInput

LARGEST = 25 * 2**20


@access(get=Power.PREPARE, post=Power.PREPARE)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a request for more time."""
    record = get_object_or_404(sets_with_clocks(QuestionSetRecord.objects), pk=pk)
    correction = open_correction(record)
    officers = [
        (str(item.pk), item.name)
        for item in holders_of(Power.CERTIFY)
        if item.pk != request.user.pk
    ]
    keys = (
        [] if correction else [(q.key, f"{q.key}: {q.text[:120]}") for q in record.questions.all()]
    )
    form = ExtensionForm(request.POST or None, officers=officers, keys=keys)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row, found = prepare_request(
                request.user,
                record,
                until=given["until"],
                reason=given["reason"],
                officer=User.objects.get(pk=given["officer"]),
                keys=given.get("keys", ()),
                correction=correction,
            )
        except BadInput as problem:
            onto(form, problem)
        else:
            for finding in found:
                messages.warning(request, f"{finding.what} {finding.mend}".strip())
            messages.success(request, _("Prepared. The certifying officer was told."))
            return redirect("questions:extension", row.pk)
    context = {
        "set": record,
        "form": form,
        "correction": correction,
        "officers": officers,
        "clocks": [
            {"title": title, "clock": clock, "status": CLOCK_STATUS[clock.state]}
            for title, clock in clocks_of(record)
        ],
    }
    return render(request, "questions/ask.html", context, status=422 if form.is_bound else 200)


@access(get=Power.READ)
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request: what was asked, how far it has come, what was decided."""
    row = outgoing_at("extensions", pk)
    return render(request, "questions/extension.html", _context(request, row))


@access(post=Power.SEND)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision that came otherwise than by a signed message."""
    row = outgoing_at("extensions", pk)
    form = DecisionForm(request.POST, request.FILES, prefix="decision")
    if form.is_valid():
        given = form.cleaned_data
        try:
            file = store(chunks_of(given["file"]), name=given["file"].name, limit=LARGEST)
            record_decision(
                request.user,
                row,
                granted=given["granted"] == "yes",
                decided_on=given["decided_on"],
                until=given["until"],
                reason=given["reason"],
                file=file,
                file_name=safe_name(given["file"].name),
            )
        except BadInput as problem:
            onto(form, problem)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("questions:extension", row.pk)
    context = _context(request, row) | {"decision": form}
    return render(request, "questions/extension.html", context, status=422)


@access(get=Power.READ)
def decision_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give out the letter by which the agency decided."""
    row = get_object_or_404(Extension.objects.select_related("decision_file"), pk=pk)
    if row.decision_file is None:
        raise Http404
    return given_out(row.decision_file, row.decision_file_name)


def _context(request: HttpRequest, row: Outgoing) -> dict[str, object]:
    return context_of(request, row) | {"decision": DecisionForm(prefix="decision")}
