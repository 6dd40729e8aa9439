"""One scalar of a run along its steps: where it turns back, repeats, or starts again from nothing.

Memory does not grow with the number of points.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

_MOST_TURNS = 1000
_MOST_GAPS = 64


@dataclass(frozen=True, slots=True)
class Turn:
    """Steps that went back: `reached` was logged, then `again` after it."""

    reached: int
    again: int


@dataclass(slots=True)
class Track:
    """Takes the points of one scalar in the order they were written.

    Attributes:
        name: of the scalar, as written.
        points: how many, repeated ones left out.
        repeated: points that stand there twice in a row, written twice and not worked out anew.
        turns: where steps went back, the first thousand.
        turns_in_all: how often.
        restarts: how often a counter fell while the step went on.
        carried: what a counter had reached each time before it fell, added up.
        rises: how often a counter rose.
        integral: sum over the points of value x steps since the point before.
        least, greatest, total: of the values.
    """

    name: str
    points: int = 0
    repeated: int = 0
    turns: list[Turn] = field(default_factory=list)
    turns_in_all: int = 0
    restarts: int = 0
    carried: float = 0.0
    rises: int = 0
    integral: float = 0.0
    least: float = float("inf")
    greatest: float = float("-inf")
    total: float = 0.0
    first_step: int = 0
    first_value: float = 0.0
    last_step: int = 0
    last_value: float = 0.0
    first_moment: float | None = None
    last_moment: float | None = None
    _gaps: Counter[int] = field(default_factory=Counter)
    _moment: float | None = None
    _timed_seconds: float = 0.0
    _timed_steps: int = 0

    def add(self, step: int, value: float, moment: float | None) -> int:
        """Take one point; return for how many steps it stands (0 for one repeated)."""
        stands_for = self._stands_for(step, moment)
        if stands_for == 0:
            self.repeated += 1
            return 0
        self._time(step, moment)
        if moment is not None:
            known = [item for item in (self.first_moment, moment) if item is not None]
            self.first_moment = min(known)
            known = [item for item in (self.last_moment, moment) if item is not None]
            self.last_moment = max(known)
        if self.points:
            self._follow(step, value)
        if not self.points:
            self.first_step, self.first_value = step, value
        self.points += 1
        self.integral += value * stands_for
        self.total += value
        self.least, self.greatest = min(self.least, value), max(self.greatest, value)
        self.last_step, self.last_value = step, value
        return stands_for

    @property
    def gap(self) -> int:
        """Steps from one point to the next, as they mostly are; at least 1."""
        return max(self._gaps, key=lambda gap: (self._gaps[gap], -gap), default=1)

    @property
    def starts_late(self) -> bool:
        """Whether steps were taken before the first point that the files do not show."""
        return self.first_step > max(self.gap, 1)

    @property
    def steps(self) -> int:
        """Steps of the work that was kept, from the first of the run."""
        counts_from_zero = self.first_step == 0 and self.gap == 1
        return self.last_step + 1 if counts_from_zero else self.last_step

    def lost(self) -> tuple[int, int, int]:
        """Return the steps taken twice: at least, likely, at most.

        Points stand `gap` steps apart. The checkpoint lies between the point after which work went
        on and the one before, and the crash between the last point and the next that never came.
        """
        gap = self.gap
        low = sum(max(turn.reached - turn.again + 1, 0) for turn in self.turns)
        best = sum(max(turn.reached - max(turn.again - gap, 0), 0) for turn in self.turns)
        return min(low, best), best, best + len(self.turns) * (gap - 1)

    @property
    def is_counter(self) -> bool:
        """Whether the values only rise, but for a few restarts."""
        return self.restarts <= max(3, self.rises // 4)

    def _follow(self, step: int, value: float) -> None:
        """Notice a counter that starts again from nothing, on its way or where steps turn back."""
        if step > self.last_step:
            if value < self.last_value:
                self.restarts += 1
                self.carried += self.last_value
            elif value > self.last_value:
                self.rises += 1
        elif self.last_step and value < self.last_value * step / self.last_step / 2:
            # where steps turn back, a counter falls with them, and not by more than half as much
            self.restarts += 1
            self.carried += self.last_value * max(step - self.gap, 0) / self.last_step

    def _stands_for(self, step: int, moment: float | None) -> int:
        if not self.points:
            return max(step, 1)
        gap = step - self.last_step
        if gap > 0:
            if len(self._gaps) < _MOST_GAPS or gap in self._gaps:
                self._gaps[gap] += 1
            return gap
        if gap == 0 and not self._was_taken_again(moment):
            return 0
        self.turns_in_all += 1
        if len(self.turns) < _MOST_TURNS:
            self.turns.append(Turn(self.last_step, step))
        return min(self.gap, max(step, 1))

    def _was_taken_again(self, moment: float | None) -> bool:
        """Whether a point at the same step came so much later that the step was worked out anew."""
        if moment is None or self._moment is None or not self._timed_steps:
            return False
        usual = self._timed_seconds / self._timed_steps * self.gap
        return usual > 0 and moment - self._moment > usual / 2

    def _time(self, step: int, moment: float | None) -> None:
        if moment is not None and self._moment is not None:
            seconds = moment - self._moment
            if step > self.last_step and 0 < seconds < 1e9:
                self._timed_seconds += seconds
                self._timed_steps += step - self.last_step
        self._moment = moment


def as_moment(seconds: float | None) -> datetime | None:
    """Return seconds since 1970 as a moment; None when they are none that a file could hold."""
    if seconds is None or not 0 < seconds < 32_503_680_000:  # the year 3000
        return None
    return datetime.fromtimestamp(seconds, UTC)
