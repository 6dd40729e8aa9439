"""A register folder in and out: upload, preview, confirm; and download."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from declarant.desk.access import Power, access
from declarant.desk.filer.register.exporting import exported
from declarant.desk.filer.register.forms import ImportForm
from declarant.desk.filer.register.importing import confirm, discard, receive
from declarant.desk.filer.register.kinds import Kind
from declarant.desk.filer.register.models import Import, Record
from declarant.desk.filer.register.planning import CHANGED, NEW, REMOVED, SAME
from declarant.desk.filer.register.receiving import receive_on_own_disk
from declarant.desk.vault import store
from declarant.problems import BadInput, Finding

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Group:
    """What an import would do alike to records and files."""

    act: str
    records: list[dict[str, Any]]
    files: list[dict[str, Any]]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.records) + len(self.files)


@access(get=Power.READ, post=Power.EDIT_REGISTER)
@csrf_exempt  # checked in `_imports`, once the request is known to be worth reading
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, and take an archive in."""
    too_long = receive_on_own_disk(request) if request.method == "POST" else None
    if too_long is not None:
        return _imports_page(request, ImportForm(), [too_long], 413)
    return _imports(request)


@csrf_protect
def _imports(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _imports_page(request, ImportForm(), [], 200)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _imports_page(request, form, [], 422)
    file = form.cleaned_data["files"]
    try:
        row = receive(request.user, store(file.chunks(), name=file.name), file.name)
    except BadInput as error:
        return _imports_page(request, form, list(error.findings), 422)
    return redirect(row)


@access(get=Power.READ)
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an import: how far it is, what it would change, what became of it."""
    row = get_object_or_404(Import.objects.select_related("job", "archive"), pk=pk)
    records = row.plan.get("records", [])
    files = row.plan.get("files", [])
    groups = [
        Group(
            act,
            [item for item in records if item["act"] == act],
            [item for item in files if item["act"] == act],
        )
        for act in (NEW, CHANGED, REMOVED, SAME)
    ]
    return render(
        request,
        "register/import.html",
        {
            "row": row,
            "job": row.job if row.job and not row.job.is_over else None,
            "groups": [group for group in groups if group.count],
            "nothing": all(item["act"] == SAME for item in (*records, *files)),
            "removals": sum(item["act"] == REMOVED for item in (*records, *files)),
            "can_edit": request.user.has(Power.EDIT_REGISTER),
        },
    )


@access(post=Power.EDIT_REGISTER)
def confirm_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a folder that was looked at taken in."""
    row = get_object_or_404(Import, pk=pk)
    try:
        confirm(request.user, row, with_removals=request.POST.get("with_removals") == "yes")
    except BadInput as error:
        for finding in error.findings:
            messages.error(request, f"{finding.what} {finding.mend}")
    return redirect(row)


@access(post=Power.EDIT_REGISTER)
def discard_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a folder that was looked at alone."""
    discard(request.user, get_object_or_404(Import, pk=pk))
    messages.info(request, _("The folder was not taken in. Nothing has changed."))
    return redirect("register:imports")


@access(get=Power.READ)
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the register and its evidence as one ZIP file."""
    person = Record.objects.filter(kind=Kind.PERSON, active=True).first()
    folder = slugify(person.name if person else "")[:60] or "register"
    return StreamingHttpResponse(
        exported(folder),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{folder}.zip"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _imports_page(
    request: HttpRequest, form: ImportForm, findings: list[Finding], status: int
) -> HttpResponse:
    held = Import.objects.select_related("archive").defer("content", "files", "plan", "findings")
    context: dict[str, Any] = {
        "form": form,
        "findings": findings,
        "page": Paginator(held, A_PAGE).get_page(request.GET.get("page")),
        "can_edit": request.user.has(Power.EDIT_REGISTER),
    }
    return render(request, "register/imports.html", context, status=status)
