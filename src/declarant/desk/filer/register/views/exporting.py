"""Downloading one record."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from declarant.desk.access import Power, access
from declarant.desk.filer.register.kinds import Kind
from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.record_export import MEDIA_TYPES, exported


@access(get=Power.READ)
def export_record(request: HttpRequest, kind: Kind, key: str, form: str) -> HttpResponse:
    """Download a record with its versions, as JSON, CSV or PDF."""
    record = get_object_or_404(Record, kind=kind, key=key)
    if form not in MEDIA_TYPES:
        raise Http404
    answer = HttpResponse(exported(record, form), content_type=MEDIA_TYPES[form])
    name = f"{kind}-{record.pk}-v{record.number}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
