"""Certifying: what is certified, statement by statement, then the signature."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from declarant.desk.access import Power, access
from declarant.desk.filer.filings import readying, ticking
from declarant.desk.filer.filings.changes_shown import differences
from declarant.desk.filer.filings.forms import GiveBackForm
from declarant.desk.filer.filings.inputs import NAMES, changed_since
from declarant.desk.filer.filings.models import Confirmation, Filing, SigningKey
from declarant.desk.filer.filings.sending.dispatching import ways_for
from declarant.desk.filer.filings.signing import elsewhere
from declarant.desk.filer.filings.signing.certifying import Act
from declarant.desk.filer.filings.signing.certifying import certify as certify_filing
from declarant.desk.filer.filings.signing.opening import signer_of
from declarant.desk.filer.filings.signing_forms import CertifyForm, SignedElsewhereForm, own_keys
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.filer.filings.uploads import in_memory
from declarant.desk.filer.filings.views.filing import about
from declarant.desk.filer.filings.views.telling import filing_or_404, tell, tell_in
from declarant.problems import BadInput


@in_memory
@sensitive_post_parameters("secret")
@sensitive_variables("secret", "uploaded")
@access(get=Power.READ, post=Power.CERTIFY)
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is certified; sign it."""
    row = filing_or_404(pk)
    if request.method != "POST":
        return _page(request, row)
    again = _again(request, row)
    if again is not None:
        return again
    form = CertifyForm(request.POST, request.FILES, person=request.user, ways=ways_for(row))
    if form.is_valid():
        given = form.cleaned_data
        act = Act(given["act"], given["document"], given["key"], given["way"])
        uploaded = given.get("file")

        def opened() -> Any:
            data = uploaded.read() if uploaded else None
            return signer_of(act.key, given["secret"].encode(), data)

        try:
            done = certify_filing(request.user, row, act, opened)
        except BadInput as problem:
            tell_in(form, problem)
        else:
            return _certified(request, done)
    return _page(request, row, form=form)


@access(post=Power.CERTIFY)
def tick(request: HttpRequest, pk: int, statement: str) -> HttpResponse:
    """Make one statement, or take it back."""
    row = filing_or_404(pk)
    act = ticking.take_back if request.POST.get("back") else ticking.tick
    try:
        act(request.user, row, statement, request.POST.get("document", ""))
    except BadInput as problem:
        tell(request, problem)
    return redirect(f"{reverse('filings:certify', args=[row.pk])}#statements")


@access(post=Power.CERTIFY)
def content(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the exact content to be signed by another program."""
    row = filing_or_404(pk)
    asked = request.POST.get("key", "")
    key = own_keys(request.user).filter(pk=asked if asked.isdecimal() else 0).first()
    if key is None:
        messages.error(request, _("Enter your certificate first, so that your signature is known."))
        return redirect("filings:keys")
    try:
        data = elsewhere.content_to_sign(
            request.user, row, key, fresh=bool(request.POST.get("fresh"))
        )
    except BadInput as problem:
        tell(request, problem)
        return redirect("filings:certify", row.pk)
    answer = HttpResponse(data, content_type="application/octet-stream")
    name = f"{row.kind}-{row.quarter}-v{row.version}-to-sign.eml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@access(post=Power.CERTIFY)
def upload_signed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in what another program signed."""
    row = filing_or_404(pk)
    again = _again(request, row)
    if again is not None:
        return again
    form = SignedElsewhereForm(request.POST, request.FILES, person=request.user, ways=ways_for(row))
    if form.is_valid():
        given = form.cleaned_data
        act = Act(given["act"], given["document"], given["key"], given["way"])
        if given["signed"].size > elsewhere.MOST_UPLOADED:
            form.add_error("signed", _("This is larger than any signed message."))
        else:
            try:
                done = elsewhere.take_in(request.user, row, act, given["signed"].read())
            except BadInput as problem:
                tell_in(form, problem)
            else:
                return _certified(request, done)
    return _page(request, row, elsewhere_form=form)


@access(post=Power.READ)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a filing to its preparer."""
    row = filing_or_404(pk)
    form = GiveBackForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect(row)
    try:
        readying.give_back(request.user, row, form.cleaned_data["reason"])
    except BadInput as problem:
        tell(request, problem)
    else:
        messages.success(request, _("It is a draft again."))
    return redirect(row)


def _again(request: HttpRequest, row: Filing) -> HttpResponse | None:
    """Return the way to signing in again, unless that was a moment ago.

    What was typed is not kept over it: a passphrase must not come to lie in a session.
    """
    if did_recently_reauthenticate(request):
        return None
    messages.info(request, _("Confirm that it is you, then sign."))
    back = reverse("filings:certify", args=[row.pk])
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def _certified(request: HttpRequest, row: Filing) -> HttpResponse:
    messages.success(request, _("Certified. The signed message is kept as it is from now on."))
    return redirect("filings:send", row.pk)


def _page(
    request: HttpRequest,
    row: Filing,
    *,
    form: CertifyForm | None = None,
    elsewhere_form: SignedElsewhereForm | None = None,
) -> HttpResponse:
    if row.state != Filing.State.READY or row.document is None:
        messages.info(request, _("This filing does not wait for certification."))
        return redirect(row)
    document = document_in(row.document)
    stated = ticking.statements_of(row, document)
    mine = request.user.pk == row.officer_id and request.user.has(Power.CERTIFY)
    confirmed = row.confirmations.filter(basis=row.draft.sha256).select_related("by")
    context = about(request, row) | {
        "document": document,
        "differences": differences(document),
        "stated": stated,
        "all_stated": all(item.tick for item in stated),
        "confirmations": confirmed,
        "own_confirmation": Confirmation.objects.filter(filing=row, by=request.user).exists(),
        "changed": [NAMES[name] for name in changed_since(row)],
        "mine": mine,
        "give_back_form": GiveBackForm(),
    }
    if mine:
        context |= _signing(request, row, form, elsewhere_form)
    failed = form or elsewhere_form
    return render(request, "filings/certify.html", context, status=422 if failed else 200)


def _signing(
    request: HttpRequest,
    row: Filing,
    form: CertifyForm | None,
    elsewhere_form: SignedElsewhereForm | None,
) -> dict[str, Any]:
    """Return the forms of signing, once the officer has signed in again."""
    keys = list(own_keys(request.user))
    shown = {"document": row.document.sha256}
    ways = ways_for(row)
    return {
        "keys": keys,
        "recent": did_recently_reauthenticate(request),
        "again_url": f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}",
        "here": any(key.kind != SigningKey.Kind.ELSEWHERE for key in keys),
        "form": form or CertifyForm(person=request.user, ways=ways, initial=shown),
        "elsewhere_form": elsewhere_form
        or SignedElsewhereForm(
            person=request.user, ways=ways, initial=shown, auto_id="elsewhere_%s"
        ),
    }
