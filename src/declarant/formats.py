"""File formats by registered name: found by being in a package, recognised from their content."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from declarant.problems import BadInput, bad_input

HEAD = 65_536
"""Bytes of a file's beginning that a sniffer sees as text."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sniffer may look at.

    Attributes:
        name: of the file, in lower case.
        head: its first 64 KiB as text, bytes that are no UTF-8 replaced.
        content: its beginning (some MiB at the most), for a quick search only.
    """

    name: str
    head: str
    content: bytes


Sniff = Callable[[Sample], bool]


class Format(Protocol):
    """What every registered format has: a name, what people call it, and a strict sniffer.

    `suffixes` (lower case, with the dot) decide only between formats that both claim a file.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def shows(self) -> str: ...  # noqa: D102
    @property
    def suffixes(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def sniff(self) -> Sniff: ...  # noqa: D102


F = TypeVar("F", bound=Format)


class FormatRegistry(Generic[F]):
    """The formats whose modules stand in one package; a module registers its own on import."""

    def __init__(self, package: str) -> None:
        self.package = package
        self._held: dict[str, tuple[F, str]] = {}
        self._complete = False

    def add(self, item: F, module: str) -> None:
        """Register a format that `module` defines.

        Raises:
            ValueError: when another module has registered that name.
        """
        known = self._held.get(item.name)
        if known is not None and known[1] != module:
            raise ValueError(f"two readers are registered as {item.name!r}")
        self._held[item.name] = (item, module)

    def all(self) -> Mapping[str, F]:
        """Return every format of the package by its name, in order of name."""
        if not self._complete:
            package = importlib.import_module(self.package)
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{self.package}.{module.name}")
            self._complete = True
        return {name: self._held[name][0] for name in sorted(self._held)}

    def named(self, name: str) -> F:
        """Return the format of that name.

        Raises:
            BadInput: when there is none.
        """
        known = self.all()
        if name not in known:
            raise bad_input(
                "file.format_unknown",
                f"there is no format {name!r}.",
                mend=f"Known formats: {', '.join(known)}.",
            )
        return known[name]

    def sniffed(self, sample: Sample, shown: str) -> F:
        """Return the one format that recognises a file; `shown` is its path for messages.

        Raises:
            BadInput: when none does, or several do and no suffix decides.
        """
        claims = [item for item in self.all().values() if item.sniff(sample)]
        if len(claims) > 1:
            claims = [item for item in claims if sample.name.endswith(item.suffixes)] or claims
        if len(claims) == 1:
            return claims[0]
        raise self._undecided(claims, shown)

    def _undecided(self, claims: list[F], shown: str) -> BadInput:
        if claims:
            return bad_input(
                "file.format_ambiguous",
                f"may be {' or '.join(item.name for item in claims)}.",
                mend="Name the format.",
                file=shown,
            )
        listed = ", ".join(f"{item.name} ({item.shows})" for item in self.all().values())
        return bad_input(
            "file.format_unrecognised",
            "is in no format that is known here.",
            mend=f"Name the format if it is one of: {listed}.",
            file=shown,
        )
