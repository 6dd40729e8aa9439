"""What goes wrong, said on the page: at the field it is about, or above everything."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from declarant.desk.filer.filings.models import Filing
from declarant.problems import BadInput

_WITH = (
    "preparer",
    "officer",
    "corrects",
    "draft",
    "document",
    "form",
    "calendar",
    "message",
    "sealed",
    "unsigned",
    "key",
)


def filing_or_404(pk: int) -> Filing:
    """Return a filing with what its pages show of it."""
    row: Filing = get_object_or_404(Filing.objects.select_related(*_WITH), pk=pk)
    return row


def tell(request: HttpRequest, problem: BadInput) -> None:
    """Show what is wrong, and how to mend it, above the next page."""
    for finding in problem.findings:
        place = f"{finding.where}: " if finding.where.file else ""
        messages.error(request, _sentence(f"{place}{finding.what} {finding.mend}".strip()))


def tell_in(form: forms.BaseForm, problem: BadInput) -> None:
    """Show each finding at its field of a form, or above the form."""
    for finding in problem.findings:
        field = finding.where.field
        at = field if field in form.fields else None
        form.add_error(at, _sentence(f"{finding.what} {finding.mend}".strip()))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
