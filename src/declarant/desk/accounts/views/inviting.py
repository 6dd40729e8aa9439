"""Inviting somebody, and accepting an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from declarant.desk.access import Power, access, public
from declarant.desk.accounts.forms import AcceptForm, InvitationForm
from declarant.desk.accounts.inviting import accept, invite, open_invitation
from declarant.desk.accounts.models import Invitation, User
from declarant.desk.audit import change
from declarant.problems import BadInput


@access(get=Power.ADMINISTER, post=Power.ADMINISTER)
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite somebody with the roles they are to hold."""
    form = InvitationForm(request.POST or None)
    link = None
    if request.method == "POST" and form.is_valid():
        try:
            _row, link = invite(request.user, **form.cleaned_data)
        except BadInput as problem:
            form.add_error("email", str(problem))
        else:
            messages.success(request, _("The invitation is on its way."))
    status = 400 if form.is_bound and not link else 200
    return render(request, "accounts/invite.html", {"form": form, "link": link}, status=status)


@access(post=Power.ADMINISTER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation that is open."""
    row = get_object_or_404(Invitation, pk=pk)
    with change(request.user, "person.uninvited", subject=f"invitation:{row.email}"):
        Invitation.objects.filter(pk=row.pk, accepted__isnull=True).update(withdrawn=timezone.now())
    messages.success(request, _("The invitation no longer works."))
    return redirect("accounts:people")


@sensitive_post_parameters("password", "again")
def _accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    row = open_invitation(secret)
    if row is None:
        return render(request, "accounts/no_invitation.html", status=410)
    person = User(email=row.email, name=row.name)
    form = AcceptForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            accept(row, form.cleaned_data["password"])
        except BadInput:
            return render(request, "accounts/no_invitation.html", status=410)
        messages.success(request, _("Your account is ready. Sign in with it."))
        return redirect("account_login")
    context = {"form": form, "invitation": row}
    return render(request, "accounts/accept.html", context, status=400 if form.is_bound else 200)


accept_invitation = public("get", "post")(_accept_invitation)
