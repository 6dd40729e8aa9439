"""Lists of records, the page of one, its history, and taking it out or putting it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.register.anatomy import fields
from declarant.desk.filer.register.differences import differences
from declarant.desk.filer.register.editing.choice_words import choice_word, choices
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.desk.filer.register.models import Record, Version
from declarant.desk.filer.register.reading import shown_record
from declarant.desk.filer.register.recording import (
    EditedMeanwhile,
    remove_record,
    restore_record,
)
from declarant.problems import BadInput

A_PAGE = 50
_STATUS_FIELDS = {Kind.RUN: "status", Kind.CONTACT: "role", Kind.CLUSTER: "possession"}
_PANELS = {
    Kind.RUN: "assessment/run_panel.html",
    Kind.CLUSTER: "assessment/cluster_panel.html",
}


@access(get=Power.READ)
def listed(request: HttpRequest, kind: Kind) -> HttpResponse:
    """List the records of a kind, found by their words and by their status."""
    section = SECTIONS[kind]
    if section.single:
        return redirect("register:record", kind, kind)
    words, status = request.GET.get("q", "").replace("\0", "")[:200], request.GET.get("status", "")
    taken_out = request.GET.get("show") == "taken-out"
    held = Record.objects.filter(kind=kind, active=not taken_out)
    everything = held.count()
    for word in words.split():
        held = held.filter(
            Q(name__icontains=word) | Q(key__icontains=word) | Q(content__icontains=word)
        )
    if status in dict(_statuses(kind)):
        held = held.filter(status=status)
    page = Paginator(held, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "register/records.html",
        {
            "kind": kind,
            "section": section,
            "page": page,
            "rows": _rows(kind, list(page)),
            "words": words,
            "status": status,
            "statuses": _statuses(kind),
            "is_filtered": bool(words or status),
            "is_empty": not everything,
            "taken_out": taken_out,
            "can_edit": request.user.has(Power.EDIT_REGISTER),
            "add_url": reverse("register:add", args=[kind]),
        },
    )


@access(get=Power.READ)
def page(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Show one record: what it says, its evidence, its last versions, what was assessed of it."""
    record = Record.objects.filter(kind=kind, key=key).first()
    if record is None and SECTIONS[kind].single:
        return render(request, "register/none_yet.html", {"kind": kind, "section": SECTIONS[kind]})
    if record is None:
        raise Http404
    return render(
        request,
        "register/record.html",
        {
            "record": record,
            "section": record.section,
            "shown": shown_record(record),
            "panel": _panel(kind) if record.active else None,
            "versions": record.versions.all()[:5],
            "named_by": _named_by(record),
            "can_edit": request.user.has(Power.EDIT_REGISTER),
        },
    )


@access(get=Power.READ)
def history(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Show every version of a record, and what changed between two of them."""
    record = get_object_or_404(Record, kind=kind, key=key)
    versions = Paginator(record.versions.all(), A_PAGE).get_page(request.GET.get("page"))
    newer = _version(record, request.GET.get("to")) or record.versions.first()
    older = _version(record, request.GET.get("from"))
    if older is None and newer is not None:
        older = record.versions.filter(number__lt=newer.number).first()
    changed = differences(older.content if older else None, newer.content) if newer else []
    return render(
        request,
        "register/history.html",
        {
            "record": record,
            "section": record.section,
            "page": versions,
            "newer": newer,
            "older": older,
            "changed": changed,
        },
    )


@access(get=Power.EDIT_REGISTER, post=Power.EDIT_REGISTER)
def remove(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Take a record out of the register, with a reason."""
    record = get_object_or_404(Record, kind=kind, key=key, active=True)
    findings: list[Any] = []
    why = request.POST.get("why", "").strip()[:500]
    if request.method == "POST":
        try:
            if why:
                number = request.POST.get("version", "")
                expected = int(number) if number.isdecimal() else None
                remove_record(request.user, record, expected=expected, why=why)
                messages.success(request, _("%(name)s was taken out.") % {"name": record})
                return redirect("register:record", kind, key)
        except BadInput as error:
            findings = list(error.findings)
        except EditedMeanwhile:
            messages.warning(
                request, _("Somebody has just edited it. Look at it before you go on.")
            )
            return redirect("register:record", kind, key)
    return render(
        request,
        "register/remove.html",
        {
            "record": record,
            "section": record.section,
            "findings": findings,
            "why": why,
            "why_missing": request.method == "POST" and not why,
        },
        status=422 if request.method == "POST" else 200,
    )


@access(post=Power.EDIT_REGISTER)
def restore(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Put a record that was taken out back."""
    record = get_object_or_404(Record, kind=kind, key=key, active=False)
    try:
        restore_record(request.user, record)
        messages.success(request, _("%(name)s was put back.") % {"name": record})
    except BadInput as error:
        for finding in error.findings:
            messages.error(request, f"{finding.what} {finding.mend}")
    return redirect("register:record", kind, key)


def _rows(kind: str, held: list[Record]) -> list[dict[str, Any]]:
    """Return what a list shows of its records, with one query for the names of their models."""
    models: dict[str, str] = {}
    if kind == Kind.RUN:
        wanted = {str(row.content.get("model", "")) for row in held}
        named = Record.objects.filter(kind=Kind.MODEL, key__in=wanted)
        models = dict(named.values_list("key", "name"))
    rows = []
    for row in held:
        content = row.content
        rows.append(
            {
                "record": row,
                "content": content,
                "status": choice_word(row.status) if row.status else "",
                "model": models.get(str(content.get("model", "")), ""),
                "parts": len(content.get("parts") or content.get("groups") or []),
            }
        )
    return rows


def _statuses(kind: Kind) -> list[tuple[str, str]]:
    wanted = _STATUS_FIELDS.get(kind)
    model = SECTIONS[kind].model
    values = next((field.choices for field in fields(model) if field.name == wanted), ())
    return choices(values)


def _panel(kind: str) -> Any:
    """Return the template by which another room shows what it assessed, if there is one."""
    name = _PANELS.get(Kind(kind))
    if name is None:
        return None
    try:
        return get_template(name).template
    except TemplateDoesNotExist:
        return None


def _named_by(record: Record) -> list[Record]:
    """Return the records that name this one: the runs of a model, the models made from it."""
    wanted = {Kind.MODEL: ("model", "trained_from"), Kind.CLUSTER: ("cluster",)}.get(
        Kind(record.kind)
    )
    if wanted is None:
        return []
    named = Record.objects.filter(active=True, kind__in=(Kind.RUN, Kind.MODEL))
    some = named.filter(content__contains=f'"{record.key}"')
    return [row for row in some if record.key in [row.content.get(field) for field in wanted]]


def _version(record: Record, number: str | None) -> Version | None:
    if not number or not number.isdecimal() or len(number) > 9:
        return None
    return record.versions.filter(number=int(number)).first()
