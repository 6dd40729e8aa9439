"""What a filing consists of, to take away or to look at: from the vault, byte by byte."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.exporting import activities_csv
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.stored import document_in, intact
from declarant.desk.filer.filings.views.telling import filing_or_404
from declarant.desk.vault.models import StoredFile
from declarant.problems import BadInput

# A document of ours shown in a browser may load nothing, and is framed by this desk alone.
SHOWN_POLICY = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
TAKEN_POLICY = "default-src 'none'; sandbox"
_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
    "eml": "message/rfc822",
    "csv": "text/csv; charset=utf-8",
}


@xframe_options_sameorigin
@access(get=Power.READ)
def file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Give one file of a filing; `?shown` opens the form in the browser."""
    row = filing_or_404(pk)
    try:
        data = _data(row, name)
    except BadInput as problem:  # the stored bytes were changed: said, and not given out
        return HttpResponse(str(problem), status=500, content_type="text/plain; charset=utf-8")
    kind = name.rpartition(".")[2]
    shown = kind == "pdf" and "shown" in request.GET
    answer = HttpResponse(data, content_type=_TYPES[kind])
    stem = f"{row.kind or 'filing'}-{row.quarter}-v{row.version}"
    by = "inline" if shown else "attachment"
    answer["Content-Disposition"] = f'{by}; filename="{stem}{_marks(name)}.{kind}"'
    answer["Content-Security-Policy"] = SHOWN_POLICY if shown else TAKEN_POLICY
    return answer


def _stored(row: Filing) -> dict[str, StoredFile]:
    """Return the stored files of a filing, by their names in the address."""
    held = {
        "form.pdf": row.form,
        "document.json": row.document or row.draft,
        "calendar.ics": row.calendar,
        "message.eml": row.message,
        "encrypted.eml": row.sealed,
    }
    return {name: stored for name, stored in held.items() if stored is not None}


def _data(row: Filing, name: str) -> bytes:
    stored = _stored(row)
    if name in stored:
        return intact(stored[name])
    document = row.document or row.draft
    if name == "activities.csv" and document is not None:
        return activities_csv(document_in(document))
    receipts = {item.file_name: item for item in row.receipts.select_related("message")}
    if name in receipts:
        return intact(receipts[name].message)
    raise Http404(_("This filing has no such file."))


def _marks(name: str) -> str:
    stem = name.rpartition(".")[0]
    return "" if stem in ("form", "document", "calendar", "message") else f"-{stem}"
