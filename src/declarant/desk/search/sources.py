"""What rooms let people search: each yields what it has, in one shape."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Searchable:
    """Something that can be found.

    Attributes:
        key: names it for ever.
        version: changes when its text does; what has the same version is not read again.
        kind: what it is, translatable.
        title: as the list of results shows it.
        url: its page.
        text: called when the version is new; everything it is to be found by.
        moment: when it was written, for the order of equals.
    """

    key: str
    version: str
    kind: Any
    title: str
    url: str
    text: Callable[[], str]
    moment: datetime | None = None


Yields = Callable[[], Iterable[Searchable]]
SOURCES: dict[str, Yields] = {}


def searchable(name: str) -> Callable[[Yields], Yields]:
    """Register a function that yields all that a room lets people search."""

    def register(yields: Yields) -> Yields:
        SOURCES[name] = yields
        return yields

    return register


def version_of(*parts: object) -> str:
    """Return a version that changes when any of the parts does."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
