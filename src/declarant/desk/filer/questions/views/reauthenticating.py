"""Signing asks again who is there. Nothing that was typed is kept while somebody signs in again."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode


@reauthentication_required
def _only_lately(request: HttpRequest) -> None:
    """Do nothing, for a person who signed in a few minutes ago."""


def first_sign_in_again(request: HttpRequest, back: str) -> HttpResponse | None:
    """Return the way to the page that asks who is there; None for somebody who said so lately.

    A form that was sent is not kept for later, since it may hold a passphrase: the person comes
    back to `back` and fills it in again.
    """
    try:
        _only_lately(request)
    except ReauthenticationRequired:
        return HttpResponseRedirect(
            f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
        )
    return None
