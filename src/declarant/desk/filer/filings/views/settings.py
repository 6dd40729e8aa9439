"""The agency's address and certificates; an officer's own keys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.agency import agency_of, enter
from declarant.desk.filer.filings.forms import AgencyForm
from declarant.desk.filer.filings.models import SigningKey
from declarant.desk.filer.filings.models.keys import fingerprint_of
from declarant.desk.filer.filings.sending.dispatching import intake_url
from declarant.desk.filer.filings.signing import registering
from declarant.desk.filer.filings.signing_forms import KeyForm
from declarant.desk.filer.filings.uploads import in_memory
from declarant.desk.filer.filings.views.telling import tell, tell_in
from declarant.filing.keys import File
from declarant.law.quarters import REPORTING_RULE
from declarant.problems import BadInput


@access(get=Power.ADMINISTER, post=Power.ADMINISTER)
def agency(request: HttpRequest) -> HttpResponse:
    """Show and enter where filings go, and the agency's certificates."""
    held = agency_of()
    initial = {"name": held.name, "email": held.email} if held else {}
    form = AgencyForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            enter(
                request.user,
                REPORTING_RULE,
                given["name"],
                given["email"],
                _file(given["signing"]),
                _file(given["sealing"]),
            )
        except BadInput as problem:
            tell_in(form, problem)
        else:
            messages.success(request, _("The agency is recorded."))
            return redirect("filings:agency")
    return render(
        request,
        "filings/agency.html",
        {
            "form": form,
            "agency": held,
            "signing": _described(held.signing_certificates) if held else [],
            "sealing": _described(held.sealing_certificates) if held else [],
            "intake": intake_url(),
        },
        status=422 if form.is_bound else 200,
    )


@in_memory
@sensitive_post_parameters("its_passphrase", "passphrase")
@access(get=Power.CERTIFY, post=Power.CERTIFY)
def keys(request: HttpRequest) -> HttpResponse:
    """Show an officer's own certificates; make one known."""
    form = KeyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _entered(request, form.cleaned_data)
        except BadInput as problem:
            tell_in(form, problem)
        else:
            messages.success(request, _("The certificate is recorded."))
            return redirect("filings:keys")
    return render(
        request,
        "filings/keys.html",
        {"form": form, "keys": SigningKey.objects.filter(owner=request.user)},
        status=422 if form.is_bound else 200,
    )


@access(post=Power.CERTIFY)
def end_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Use a key no more."""
    key = get_object_or_404(SigningKey, pk=key_id)
    try:
        registering.end(request.user, key)
    except BadInput as problem:
        tell(request, problem)
    else:
        messages.success(request, _("The key is used no more. What it signed stays verifiable."))
    return redirect("filings:keys")


@sensitive_variables()
def _entered(request: HttpRequest, given: dict[str, Any]) -> SigningKey:
    owner, label, kind = request.user, given["label"], given["kind"]
    passphrase = given["passphrase"].encode()
    if kind == KeyForm.NEW_FOR_TRIAL:
        return registering.make_for_trial(owner, label, passphrase, timezone.now())
    file = File(given["file"].name, given["file"].read())
    if kind == SigningKey.Kind.SERVER:
        its_passphrase = given["its_passphrase"].encode()
        return registering.keep_on_server(owner, label, file, its_passphrase, passphrase)
    return registering.register_certificate(owner, label, kind, file, given.get("token_uri", ""))


def _file(uploaded: Any) -> File | None:
    return File(uploaded.name, uploaded.read()) if uploaded else None


def _described(certificates: Any) -> list[dict[str, Any]]:
    return [
        {
            "subject": item.subject.rfc4514_string(),
            "until": item.not_valid_after_utc,
            "fingerprint": fingerprint_of(item),
        }
        for item in certificates
    ]
