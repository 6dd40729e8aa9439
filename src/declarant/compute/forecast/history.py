"""What a run did between its marks: time, work kept and work lost, interval by interval.

An interval holds whatever happened in it, so that an interruption is an interval with much time and
little work, and a rollback one whose work is negative. Nothing has to be told apart for a forecast;
`Interruptions` counts them for people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from declarant.compute.progress import Mark, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 8
"""Intervals below which nothing is learnt from a log."""

_NEARLY_ALL = 0.9
_BEGINNING = 0.05, 2
"""Share of the count reached, and usual intervals, up to which a count stands at its beginning."""

_SLOW = 5.0
"""An interval this many times as long as its work usually takes holds an interruption."""


@dataclass(frozen=True, slots=True)
class Interruptions:
    """What kept a run from its work.

    Attributes:
        count: intervals that took far longer than their work usually takes, or went back.
        rollbacks: those that went back.
        share_of_time: time beyond the usual, of the whole time recorded, 0 to 1.
        lost_share: work done again after a rollback, of all work done, 0 to 1.
    """

    count: int
    rollbacks: int
    share_of_time: float
    lost_share: float


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Intervals between marks, in order of time, the start-up left out.

    Attributes:
        seconds: shape (n,), length of each, above 0.
        kept: shape (n,), work at its end less work at its beginning; negative when rolled back.
        lost: shape (n,), work undone in it, 0 or more.
        end: the last mark's moment.
        unit: what work is counted in, "token" or "step".
        position: the work counted at the last mark.
        counted: the work counted at the end of every count, added; above `position` where the
            count began anew.
        anew: how often it did.
        began: the last mark before the count that `position` belongs to, and its first mark (both
            the first mark where no other count went before); None when work was counted before
            the first mark.
    """

    seconds: NDArray[np.float64]
    kept: NDArray[np.float64]
    lost: NDArray[np.float64]
    end: datetime
    unit: str
    position: int
    counted: int
    anew: int
    began: tuple[datetime, datetime] | None

    @property
    def span(self) -> float:
        """Seconds that the intervals cover."""
        return float(self.seconds.sum())

    @property
    def pace(self) -> float:
        """Work kept by second, over the whole span."""
        return float(self.kept.sum()) / self.span

    @property
    def interruptions(self) -> Interruptions:
        """What kept the run from its work, seen from its median pace."""
        import numpy as np

        usual = float(np.median(self.kept / self.seconds))
        rolled = self.lost > 0
        if usual <= 0:
            return Interruptions(int(rolled.sum()), int(rolled.sum()), 1.0, 1.0)
        expected = np.maximum(self.kept + self.lost, 0) / usual
        slow = self.seconds > _SLOW * np.maximum(expected, float(np.median(self.seconds)) / _SLOW)
        idle = np.where(slow | rolled, np.maximum(self.seconds - expected, 0), 0)
        done = float(np.maximum(self.kept + self.lost, 0).sum())
        return Interruptions(
            int((slow | rolled).sum()),
            int(rolled.sum()),
            float(idle.sum()) / self.span,
            float(self.lost.sum()) / done if done else 0.0,
        )

    def joined(self, most: int) -> History:
        """Return the history in at most `most` intervals, neighbours joined in even groups."""
        import numpy as np

        number = len(self.seconds)
        if number <= most:
            return self
        edges = np.unique(np.linspace(0, number, most + 1).astype(int))[:-1]
        return replace(
            self,
            seconds=np.add.reduceat(self.seconds, edges),
            kept=np.add.reduceat(self.kept, edges),
            lost=np.add.reduceat(self.lost, edges),
        )


def history_of(progress: Progress | None) -> History | None:
    """Return the history in a run's marks; None when they are too few, or show no work.

    Work is counted in tokens where nearly every mark has them (the others are left out), else in
    steps. Marks of one moment are one, the latest. The first interval is left out: it holds
    compilation, filling caches and warming up, which come once, while a restart's are inside the
    intervals after it. A count that falls to its beginning, or nearly, began anew (a converted
    checkpoint, another stage's log); the interval in which it did is left out, for it tells nothing
    about the work in it. Any other fall, however deep, is work rolled back.
    """
    import numpy as np

    if progress is None or not progress.marks:
        return None
    with_tokens = [mark for mark in progress.marks if mark.tokens is not None]
    by_token = len(with_tokens) >= _NEARLY_ALL * len(progress.marks)
    read = with_tokens if by_token else progress.marks
    marks = [
        mark
        for mark, after in zip(read, (*read[1:], None), strict=True)
        if after is None or after.moment > mark.moment
    ]
    if len(marks) < FEWEST + 2:
        return None
    work = np.array([mark.tokens if by_token else mark.step for mark in marks], dtype=np.float64)
    times = np.array([mark.moment.timestamp() for mark in marks])
    share, intervals = _BEGINNING
    usual = float(np.median(np.diff(work)))
    begins = work <= np.maximum(share * np.maximum.accumulate(work), intervals * max(usual, 0.0))
    turns = np.flatnonzero((work[1:] < work[:-1]) & begins[1:]) + 1  # first marks of new counts
    goes_on = ~np.isin(np.arange(1, len(work)), turns)[1:]
    kept = np.diff(work)[1:][goes_on]
    if len(kept) < FEWEST or kept.sum() <= 0:
        return None
    return History(
        np.diff(times)[1:][goes_on],
        kept,
        np.maximum(-kept, 0),
        marks[-1].moment,
        "token" if by_token else "step",
        int(work[-1]),
        int(work[-1] + work[turns - 1].sum()),
        len(turns),
        _began(marks, turns[-1] if len(turns) else 0, work[0] <= share * work.max()),
    )


def _began(marks: list[Mark], first: int, from_nothing: bool) -> tuple[datetime, datetime] | None:
    if first == 0 and not from_nothing:
        return None
    return marks[max(first - 1, 0)].moment, marks[first].moment
