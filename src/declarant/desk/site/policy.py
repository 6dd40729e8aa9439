"""What browsers are told about every page: what may be loaded, framed, remembered, asked for.

Values are for settings; the middleware adds the headers that Django has no setting for. Sources:
Content Security Policy Level 3 and Permissions Policy of the W3C, RFC 9111 for caching, the
OWASP HTTP Security Response Headers Cheat Sheet for what is worth sending.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # plots and the small pictures of the style sheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
"""For django-csp 4: nothing inline, nothing evaluated, nothing from elsewhere."""

PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), screen-wake-lock=(), "
    "clipboard-read=(), clipboard-write=(self), fullscreen=(self), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)
"""Passkeys and copying a hash are all that pages ask a browser for."""

HTMX_CONFIG = (
    '{"includeIndicatorStyles": false, "allowEval": false, "allowScriptTags": false, '
    '"selfRequestsOnly": true, "historyCacheSize": 0, "refreshOnHistoryMiss": true, '
    '"attributesToSettle": ["class", "width", "height"]}'
)
"""What htmx would do against the policy is turned off: scripts, styles of its own, and carrying
``style`` attributes over to what replaces an element; the browser's store keeps no pages."""

HSTS_SECONDS = 365 * 24 * 3600
SECURITY_SETTINGS: dict[str, Any] = {
    "X_FRAME_OPTIONS": "DENY",
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
}
"""Settings of Django's own security middleware, on every desk."""

PRODUCTION_SETTINGS: dict[str, Any] = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": HSTS_SECONDS,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
}
"""Added where the desk is reached over HTTPS."""

_HASHED = re.compile(r"^.+\.[0-9a-f]{12}\..+$")


def is_immutable(path: str, url: str) -> bool:
    """Tell WhiteNoise (WHITENOISE_IMMUTABLE_FILE_TEST) that a name with its hash never changes."""
    return bool(_HASHED.match(url))


class PermissionsPolicyMiddleware:
    """Adds the headers that Django has no setting for.

    A page is for the person who asked: neither a proxy nor the disk of a shared machine keeps it,
    unless the view said otherwise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
