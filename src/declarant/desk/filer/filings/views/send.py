"""Sending what was certified, and how far that is."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.forms import ByHandForm
from declarant.desk.filer.filings.models import Dispatch, Filing
from declarant.desk.filer.filings.sending import dispatching
from declarant.desk.filer.filings.sending.settling import with_letters
from declarant.desk.filer.filings.views.filing import about
from declarant.desk.filer.filings.views.telling import filing_or_404, tell, tell_in
from declarant.problems import BadInput


@access(get=Power.READ, post=Power.SEND)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the ways a message can take; ask for it to be sent by one."""
    row = filing_or_404(pk)
    if not row.is_certified:
        messages.info(request, _("A filing is sent once it is certified."))
        return redirect(row)
    if request.method == "POST":
        asked = _Asked(request.POST)
        if not asked.is_valid():
            messages.error(request, _("Choose a way of sending from this page."))
            return redirect("filings:send", row.pk)
        try:
            dispatching.send(
                request.user, row, asked.cleaned_data["way"], asked.cleaned_data["number"]
            )
        except BadInput as problem:
            tell(request, problem)
        else:
            messages.info(request, _("The message is on its way. It is sent until it is accepted."))
        return redirect("filings:send", row.pk)
    return _page(request, row, ByHandForm(initial={"when": timezone.now()}))


@access(post=Power.SEND)
def by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a person sent the downloaded message."""
    row = filing_or_404(pk)
    form = ByHandForm(request.POST)
    if form.is_valid():
        try:
            dispatching.sent_by_hand(
                request.user, row, form.cleaned_data["when"], form.cleaned_data["note"]
            )
        except BadInput as problem:
            tell_in(form, problem)
        else:
            messages.success(request, _("The filing counts as sent."))
            return redirect(row)
    return _page(request, row, form)


class _Asked(forms.Form):
    """By which way, and the how-manieth sending by it, so that asking twice is asking once."""

    way = forms.ChoiceField(choices=[(Dispatch.Way.SMTP, ""), (Dispatch.Way.HTTPS, "")])
    number = forms.IntegerField(min_value=1, max_value=1000)


def _page(request: HttpRequest, row: Filing, form: ByHandForm) -> HttpResponse:
    held = with_letters(row.dispatches.select_related("asked_by", "content"))
    words = {
        "smtp": _("Send by e-mail"),
        "https": _("Send over HTTPS"),
    }
    ways = []
    for way, to in dispatching.ways_for(row).items():
        under_way = any(item.way == way and not item.is_over for item in held)
        before = any(item.way == way for item in held)
        ways.append(
            {
                "way": way,
                "to": to,
                "title": words[way],
                "number": dispatching.next_number(row, way),
                "under_way": under_way,
                "again": before,
            }
        )
    context = about(request, row) | {"ways": ways, "dispatches": held, "form": form}
    return render(request, "filings/send.html", context, status=422 if form.is_bound else 200)
