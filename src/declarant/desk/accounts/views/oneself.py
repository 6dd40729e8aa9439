"""One's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.accounts.forms import OneselfForm
from declarant.desk.audit import change


@access(get=Power.OWN_ACCOUNT, post=Power.OWN_ACCOUNT)
def oneself(request: HttpRequest) -> HttpResponse:
    """Show one's roles and ways to sign in; change one's name and title."""
    before = {"name": request.user.name, "title": request.user.title}
    form = OneselfForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        with change(
            request.user,
            "person.renamed",
            subject=f"person:{request.user.pk}",
            before=before,
            after=form.cleaned_data,
        ):
            form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:oneself")
    grants = request.user.grants.filter(ended__isnull=True)
    context = {"form": form, "grants": grants}
    status = 400 if form.is_bound else 200
    return render(request, "accounts/oneself.html", context, status=status)
