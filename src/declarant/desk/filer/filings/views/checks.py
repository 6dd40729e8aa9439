"""Findings of a draft in four classes, and the reasons given for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.checking import Check, checks_of
from declarant.desk.filer.filings.checking import confirm as confirm_check
from declarant.desk.filer.filings.forms import ConfirmForm
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.views.filing import about
from declarant.desk.filer.filings.views.telling import filing_or_404, tell_in
from declarant.filing.check_classes import CheckClass
from declarant.problems import BadInput

CLASSES = {
    CheckClass.SYNTACTIC: gettext_lazy("Form: a field cannot be read"),
    CheckClass.VALIDITY: gettext_lazy("Validity: a value cannot be right"),
    CheckClass.QUALITY: gettext_lazy("Quality: a value is unlikely"),
    CheckClass.CROSS_RECORD: gettext_lazy("Comparison: records do not agree"),
}


@access(get=Power.READ)
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every finding of a draft."""
    return _page(request, filing_or_404(pk), None, None)


@access(post=Power.PREPARE)
def confirm(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Give a reason why a questioned figure stands."""
    row = filing_or_404(pk)
    form = ConfirmForm(request.POST, prefix=key[:8])
    if form.is_valid():
        try:
            confirm_check(request.user, row, key, form.cleaned_data["reason"])
        except BadInput as problem:
            tell_in(form, problem)
        else:
            messages.success(request, _("The reason is recorded."))
            return redirect("filings:checks", row.pk)
    return _page(request, row, key, form)


def _page(
    request: HttpRequest, row: Filing, key: str | None, form: ConfirmForm | None
) -> HttpResponse:
    found = checks_of(row)
    mine = request.user.pk == row.preparer_id and row.state == Filing.State.DRAFT
    asked = mine and request.user.has(Power.PREPARE)
    shown = [_shown(check, key, form, asked) for check in found]
    groups = [
        {
            "title": title,
            "blocks": any(item["check"].blocks for item in members),
            "members": members,
        }
        for check_class, title in CLASSES.items()
        if (members := [item for item in shown if _stands_in(item["check"], check_class)])
    ]
    context = about(request, row, 2 if row.state == Filing.State.DRAFT else None) | {
        "groups": groups,
        "notes": [check for check in found if check.is_note],
        "blocking": sum(check.blocks for check in found),
        "waiting": sum(check.waits for check in found),
        "asked": asked,
    }
    return render(request, "filings/checks.html", context, status=422 if form else 200)


def _stands_in(check: Check, check_class: CheckClass) -> bool:
    return not check.is_note and check.check_class is check_class


def _shown(check: Check, key: str | None, form: ConfirmForm | None, asked: bool) -> dict[str, Any]:
    reason = check.confirmation.reason if check.confirmation else ""
    own = form if check.key == key else None
    prefix = check.key[:8]
    return {
        "check": check,
        "form": (own or ConfirmForm(prefix=prefix, initial={"reason": reason}))
        if asked and not check.blocks and not check.is_note
        else None,
    }
