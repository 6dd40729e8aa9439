"""A session ends when it is idle; those who can sign or administer need a second factor."""

from __future__ import annotations

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

LAST_SEEN = "last_seen"
Respond = Callable[[HttpRequest], HttpResponse]


class SignedInLongEnough:
    """Ends a session after the configured minutes without a request."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session, or note that it is in use, and let the request through."""
        if request.user.is_authenticated:
            now = int(time())
            seen = request.session.get(LAST_SEEN, now)
            if now - seen > settings.DESK.idle_minutes * 60:
                logout(request)
                messages.info(request, _("You were signed out after a time without activity."))
            elif now - seen >= 60 or LAST_SEEN not in request.session:
                request.session[LAST_SEEN] = now  # once a minute: not every reading page writes
        return self.get_response(request)


class SecondFactorRequired:
    """Sends a person who must have a second factor to set one up, before anything else."""

    ALWAYS_OPEN = ("mfa_", "account_logout", "account_reauthenticate", "set_language")

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through; the view that it is for is known later."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Return the way to the set-up page, or None to go on."""
        from allauth.mfa.models import Authenticator

        user = request.user
        if not user.is_authenticated or not user.needs_second_factor:
            return None
        if (request.resolver_match.view_name or "").startswith(self.ALWAYS_OPEN):
            return None
        strong = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        if Authenticator.objects.filter(user=user, type__in=strong).exists():
            return None
        messages.warning(
            request,
            _("Your role needs a second factor. Set up a passkey or an authenticator app first."),
        )
        return redirect("mfa_index")
