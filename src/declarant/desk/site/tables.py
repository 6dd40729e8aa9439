"""Tables as values: what a view gives, and the template library shows (`{% table it %}`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it holds numbers, which stand under each other."""

    label: Any
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than text: a link, a status (`kind`), or both."""

    text: Any
    url: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its heading.

    Attributes:
        caption: what the table shows; always there, read aloud before the table.
        columns: from left to right.
        rows: each as many cells as there are columns, texts or `Cell`.
        note: what one must know to read it, under the table.
        hide_caption: where a heading right above says the same.
    """

    caption: Any
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]] = field(default=())
    note: Any = ""
    hide_caption: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells in a table of {len(self.columns)} columns")
