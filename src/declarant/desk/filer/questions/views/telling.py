"""Saying on a page what could not be done, why, and how to mend it; giving files out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from declarant.desk.vault.models import StoredFile
from declarant.problems import BadInput

_FIELDS = {
    "key.passphrase": "secret",
    **dict.fromkeys(("key.not_brought", "vault", "verify", "offline"), "file"),
}
"""At which field a finding of a code, or of a family of codes, stands when it names none itself."""


def tell(request: HttpRequest, problem: BadInput) -> None:
    """Put every finding of a refusal on the next page."""
    for finding in problem.findings:
        what = finding.what[:1].upper() + finding.what[1:]
        messages.error(request, f"{what} {finding.mend}".strip())


def onto(form: Any, problem: BadInput) -> None:
    """Put every finding of a refusal at the field it is about, or over the form."""
    for finding in problem.findings:
        what = finding.what[:1].upper() + finding.what[1:]
        family = finding.code.partition(".")[0]
        named = _FIELDS.get(finding.code) or _FIELDS.get(family) or finding.where.field
        field = named if named in form.fields else None
        form.add_error(field, f"{what} {finding.mend}".strip())


def given_out(file: StoredFile, name: str, media_type: str | None = None) -> FileResponse:
    """Return a stored file to be saved, never to be shown: it may hold anything."""
    answer = FileResponse(
        file.path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type or "application/octet-stream",
    )
    return _inert(answer)


def saved_as(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Return bytes that were made here, to be saved under a name."""
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _inert(answer)


def chunks_of(upload: Any) -> Iterator[bytes]:
    """Yield an uploaded file in pieces."""
    yield from upload.chunks()


def _inert(answer: Any) -> Any:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
