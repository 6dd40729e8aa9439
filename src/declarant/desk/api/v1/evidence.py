"""Evidence files: listed, downloaded, uploaded as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from declarant.desk.api.authentication import Scope, person_of
from declarant.desk.api.scopes import EVIDENCE_WRITE, REGISTER_READ
from declarant.desk.api.v1.schemas import NO_ZERO, REFUSED, EvidenceOut
from declarant.desk.filer.register.evidence import add_evidence
from declarant.desk.filer.register.models import EvidenceFile
from declarant.desk.vault import store

router = Router(tags=["evidence"])
CHUNK = 1024 * 1024


@router.get("", response={200: list[EvidenceOut], **REFUSED}, auth=Scope(REGISTER_READ))
def evidence_files(request: HttpRequest) -> Any:
    """List every evidence file, each in its newest version."""
    held = EvidenceFile.objects.filter(current=True).select_related("file").order_by("path")
    return [out(row) for row in held]


@router.get("/{path:path}", response=REFUSED, auth=Scope(REGISTER_READ))
def download(request: HttpRequest, path: str) -> Any:
    """Download an evidence file."""
    row = EvidenceFile.objects.filter(current=True, path=path).select_related("file").first()
    if row is None:
        raise HttpError(404, "There is no such evidence file.")
    return FileResponse(
        row.file.path.open("rb"),
        as_attachment=True,
        filename=row.path.rpartition("/")[2],
        content_type="application/octet-stream",
    )


@router.put(
    "/{path:path}",
    response={200: EvidenceOut, **REFUSED},
    auth=Scope(EVIDENCE_WRITE),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def upload(
    request: HttpRequest,
    path: str,
    evidence_date: Annotated[date | None, Query(description="the day the evidence is of")] = None,
    note: Annotated[str, Query(max_length=500, pattern=NO_ZERO)] = "",
) -> Any:
    """Upload the body as an evidence file; the same bytes again change nothing."""
    stored = store(body(request), name=path)
    row = add_evidence(person_of(request), path, stored, evidence_date=evidence_date, note=note)
    return out(row)


def body(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body of a request, piece by piece; it is never all in memory."""
    while chunk := request.read(CHUNK):
        yield chunk


def out(row: EvidenceFile) -> dict[str, Any]:
    """Return an evidence file as the API shows it."""
    return {
        "path": row.path,
        "sha256": row.file.sha256,
        "size": row.file.size,
        "evidence_date": row.evidence_date,
        "uploaded": row.uploaded,
        "version": row.number,
    }
