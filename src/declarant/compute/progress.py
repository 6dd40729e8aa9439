"""How far a run was at moments: marks, thinned as they come so that any log fits in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MOST_MARKS = 8192
"""Kept of one log: a mark every half hour for half a year, and enough to draw or to resample."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the kept work was at a moment (with its zone).

    Attributes:
        moment: when.
        step: optimizer steps done.
        tokens: seen so far, None when the log does not tell.
    """

    moment: datetime
    step: int
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Marks in order of time. A step that goes back shows work that was rolled back."""

    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Progress | None:
        """Return the progress of marks in any number, thinned; None when there are none."""
        thinned = Thinned()
        for mark in marks:
            thinned.add(mark)
        return thinned.progress()


class Thinned:
    """Takes marks in any number; keeps some `most`, evenly, and the first and last of all.

    Where the step goes back, the marks on both sides are kept as well, as many again at the most.
    """

    def __init__(self, most: int = MOST_MARKS) -> None:
        self._most = most
        self._every = 1
        self._seen = 0
        self._even: list[Mark] = []
        self._turns: list[Mark] = []
        self._last: Mark | None = None

    def add(self, mark: Mark) -> None:
        """Take one more mark."""
        if self._last is not None and mark.step < self._last.step:
            self._turns += [self._last, mark]
            if len(self._turns) > self._most:
                del self._turns[::2]
        if self._seen % self._every == 0:
            self._even.append(mark)
            if len(self._even) >= self._most:
                self._every *= 2
                self._even = self._even[::2]
        self._seen += 1
        self._last = mark

    def progress(self) -> Progress | None:
        """Return what was kept, in order of time; None when nothing was added."""
        if self._last is None:
            return None
        kept = dict.fromkeys((*self._even, *self._turns, self._last))
        return Progress(tuple(sorted(kept, key=lambda mark: mark.moment)))
