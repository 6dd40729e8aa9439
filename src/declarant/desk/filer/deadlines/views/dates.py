"""Every date: how it was worked out, who holds it, what reminders went out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.audit import change
from declarant.desk.filer.assessment.naming import law_of, loaded
from declarant.desk.filer.deadlines.forms import HolderForm
from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.filer.deadlines.upcoming import upcoming

_CLOSED_SHOWN = 40


@access(get=Power.READ)
def clocks(request: HttpRequest) -> HttpResponse:
    """Show every open date, overdue first, and the last ones that ended."""
    mine = request.GET.get("mine") == "1"
    rows = [row for row in upcoming() if not mine or row.holder_id == request.user.pk]
    closed = Deadline.objects.filter(closed__isnull=False).select_related("holder")
    return render(
        request,
        "deadlines/clocks.html",
        {
            "rows": rows,
            "overdue": [row for row in rows if row.is_overdue],
            "laws": {row.regime: law_of(row.regime) for row in rows},
            "closed": closed.order_by("-closed")[:_CLOSED_SHOWN],
            "mine": mine,
        },
    )


@access(get=Power.READ)
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one date with its working-out and its reminders."""
    row = get_object_or_404(Deadline.objects.select_related("holder"), pk=pk)
    return render(
        request,
        "deadlines/clock.html",
        {
            "row": row,
            "named": law_of(row.regime),
            "reminders": row.reminders.order_by("due"),
            "zone": loaded(row.regime).zone.name,
            "can_assign": request.user.has(Power.ASSIGN) and row.closed is None,
            "form": HolderForm(initial={"holder": row.holder_id}),
        },
    )


@access(post=Power.ASSIGN)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a date to somebody."""
    row = get_object_or_404(Deadline, pk=pk)
    form = HolderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the people in the list."))
        return redirect("deadlines:clock", pk)
    holder = form.cleaned_data["holder"]
    with change(
        request.user,
        "clock.assigned",
        subject=f"clock:{row.key}",
        holder=holder.email if holder else None,
    ):
        row.holder, row.assigned = holder, holder is not None
        row.save(update_fields=["holder", "assigned"])
    name = holder.name if holder else _("nobody")
    messages.success(request, _("This date is now held by {name}.").format(name=name))
    return redirect("deadlines:clock", pk)
