"""Small values that templates show: figures on cards, moments of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure on a card: what it counts, the figure, what one must know of it, where it leads."""

    label: Any
    value: Any
    note: Any = ""
    url: str | None = None
    kind: str | None = None  # a status beside it, with `status` as its word
    status: Any = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline. `kind` is "done", "due", "overdue" or ""; the title says it too."""

    when: date | datetime
    title: Any
    text: Any = ""
    url: str | None = None
    kind: str = ""
