"""Pages that make or edit a record, by forms or as YAML."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.register.editing.editor import SAVE, Editor
from declarant.desk.filer.register.editing.yaml_editor import YamlEditor
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.desk.filer.register.models import Record


@access(get=Power.EDIT_REGISTER, post=Power.EDIT_REGISTER)
def add(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Make a record."""
    if SECTIONS[kind].single and Record.objects.filter(kind=kind, active=True).exists():
        return redirect("register:edit", kind, kind)
    return _by_forms(request, kind, None)


@access(get=Power.EDIT_REGISTER, post=Power.EDIT_REGISTER)
def edit(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Edit a record."""
    return _by_forms(request, kind, get_object_or_404(Record, kind=kind, key=key, active=True))


@access(get=Power.EDIT_REGISTER, post=Power.EDIT_REGISTER)
def add_yaml(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Make a record from YAML."""
    return _by_yaml(request, kind, None)


@access(get=Power.EDIT_REGISTER, post=Power.EDIT_REGISTER)
def edit_yaml(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """Edit a record as YAML."""
    return _by_yaml(request, kind, get_object_or_404(Record, kind=kind, key=key, active=True))


def _by_forms(request: HttpRequest, kind: Kind, record: Record | None) -> HttpResponse:
    posted = request.method == "POST"
    editor = Editor(kind, record, request.POST if posted else None)
    status = 200
    if posted:
        do = request.POST.get("do", SAVE)
        if do == SAVE:
            saved = editor.save(request.user)
            if saved is not None:
                return _saved(request, saved, record)
            status = 409 if editor.meanwhile else 422
        else:
            editor.act(do)
    return _page(request, "register/edit.html", kind, record, editor, status)


def _by_yaml(request: HttpRequest, kind: Kind, record: Record | None) -> HttpResponse:
    posted = request.method == "POST"
    editor = YamlEditor(kind, record, request.POST if posted else None)
    status = 200
    if posted:
        saved = editor.save(request.user)
        if saved is not None:
            return _saved(request, saved, record)
        status = 409 if editor.meanwhile else 422
    return _page(request, "register/edit_yaml.html", kind, record, editor, status)


def _saved(request: HttpRequest, saved: Record, before: Record | None) -> HttpResponse:
    if before is not None and before.number == saved.number:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("%(name)s was saved.") % {"name": saved})
    return redirect(saved)


def _page(
    request: HttpRequest,
    template: str,
    kind: Kind,
    record: Record | None,
    editor: Any,
    status: int,
) -> HttpResponse:
    context = {
        "kind": kind,
        "section": SECTIONS[kind],
        "record": record,
        "editor": editor,
        "is_new": record is None,
    }
    return render(request, template, context, status=status)
