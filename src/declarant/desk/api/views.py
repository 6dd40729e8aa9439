"""The page of one's own tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from declarant.desk.access import Power, access, public
from declarant.desk.api.forms import TokenForm
from declarant.desk.api.models import ApiToken
from declarant.desk.api.tokens import make_token, revoke


@access(get=Power.USE_API, post=Power.USE_API)
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's tokens; make one, and show it this once."""
    form = TokenForm(request.POST or None, person=request.user)
    made = None
    if request.method == "POST" and form.is_valid():
        _row, made = make_token(request.user, **form.cleaned_data)
        form = TokenForm(person=request.user)
    return render(
        request,
        "api/tokens.html",
        {
            "form": form,
            "made": made,
            "tokens": ApiToken.objects.filter(person=request.user).select_related("person"),
        },
        status=400 if form.is_bound else 200,
    )


@access(post=Power.USE_API)
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's tokens."""
    row = get_object_or_404(ApiToken, pk=pk, person=request.user)
    revoke(request.user, row)
    messages.success(request, _("The token no longer works."))
    return redirect("tokens:list")


@public("get", "post", "put", "patch", "delete")
@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Answer a program that asked for an address that the API does not have."""
    return JsonResponse({"detail": "There is nothing at this address."}, status=404)
