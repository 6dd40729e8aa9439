"""Filings and their documents."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest
from ninja import Path, Router
from ninja.errors import HttpError

from declarant.desk.api.authentication import Scope
from declarant.desk.api.scopes import DOCUMENTS_READ
from declarant.desk.api.v1.schemas import REFUSED, FilingOut
from declarant.desk.filer.filings.models import Filing

router = Router(tags=["filings"])
MOST = 2**63 - 1
Part = Literal["document", "form", "calendar", "message"]
_TYPES = {
    "document": ("application/json", "json"),
    "form": ("application/pdf", "pdf"),
    "calendar": ("text/calendar", "ics"),
    "message": ("message/rfc822", "eml"),
}


@router.get("", response={200: list[FilingOut], **REFUSED}, auth=Scope(DOCUMENTS_READ))
def filings(request: HttpRequest) -> Any:
    """List every filing, the newest first."""
    return [_out(row) for row in Filing.objects.order_by("-quarter", "-version", "-pk")]


@router.get("/{filing}/{part}", response=REFUSED, auth=Scope(DOCUMENTS_READ))
def part(request: HttpRequest, filing: Annotated[int, Path(ge=1, le=MOST)], part: Part) -> Any:
    """Download a part of a filing: its document (JSON), form (PDF), calendar or signed message."""
    row = Filing.objects.filter(pk=filing).first()
    held = getattr(row, part, None) if row else None
    if row is None or held is None:
        raise HttpError(404, "There is no such filing, or it has no such part yet.")
    media_type, suffix = _TYPES[part]
    return FileResponse(
        held.path.open("rb"),
        as_attachment=True,
        filename=f"{row.kind}-{row.quarter}-v{row.version}.{suffix}",
        content_type=media_type,
    )


def _out(row: Filing) -> dict[str, Any]:
    return {
        "id": row.pk,
        "regime": row.regime,
        "quarter": row.quarter,
        "kind": row.kind,
        "version": row.version,
        "state": row.state,
        "document_id": row.identity or None,
        "due": row.due,
        "sent": row.sent,
    }
