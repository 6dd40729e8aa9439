"""Bringing in what the agency sent, and what was found in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.agency import agency_certificates
from declarant.desk.filer.questions.forms.others import MessageForm, ReceivedForm
from declarant.desk.filer.questions.importing import LARGEST, bring_in, set_right
from declarant.desk.filer.questions.models import Arrival
from declarant.desk.filer.questions.received import HEAD, received_by_server
from declarant.desk.filer.questions.views.telling import chunks_of, given_out, onto
from declarant.desk.vault import store
from declarant.law import load_regime
from declarant.law.quarters import REPORTING_RULE
from declarant.problems import BadInput, bad_input

A_PAGE = 50


@access(get=Power.ASSIGN, post=Power.ASSIGN)
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a message of the agency."""
    zone = load_regime(REPORTING_RULE).zone.name
    form = MessageForm(request.POST or None, request.FILES or None, zone=zone)
    if request.method == "POST" and form.is_valid():
        try:
            arrival = _brought(request, form)
        except BadInput as problem:
            onto(form, problem)
        else:
            if arrival.outcome == Arrival.Outcome.REFUSED:
                messages.error(request, _("The message was refused. Read below why."))
                return redirect("questions:arrival", arrival.pk)
            messages.success(request, _("The message was taken in."))
            return redirect(_next(arrival))
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "registered": bool(agency_certificates())}
    return render(request, "questions/bring.html", context, status=status)


@access(get=Power.READ)
def arrivals(request: HttpRequest) -> HttpResponse:
    """List what was brought in, refused messages too."""
    rows = Arrival.objects.select_related("imported_by")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "can_bring": request.user.has(Power.ASSIGN)}
    return render(request, "questions/arrivals.html", context)


@access(get=Power.READ)
def arrival(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message: who signed it, when it was received, what was found."""
    held = get_object_or_404(Arrival.objects.select_related("message", "imported_by"), pk=pk)
    return render(
        request,
        "questions/arrival.html",
        {
            "arrival": held,
            "leads_to": _leads_to(held),
            "form": ReceivedForm(zone=held.zone),
            "can_set_right": request.user.has(Power.ASSIGN)
            and held.outcome == Arrival.Outcome.ACCEPTED,
        },
    )


@access(post=Power.ASSIGN)
def receipt_set_right(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the moment of receipt right, with the reason."""
    held = get_object_or_404(Arrival.objects.select_related("message", "imported_by"), pk=pk)
    form = ReceivedForm(request.POST, zone=held.zone)
    if form.is_valid() and form.moment is None:
        form.add_error("day", _("Give day and time."))
    if form.is_valid() and form.moment is not None:
        try:
            set_right(
                request.user,
                held,
                received=form.moment,
                zone=form.cleaned_data["zone"],
                why=form.cleaned_data["why"],
            )
        except BadInput as problem:
            onto(form, problem)
        else:
            messages.success(request, _("The moment of receipt is set right; the clocks follow."))
            return redirect("questions:arrival", held.pk)
    context = {"arrival": held, "leads_to": _leads_to(held), "form": form, "can_set_right": True}
    return render(request, "questions/arrival.html", context, status=422)


@access(get=Power.READ)
def message(request: HttpRequest, pk: int) -> FileResponse:
    """Give out a message as it was brought in."""
    held = get_object_or_404(Arrival.objects.select_related("message"), pk=pk)
    return given_out(held.message, f"message-{held.pk}.eml")


def _brought(request: HttpRequest, form: MessageForm) -> Arrival:
    upload = form.cleaned_data["file"]
    file = store(chunks_of(upload), name=upload.name, limit=LARGEST)
    moment = form.moment
    if moment is None:
        with file.path.open("rb") as opened:
            moment = received_by_server(opened.read(HEAD))
    if moment is None:
        raise bad_input(
            "questions.received_unknown",
            _("The message does not say when your server received it."),
            mend=_("Give the day and the time at which it reached you."),
            field="day",
        )
    return bring_in(
        request.user, file, upload.name, received=moment, zone=form.cleaned_data["zone"]
    )


def _leads_to(arrival: Arrival) -> str | None:
    """Return the page of what followed from a message."""
    found = _next(arrival)
    return found if isinstance(found, str) else found.get_absolute_url()


def _next(arrival: Arrival) -> Any:
    if hasattr(arrival, "question_set"):
        return arrival.question_set
    if hasattr(arrival, "correction"):
        return arrival.correction.question_set
    from django.urls import reverse

    from declarant.desk.filer.questions.models import AnswerPackage, Extension

    package = AnswerPackage.objects.filter(receipt=arrival).first()
    if package is not None:
        return reverse("questions:package", args=[package.pk])
    extension = (
        Extension.objects.filter(decision=arrival).first()
        or Extension.objects.filter(receipt=arrival).first()
    )
    if extension is not None:
        return reverse("questions:extension", args=[extension.pk])
    return reverse("questions:arrival", args=[arrival.pk])
