"""The menu: apps register their entries when they load; a person sees those they have power for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from declarant.desk.access import Power

LAST = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a translatable label, the view it leads to, the power one needs, its place."""

    label: Any
    url_name: str
    power: Power
    order: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it stands on a page."""

    label: str
    url: str
    current: bool


_MAIN: dict[str, Entry] = {}
_PERSONAL: dict[str, Entry] = {}


def register(
    label: Any, url_name: str, power: Power, *, order: int = LAST, personal: bool = False
) -> None:
    """Put an entry into the menu; call it in the app's `AppConfig.ready`.

    Args:
        label: what people read; give it with `gettext_lazy`.
        url_name: of the view, with its namespace.
        power: who does not have it does not see the entry.
        order: entries stand from low to high, equal ones as they were registered.
        personal: in the person's own menu, beside the sign-out, instead of the main one.
    """
    held = _PERSONAL if personal else _MAIN
    held[url_name] = Entry(label, url_name, power, order)


def main(user: Any, path: str) -> list[Shown]:
    """Return the main entries for a person who is on the page of that path."""
    return _shown(user, path, list(_MAIN.values()))


def personal(user: Any, path: str) -> list[Shown]:
    """Return the entries of the person's own menu."""
    return _shown(user, path, list(_PERSONAL.values()))


def _shown(user: Any, path: str, entries: Sequence[Entry]) -> list[Shown]:
    if user is None or not user.is_authenticated:
        return []
    allowed = sorted((each for each in entries if user.has(each.power)), key=lambda e: e.order)
    found = [(str(entry.label), url) for entry in allowed if (url := _url(entry.url_name))]
    # the home page is the beginning of every path: the longest beginning is the room one is in
    here = max((url for _, url in found if _holds(url, path)), key=len, default=None)
    return [Shown(label, url, url == here) for label, url in found]


def _url(name: str) -> str | None:
    try:
        return str(reverse(name))
    except NoReverseMatch:  # the other desk has no such room
        return None


def _holds(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
