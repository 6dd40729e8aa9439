"""Every address of the desk, from Django's own table of them, with what its view declares."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from declarant.desk.access import OWN_AUTHENTICATION, Access, declaration

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOBODY = "anonymous"


@dataclass(frozen=True)
class Address:
    """One row of the table: ``name`` as ``reverse`` takes it, ``route`` as it was written."""

    name: str
    route: str
    view: Any
    converters: tuple[tuple[str, str], ...]  # of each argument: its name and its converter's class
    has_own_authentication: bool

    @property
    def access(self) -> Access | None:
        """What the view declares, or what was declared for it by name."""
        return declaration(self.view, self.name)

    def declares(self, verb: str) -> bool:
        """Whether somebody may use a verb."""
        return self.access is not None and verb in self.access.verbs

    @property
    def where(self) -> str:
        """The view, as a reader looks for it."""
        view = self.view
        view = getattr(view, "view_class", view)
        return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"


@cache
def addresses() -> tuple[Address, ...]:
    """Every address, in the order in which Django tries them."""
    return tuple(_walk(get_resolver(), (), "", {}))


def _walk(
    resolver: URLResolver, namespaces: tuple[str, ...], prefix: str, converters: dict[str, Any]
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        held = converters | _arguments(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, inner, route, held)
        elif isinstance(entry, URLPattern):
            yield Address(
                name=":".join((*namespaces, entry.name or "")),
                route=f"/{route}",
                view=entry.callback,
                converters=tuple((name, type(each).__name__) for name, each in held.items()),
                has_own_authentication=OWN_AUTHENTICATION in namespaces,
            )


def _arguments(pattern: Any) -> dict[str, Any]:
    """The converters of a path, or the named groups of a regular expression."""
    if pattern.converters:
        return dict(pattern.converters)
    return dict.fromkeys(pattern.regex.groupindex)


def pages() -> list[Address]:
    """What the desk's own rules guard; the API's operations check tokens themselves."""
    return [each for each in addresses() if not each.has_own_authentication]
