"""Beginning a draft, building it again, handing it over; and correcting what was sent."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings import assigning, drafting, readying
from declarant.desk.filer.filings.forms import OfficerForm, StartForm
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.people import holders_of
from declarant.desk.filer.filings.standing import filings_due
from declarant.desk.filer.filings.views.telling import filing_or_404, tell, tell_in
from declarant.law.quarters import REPORTING_RULE
from declarant.problems import BadInput


@access(get=Power.PREPARE, post=Power.PREPARE)
def start(request: HttpRequest) -> HttpResponse:
    """Ask for which quarter and who certifies, then begin the draft."""
    due = filings_due()
    asked = request.GET.get("quarter") or (due[0].quarter if due else "")
    officers = holders_of(Power.CERTIFY)
    others = [person for person in officers if person.pk != request.user.pk]
    only = others[0].pk if len(others) == 1 else None
    form = StartForm(
        request.POST or None,
        officers=officers,
        person=request.user,
        initial={"quarter": asked, "officer": only},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = drafting.start(
                request.user,
                REPORTING_RULE,
                form.cleaned_data["quarter"],
                form.cleaned_data["officer"],
            )
        except BadInput as problem:
            tell_in(form, problem)
        else:
            messages.info(request, _("The draft is being built from the register."))
            return redirect(row)
    return render(
        request,
        "filings/start.html",
        {"form": form, "due": due, "nobody": not others},
        status=422 if form.is_bound else 200,
    )


@access(post=Power.PREPARE)
def rebuild(request: HttpRequest, pk: int) -> HttpResponse:
    """Build a draft again from the register as it is now."""
    row = filing_or_404(pk)
    done = _("The draft is being built again. Reasons given for what changes are asked for again.")
    return _do(request, row, lambda: drafting.rebuild(request.user, row), done)


@access(post=Power.PREPARE)
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the certifying officer."""
    row = filing_or_404(pk)
    form = OfficerForm(request.POST, officers=holders_of(Power.CERTIFY), preparer=row.preparer)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect(row)
    named = form.cleaned_data["officer"]
    done = _("%(officer)s certifies this filing.") % {"officer": named.name}
    return _do(request, row, lambda: assigning.assign(request.user, row, named), done)


@access(post=Power.PREPARE)
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Become the preparer."""
    row = filing_or_404(pk)
    done = _("You prepare this filing now, and answer for the reasons given in it.")
    return _do(request, row, lambda: assigning.take_over(request.user, row), done)


@access(post=Power.PREPARE)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    row = filing_or_404(pk)
    reason = request.POST.get("reason", "")
    done = _("The draft is discarded; its history stays.")
    answer = _do(request, row, lambda: drafting.discard(request.user, row, reason), done)
    row.refresh_from_db(fields=["state"])
    return redirect("filings:filings") if row.state == Filing.State.DISCARDED else answer


@access(post=Power.PREPARE)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the document final and hand it to the certifying officer."""
    row = filing_or_404(pk)
    done = _("The certifying officer was told by mail. The document waits for certification.")
    return _do(request, row, lambda: readying.hand_over(request.user, row), done)


@access(post=Power.PREPARE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version of what was sent."""
    row = filing_or_404(pk)
    try:
        version = drafting.correct(request.user, row)
    except BadInput as problem:
        tell(request, problem)
        return redirect(row)
    messages.info(request, _("A new version is being built. What was sent stays as it is."))
    return redirect(version)


def _do(request: HttpRequest, row: Filing, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
    except BadInput as problem:
        tell(request, problem)
    else:
        messages.success(request, done)
    return redirect(row)
