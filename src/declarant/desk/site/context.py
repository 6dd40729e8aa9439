"""What the frame of every page needs, worked out only where a template asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext

from declarant import __version__
from declarant.desk.site import navigation as menu
from declarant.desk.site.law_status import REGIME, LawStatus, law_status
from declarant.desk.site.policy import HTMX_CONFIG

_office: list[Callable[[], str]] = []


def office_named_by(name: Callable[[], str]) -> None:
    """Let `name` say whose desk this is; the room that knows calls this when it loads."""
    _office[:] = [name]


class Desk:
    """`desk` in templates."""

    version = __version__
    htmx_config = HTMX_CONFIG

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def name(self) -> str:
        """What the desk is called."""
        if getattr(settings, "DESK_KIND", "filer") == "agency":
            return gettext("Declarant: the agency's desk")
        return gettext("Declarant: the filer's desk")

    @cached_property
    def office(self) -> str:
        """Return whose desk it is; empty until that is known."""
        return _office[0]() if _office else ""

    @cached_property
    def law(self) -> LawStatus:
        """Return the state of the law today."""
        return law_status(getattr(settings, "DESK_REGIME", REGIME))

    @cached_property
    def navigation(self) -> list[menu.Shown]:
        """Return the main menu."""
        return menu.main(self._user, self._request.path)

    @cached_property
    def personal(self) -> list[menu.Shown]:
        """Return the person's own menu."""
        return menu.personal(self._user, self._request.path)

    @property
    def _user(self) -> Any:
        return getattr(self._request, "user", None)


def desk(request: HttpRequest) -> dict[str, Any]:
    """Add `desk` to the context of every template."""
    return {"desk": Desk(request)}
