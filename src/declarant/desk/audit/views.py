"""Pages of the audit log: reading it, its heads, verifying it, taking it away."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.audit_log import public_hex
from declarant.desk.access import Power, access
from declarant.desk.audit import change, reading
from declarant.desk.audit.forms import LARGEST, LogFilter
from declarant.desk.audit.heads import text_of
from declarant.desk.audit.jobs import EXPORT, SUBJECT, VERIFY, export_file
from declarant.desk.audit.keys import PUBLIC, public_pem, signing_key
from declarant.desk.audit.models import Entry, Head
from declarant.desk.site.tables import Cell, Column, Table
from declarant.desk.work.jobs import enqueue
from declarant.desk.work.models import Job

HEADS_A_PAGE = 50


@access(get=Power.READ_AUDIT)
def log(request: HttpRequest) -> HttpResponse:
    """Show the log, newest first."""
    form = LogFilter(request.GET, actors=reading.actors(), actions=reading.actions())
    page, asked = reading.Page([], None, None), {}
    if form.is_valid():
        held = form.cleaned_data
        asked = {name: held[name] for name in ("actor", "action", "subject", "day")}
        entries = reading.filtered(**asked)
        page = reading.page_of(entries, before=held["before"], after=held["after"])
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    kept = f"{query.urlencode()}&" if query else ""
    context = {"form": form, "page": page, "kept": kept, "narrowed": any(asked.values())}
    return render(request, "audit/log.html", context, status=200 if form.is_valid() else 422)


@access(get=Power.READ_AUDIT)
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """Show one entry, and the bytes that are hashed."""
    if index > LARGEST:
        raise Http404
    held = get_object_or_404(Entry, index=index)
    changed = [[item.field, item.before, item.after] for item in reading.changed(held.detail)]
    columns = [Column(_("Field")), Column(_("Before")), Column(_("After"))]
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first() or 0
    context = {
        "entry": held,
        "facts": reading.facts(held.detail),
        "changed": Table(_("What was changed"), columns, changed) if changed else None,
        "content": bytes(held.content).decode(),
        "leaf": bytes(held.leaf).hex(),
        "older": index - 1 if index > 0 else None,
        "newer": index + 1 if index < last else None,
    }
    return render(request, "audit/entry.html", context)


@access(get=Power.READ_AUDIT)
def heads(request: HttpRequest) -> HttpResponse:
    """Show the signed heads, newest first, and where they are sent."""
    page = Paginator(Head.objects.order_by("-number"), HEADS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "to": settings.DESK.heads_to, "key": public_hex(signing_key())}
    return render(request, "audit/heads.html", context)


@access(get=Power.READ_AUDIT)
def head(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out a signed head as a file."""
    if number > LARGEST:
        raise Http404
    held = get_object_or_404(Head, number=number)
    name = f"head-{number:06}-{held.moment[:10]}-{held.size}.json"
    return _file(text_of(held.signed()).encode(), "application/json", name)


@access(get=Power.READ_AUDIT)
def key(request: HttpRequest) -> HttpResponse:
    """Hand out the public key that heads are signed with."""
    return _file(public_pem(), "application/x-pem-file", PUBLIC)


@access(get=Power.READ_AUDIT, post=Power.READ_AUDIT)
def verification(request: HttpRequest) -> HttpResponse:
    """Show the last verification; begin one."""
    if request.method == "POST":
        with change(request.user, "audit.verification_asked", subject=SUBJECT):
            enqueue(VERIFY, request.user, subject=SUBJECT)
        return redirect("audit:verification")
    job = Job.objects.filter(kind=VERIFY).order_by("-asked").first()
    context = {"job": job, "result": job.result if job else None, "findings": _findings(job)}
    return render(request, "audit/verification.html", context)


@access(get=Power.READ_AUDIT, post=Power.READ_AUDIT)
def export(request: HttpRequest) -> HttpResponse:
    """Show the exports that can be downloaded; begin one."""
    if request.method == "POST":
        with change(request.user, "audit.export_asked", subject=SUBJECT) as asked:
            enqueue(EXPORT, request.user, subject=SUBJECT, by=asked.actor_name)
        return redirect("audit:export")
    jobs = list(Job.objects.filter(kind=EXPORT).select_related("asked_by").order_by("-asked")[:10])
    ready = [job for job in jobs if job.result and export_file(str(job.pk)).exists()]
    context = {"job": jobs[0] if jobs else None, "ready": ready}
    return render(request, "audit/export.html", context)


@access(get=Power.READ_AUDIT)
def download(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Hand out an export."""
    job = get_object_or_404(Job, pk=job_id, kind=EXPORT)
    file = export_file(str(job.pk))
    if not file.exists():
        raise Http404(_("This export is not kept any more. Make a new one."))
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=f"audit-log-{job.asked:%Y%m%d}.zip"
    )


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": disposition})


def _findings(job: Any) -> Table | None:
    """Return what a verification found, as a table."""
    held = (job.result or {}).get("findings") if job else None
    if not held:
        return None
    columns = [Column(_("Where")), Column(_("What")), Column(_("What to do"))]
    rows = [
        [
            Cell(item["where"] or _("the log"), kind=_KINDS[item["severity"]]),
            item["what"],
            item["mend"],
        ]
        for item in held
    ]
    return Table(_("What was found"), columns, rows)


_KINDS = {"error": "error", "warning": "warning", "note": "info"}
