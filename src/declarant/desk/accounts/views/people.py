"""Everybody who works here: roles given and ended, access closed, work handed over."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.accounts import granting
from declarant.desk.accounts.forms import HandOverForm, ReasonForm, RoleForm
from declarant.desk.accounts.models import Invitation, User
from declarant.desk.accounts.roles import Role
from declarant.problems import BadInput


@access(get=Power.READ)
def people(request: HttpRequest) -> HttpResponse:
    """List everybody with the roles they hold, and the invitations that are open."""
    everybody = User.objects.prefetch_related("grants").order_by("-is_active", "name")
    rows = [
        {
            "person": each,
            "roles": [grant for grant in each.grants.all() if grant.ended is None],
        }
        for each in everybody
    ]
    invitations = [row for row in Invitation.objects.all()[:100] if row.is_open]
    return render(
        request,
        "accounts/people.html",
        {
            "rows": rows,
            "invitations": invitations,
            "can_administer": request.user.has(Power.ADMINISTER),
        },
    )


@access(get=Power.READ)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person with every role held now and before; administrators change them here."""
    shown = get_object_or_404(User, pk=pk)
    return render(
        request,
        "accounts/person.html",
        {
            "shown": shown,
            "grants": shown.grants.select_related("granted_by", "ended_by").order_by("-granted"),
            "can_administer": request.user.has(Power.ADMINISTER),
            "grant_form": RoleForm(prefix="grant"),
            "close_form": ReasonForm(prefix="close"),
            "hand_over_form": HandOverForm(person=shown, prefix="hand-over"),
        },
    )


@access(post=Power.ADMINISTER)
def grant_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    shown = get_object_or_404(User, pk=pk, is_active=True)
    form = RoleForm(request.POST, prefix="grant")
    if form.is_valid():
        given = form.cleaned_data
        return _tried(
            request,
            pk,
            lambda: granting.grant(request.user, shown, given["role"], reason=given["reason"]),
            _("{name} is now: {role}.").format(name=shown.name, role=Role(given["role"]).label),
        )
    messages.error(request, _("Choose a role and write a reason."))
    return redirect("accounts:person", pk)


@access(post=Power.ADMINISTER)
def end_person_role(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    """End a role."""
    shown = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a reason."))
        return redirect("accounts:person", pk)
    reason = form.cleaned_data["reason"]
    return _tried(
        request,
        pk,
        lambda: granting.end_role(request.user, shown, role, reason=reason),
        _("The role has ended."),
    )


@access(post=Power.ADMINISTER)
def close_person(request: HttpRequest, pk: int) -> HttpResponse:
    """End all access of a person."""
    shown = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST, prefix="close")
    if not form.is_valid():
        messages.error(request, _("Write a reason."))
        return redirect("accounts:person", pk)
    reason = form.cleaned_data["reason"]
    return _tried(
        request,
        pk,
        lambda: granting.close(request.user, shown, reason=reason),
        _("This person can no longer sign in. What they did stays."),
    )


@access(post=Power.ADMINISTER)
def hand_over_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass on what a person holds to a successor."""
    shown = get_object_or_404(User, pk=pk)
    form = HandOverForm(request.POST, person=shown, prefix="hand-over")
    if not form.is_valid():
        messages.error(request, _("Choose a successor and write a reason."))
        return redirect("accounts:person", pk)
    given = form.cleaned_data
    return _tried(
        request,
        pk,
        lambda: granting.hand_over(request.user, shown, given["successor"], reason=given["reason"]),
        _("Everything that was open is handed over."),
    )


def _tried(request: HttpRequest, pk: int, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
    return redirect("accounts:person", pk)
