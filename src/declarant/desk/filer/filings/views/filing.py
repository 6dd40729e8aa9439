"""One filing: where it stands, who does what next, what it says, everything to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.changes_shown import differences
from declarant.desk.filer.filings.checking import checks_of
from declarant.desk.filer.filings.drafting import DRAFT
from declarant.desk.filer.filings.forms import GiveBackForm, OfficerForm
from declarant.desk.filer.filings.inputs import NAMES, changed_since
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.people import holders_of
from declarant.desk.filer.filings.sending.settling import with_letters
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.filer.filings.views.listing import KINDS
from declarant.desk.filer.filings.views.telling import filing_or_404
from declarant.desk.today import today
from declarant.desk.work.models import Job
from declarant.law import load_regime

STEPS = (_("Draft"), _("Checks"), _("Certify"), _("Send"), _("Receipt"))
_STEP = {
    Filing.State.DRAFT: 1,
    Filing.State.READY: 3,
    Filing.State.CERTIFIED: 4,
    Filing.State.SENT: 5,
    Filing.State.RECEIVED: 5,
    Filing.State.DISCARDED: 1,
}


@access(get=Power.READ)
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a filing."""
    row = filing_or_404(pk)
    return render(request, "filings/filing.html", about(request, row) | _whole(request, row))


def about(request: HttpRequest, row: Filing, step: int | None = None) -> dict[str, Any]:
    """Return what the head of every page of a filing shows."""
    return {
        "filing": row,
        "steps": STEPS,
        "step": step or _STEP[row.state],
        "state_kind": KINDS[row.state],
        "overdue": row.is_overdue(today(load_regime(row.regime))),
        "is_preparer": request.user.pk == row.preparer_id,
        "is_officer": request.user.pk == row.officer_id,
        "can_prepare": request.user.has(Power.PREPARE),
        "can_send": request.user.has(Power.SEND),
    }


def _whole(request: HttpRequest, row: Filing) -> dict[str, Any]:
    stored = row.document or row.draft
    document = document_in(stored) if stored else None
    checks = checks_of(row, document) if row.state == Filing.State.DRAFT and document else ()
    context: dict[str, Any] = {
        "document": document,
        "differences": differences(document) if document else (),
        "blocking": sum(check.blocks for check in checks),
        "waiting": sum(check.waits for check in checks),
        "corrections": row.corrections.exclude(state=Filing.State.DISCARDED),
        "dispatches": with_letters(row.dispatches.select_related("asked_by", "content")),
        "receipts": row.receipts.select_related("message"),
    }
    if row.is_open:
        context |= {
            "job": Job.objects.filter(kind=DRAFT, subject=row.subject).order_by("-asked").first(),
            "changed": [NAMES[name] for name in changed_since(row)] if row.draft else [],
            "officer_form": OfficerForm(
                initial={"officer": row.officer_id},
                officers=holders_of(Power.CERTIFY),
                preparer=row.preparer,
            ),
            "give_back_form": GiveBackForm(),
        }
    return context
