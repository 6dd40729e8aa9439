"""Answers to the small requests that htmx makes, and to the same requests made without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def is_htmx(request: HttpRequest) -> bool:
    """Return whether a part of a page is asked for, not a page."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def render_part(
    request: HttpRequest,
    page: str,
    part: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the template `part` to htmx and the template `page` to everybody else."""
    template = part if is_htmx(request) else page
    response = render(request, template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`, a path of this desk: htmx by its header, others by status 303."""
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def refresh(request: HttpRequest, url: str) -> HttpResponse:
    """Show the page again as it is now: htmx reloads it, others go to `url`."""
    if is_htmx(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(request, url)
