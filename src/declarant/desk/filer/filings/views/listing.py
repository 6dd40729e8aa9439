"""Every filing by quarter, and what is due next."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.standing import filings_due
from declarant.desk.today import today
from declarant.law import load_regime
from declarant.law.quarters import REPORTING_RULE

ON_A_PAGE = 40
KINDS = {
    Filing.State.DRAFT: "info",
    Filing.State.READY: "warning",
    Filing.State.CERTIFIED: "warning",
    Filing.State.SENT: "info",
    Filing.State.RECEIVED: "success",
    Filing.State.DISCARDED: "neutral",
}


@access(get=Power.READ)
def filings(request: HttpRequest) -> HttpResponse:
    """Show what is due, and what was filed, newest first."""
    rows = (
        Filing.objects.exclude(state=Filing.State.DISCARDED)
        .select_related("preparer", "officer")
        .order_by("-quarter", "-version")
    )
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    day = today(load_regime(REPORTING_RULE))
    return render(
        request,
        "filings/filings.html",
        {
            "page": page,
            "shown": [_shown(row, row.is_overdue(day)) for row in page],
            "due": filings_due(day=day),
            "can_prepare": request.user.has(Power.PREPARE),
            "can_administer": request.user.has(Power.ADMINISTER),
            "can_certify": request.user.has(Power.CERTIFY),
        },
    )


def _shown(row: Filing, overdue: bool) -> dict[str, Any]:
    return {
        "row": row,
        "kind": "error" if overdue else KINDS[row.state],
        "overdue": overdue,
        "standings": row.summary.get("standings", {}),
    }
