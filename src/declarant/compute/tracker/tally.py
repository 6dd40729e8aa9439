"""Steps since the last flush, put together into stretches in which the step never goes back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_STRETCHES = 16
"""Roll-backs told apart between two flushes; more are no roll-backs, but another way to number."""

Add = tuple[int, str, int | None, float]
"""Signature, purpose, the trainer's own step, seconds on the monotonic clock."""


@dataclass(slots=True)
class Stretch:
    """Steps in a row.

    Attributes:
        counts: by signature and purpose.
        first_step: the trainer's own, of training steps; None when it gave none.
        last_step: likewise.
        began: moment of the first step, seconds on the monotonic clock.
        ended: moment of the last.
        ordered: False when the step went back too often to mean roll-backs.
    """

    began: float
    ended: float
    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    first_step: int | None = None
    last_step: int | None = None
    ordered: bool = True

    @property
    def steps(self) -> int:
        """All steps, of any purpose."""
        return self.counts.total()

    def take(self, add: Add) -> None:
        """Count one more step."""
        signature, purpose, step, moment = add
        self.counts[signature, purpose] += 1
        self.ended = moment
        if step is not None and not purpose:
            self.first_step = step if self.first_step is None else self.first_step
            self.last_step = step

    def as_fields(self, origin: float) -> dict[str, Any]:
        """Return the fields of an interval record, times in milliseconds since `origin`."""
        known = self.ordered and self.first_step is not None
        return {
            "counts": [
                {"signature": signature, "purpose": purpose, "steps": number}
                for (signature, purpose), number in sorted(self.counts.items())
            ],
            "first_step": self.first_step if known else None,
            "last_step": self.last_step if known else None,
            "ordered": self.ordered,
            "began_ms": round((self.began - origin) * 1000),
            "ended_ms": round((self.ended - origin) * 1000),
        }


class Tally:
    """Takes steps in the order they were added; gives the stretches since it was last emptied."""

    def __init__(self) -> None:
        self._stretches: list[Stretch] = []

    def take(self, add: Add) -> None:
        """Count one more step."""
        _, purpose, step, moment = add
        if not self._stretches:
            self._stretches.append(Stretch(moment, moment))
        current = self._stretches[-1]
        if current.ordered and not purpose and _before(step, current.last_step):
            if len(self._stretches) < MOST_STRETCHES:
                current = Stretch(moment, moment)
                self._stretches.append(current)
            else:
                current.ordered = False
        current.take(add)

    def empty(self) -> list[Stretch]:
        """Return the stretches, in order, and begin anew."""
        held, self._stretches = self._stretches, []
        return held

    def put_back(self, stretches: list[Stretch]) -> None:
        """Take back what was emptied, since it could not be written; nothing was added since."""
        self._stretches = stretches


def _before(step: int | None, other: int | None) -> bool:
    return step is not None and other is not None and step < other
