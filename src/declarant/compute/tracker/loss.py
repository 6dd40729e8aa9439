"""What a process that was killed may have counted and not written: bounded by its pace before."""

from __future__ import annotations

import math
from dataclasses import dataclass

from declarant.compute.tracker.entries import Entry, Opened, Stretch


@dataclass(slots=True)
class Pace:
    """How fast the steps of a section were, from its entries in order.

    Attributes:
        due_seconds: between flushes, as the writer intended; None when not told.
        oldest: seconds that a step had waited when it was written, the greatest.
        last_step: the trainer's own number of the last training step, None unknown.
    """

    due_seconds: float | None = None
    oldest: float = 0.0
    last_step: int | None = None
    _steady: float | None = None
    _burst: float | None = None
    _ended_ms: int | None = None

    @property
    def steps_per_second(self) -> float | None:
        """The greatest pace over half the time between flushes or more; None before two steps.

        Before there is one of so long, the greatest of all: steps that are only handed to a device
        come in bursts.
        """
        return self._burst if self._steady is None else self._steady

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        if isinstance(entry, Opened):
            self.due_seconds = entry.due_ms / 1000
            self.last_step = self._ended_ms = None
        elif isinstance(entry, Stretch):
            self._stretch(entry)

    def window(self, gap: float | None) -> float | None:
        """Return the seconds in which steps may have gone unwritten, None when nothing tells.

        A flush comes at its time and is then written, which takes time of its own: as long again
        at the most, or as long as the latest flush of the section was late. Never longer than the
        `gap` until the next process began.
        """
        if self.due_seconds is None:
            return gap
        bound = self.due_seconds + max(self.due_seconds, self.oldest - self.due_seconds)
        return bound if gap is None else min(bound, gap)

    def most_steps(self, seconds: float | None) -> int | None:
        """Return how many steps there may have been in so many seconds, the one cut off included.

        None when the pace or the time is not known.
        """
        return most_steps(self.steps_per_second, seconds)

    def _stretch(self, stretch: Stretch) -> None:
        self.due_seconds = stretch.due_ms / 1000
        if not stretch.delayed:
            self.oldest = max(self.oldest, (stretch.ms - stretch.began_ms) / 1000)
        spans = [(stretch.steps - 1, stretch.ended_ms - stretch.began_ms)]
        if self._ended_ms is not None:
            spans.append((stretch.steps, stretch.ended_ms - self._ended_ms))
        for steps, span in spans:
            if span > 0 and steps > 0:
                pace = steps * 1000 / span
                self._burst = max(pace, self._burst or 0.0)
                if span >= stretch.due_ms / 2:
                    self._steady = max(pace, self._steady or 0.0)
        self._ended_ms = stretch.ended_ms
        if stretch.last_step is not None:
            self.last_step = stretch.last_step


def most_steps(steps_per_second: float | None, seconds: float | None) -> int | None:
    """Return the steps that fit into so many seconds, with the one cut off; None when unknown."""
    if seconds is None or steps_per_second is None:
        return None
    return math.ceil(steps_per_second * seconds) + 1
