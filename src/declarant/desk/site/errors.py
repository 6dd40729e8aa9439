"""Pages for what went wrong: what happened, that nothing was changed, and what to do now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import defaults


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """400: the request cannot be understood. Says nothing of what was sent."""
    return defaults.bad_request(request, exception)


def refused(request: HttpRequest, exception: Any) -> HttpResponse:
    """403: the person may not; the reason given with the refusal is shown."""
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """404: nothing stands at the address."""
    return defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of the desk. Asks neither database nor session: either may be what failed."""
    return defaults.server_error(request)
