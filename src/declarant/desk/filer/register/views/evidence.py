"""Evidence: the list of files, uploads, one file with its versions and uses, and downloads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from declarant.desk.access import Power, access
from declarant.desk.filer.register.evidence import (
    RECOGNISE,
    add_evidence,
    duplicates,
    remove_evidence,
    used_by,
)
from declarant.desk.filer.register.forms import NewerForm, ReasonForm, UploadForm
from declarant.desk.filer.register.models import EvidenceFile, FileUse
from declarant.desk.filer.register.receiving import receive_on_own_disk
from declarant.desk.vault import store
from declarant.desk.work.models import Job
from declarant.problems import BadInput, Finding

A_PAGE = 50


@access(get=Power.READ)
def files(request: HttpRequest) -> HttpResponse:
    """List the evidence: where it is, what it is, and what names it."""
    words = request.GET.get("q", "").replace("\0", "")[:200]
    show = request.GET.get("show", "")
    everything = EvidenceFile.objects.filter(current=True)
    held = everything.select_related("file").order_by("path")
    for word in words.split():
        held = held.filter(path__icontains=word)
    if show == "unused":
        held = _named_by_nothing(held)
    page = Paginator(held, A_PAGE).get_page(request.GET.get("page"))
    uses = used_by(row.path for row in page)
    return render(
        request,
        "register/evidence.html",
        {
            "page": page,
            "rows": [(row, _users(uses[row.path])) for row in page],
            "words": words,
            "show": show,
            "is_filtered": bool(words or show),
            "is_empty": not page and not (words or show),
            "can_upload": request.user.has(Power.UPLOAD_EVIDENCE),
        },
    )


@access(get=Power.UPLOAD_EVIDENCE, post=Power.UPLOAD_EVIDENCE)
@csrf_exempt  # checked in `_upload`, once the request is known to be worth reading
def upload(request: HttpRequest) -> HttpResponse:
    """Take files of evidence in."""
    too_long = receive_on_own_disk(request) if request.method == "POST" else None
    if too_long is not None:
        return _upload_page(request, UploadForm(), [too_long], 413)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        folder = request.GET.get("folder", "evidence")[:400]
        return _upload_page(request, UploadForm(initial={"folder": folder}), [], 200)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, [], 422)
    folder = form.cleaned_data["folder"].strip().strip("/")
    findings: list[Finding] = []
    stored: list[EvidenceFile] = []
    for file in form.cleaned_data["files"]:
        path = f"{folder}/{file.name}" if folder else file.name
        try:
            stored.append(_taken(request, path, file, form.cleaned_data))
        except BadInput as error:
            findings += error.findings
    if stored:
        text = ngettext("%(n)d file was uploaded.", "%(n)d files were uploaded.", len(stored))
        messages.success(request, text % {"n": len(stored)})
    if findings:
        return _upload_page(request, form, findings, 422)
    return redirect(stored[0]) if len(stored) == 1 else redirect("register:evidence")


@access(get=Power.READ, post=Power.UPLOAD_EVIDENCE)
@csrf_exempt  # checked in `_one_file`
def one_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one file of evidence, its versions and what names it; take a newer version in."""
    row = get_object_or_404(EvidenceFile.objects.select_related("file"), pk=pk)
    too_long = receive_on_own_disk(request) if request.method == "POST" else None
    if too_long is not None:
        return _file_page(request, row, NewerForm(), [too_long], 413)
    return _one_file(request, row)


@csrf_protect
def _one_file(request: HttpRequest, row: EvidenceFile) -> HttpResponse:
    if request.method != "POST":
        return _file_page(request, row, NewerForm(), [], 200)
    form = NewerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _file_page(request, row, form, [], 422)
    try:
        newer = _taken(request, row.path, form.cleaned_data["files"], form.cleaned_data)
    except BadInput as error:
        return _file_page(request, row, form, list(error.findings), 422)
    if newer.pk == row.pk:
        messages.info(request, _("These are the same bytes: nothing was changed."))
    else:
        messages.success(request, _("Version %(n)d was uploaded.") % {"n": newer.number})
    return redirect(newer)


@access(get=Power.READ)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the bytes of one version, as a file to be saved and never to be shown by the browser."""
    row = get_object_or_404(EvidenceFile.objects.select_related("file"), pk=pk)
    return FileResponse(
        row.file.path.open("rb"),
        as_attachment=True,
        filename=row.name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"},
    )


@access(get=Power.UPLOAD_EVIDENCE, post=Power.UPLOAD_EVIDENCE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out of the register, with a reason."""
    row = get_object_or_404(EvidenceFile.objects.select_related("file"), pk=pk, current=True)
    form = ReasonForm(request.POST or None)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        try:
            remove_evidence(request.user, row, why=form.cleaned_data["why"])
            messages.success(request, _("%(path)s was taken out.") % {"path": row.path})
            return redirect("register:evidence")
        except BadInput as error:
            findings = list(error.findings)
    context = {
        "row": row,
        "form": form,
        "findings": findings,
        "users": _users(used_by([row.path])[row.path]),
    }
    return render(
        request,
        "register/evidence_remove.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


def _taken(request: HttpRequest, path: str, file: Any, said: dict[str, Any]) -> EvidenceFile:
    stored = store(file.chunks(), name=file.name)
    row = add_evidence(
        request.user, path, stored, evidence_date=said["evidence_date"], note=said["note"]
    )
    others = duplicates(stored, path)
    if others:
        text = _("%(path)s holds the same bytes as %(others)s.")
        messages.warning(request, text % {"path": path, "others": ", ".join(others)})
    return row


def _upload_page(
    request: HttpRequest, form: UploadForm, findings: list[Finding], status: int
) -> HttpResponse:
    context = {"form": form, "findings": findings}
    return render(request, "register/upload.html", context, status=status)


def _file_page(
    request: HttpRequest, row: EvidenceFile, form: NewerForm, findings: list[Finding], status: int
) -> HttpResponse:
    versions = EvidenceFile.objects.filter(path=row.path).select_related("file").order_by("-number")
    job = None
    if row.recognised is None and row.current:
        job = Job.objects.filter(kind=RECOGNISE, subject__in=(row.subject, "register"))
        job = job.order_by("-asked").first()
    context = {
        "row": row,
        "versions": versions,
        "users": used_by([row.path])[row.path],
        "same": duplicates(row.file, row.path),
        "form": form,
        "findings": findings,
        "job": job if job is not None and not job.is_over else None,
        "can_upload": request.user.has(Power.UPLOAD_EVIDENCE),
    }
    return render(request, "register/evidence_file.html", context, status=status)


def _users(uses: list[FileUse]) -> list[Any]:
    return list(dict.fromkeys(use.record for use in uses))


def _named_by_nothing(held: Any) -> Any:
    """Return those files that no record names, neither themselves nor a folder they lie in."""
    current = EvidenceFile.objects.filter(current=True)
    folders = FileUse.objects.exclude(path__in=current.values("path"))
    held = held.exclude(path__in=FileUse.objects.values("path"))
    for folder in folders.values_list("path", flat=True).distinct():
        held = held.exclude(path__startswith=f"{folder}/")
    return held
