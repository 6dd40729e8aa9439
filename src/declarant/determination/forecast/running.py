"""What a run's own log says of its work to come: paths for each of its planned parts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from declarant.compute.forecast import Draw, History, Part, Schedule, history_of, simulate, spend
from declarant.compute.ledger import Segment, Share
from declarant.compute.progress import Progress
from declarant.determination.forecast.stretches import TRAINED
from declarant.problems import Finding, Place, Severity
from declarant.register.facts import TrainingRun

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Shares = tuple[NDArray[np.float64], NDArray[np.float64]]

SECONDS = 86_400
_SLOWEST = 2.5
"""Paths reach so many times as far as the planned work takes at the mean pace, and a month."""

_MONTH = 30
_LAST_YEAR = 9900
_OPEN = 2 * 366
_FURTHEST = 5 * 366
"""Days: how far a run without a planned end is followed, and any run at the most."""


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A run's work to come, by path and day.

    Attributes:
        run: whose.
        history: what its log shows.
        days: of which each end is a moment of the paths, from the last mark's day on (UTC).
        parts: by segment id, the share of it kept and the share lost, each of shape (paths, days).
        beyond: for a run that nothing is planned for, work kept and lost as a multiple of the work
            at the last mark; None for the others.
    """

    run: TrainingRun
    history: History
    days: tuple[date, ...]
    parts: dict[str, Shares]
    beyond: Shares | None

    def at(self, shares: NDArray[np.float64], days: tuple[date, ...]) -> NDArray[np.float64]:
        """Return shares on other days: 0 before the last mark, the last known ones after all."""
        import numpy as np

        index = np.array([(day - self.days[0]).days for day in days])
        held: NDArray[np.float64] = shares[:, np.clip(index, 0, len(self.days) - 1)]
        return np.where(index >= 0, held, 0.0)


def running(
    run: TrainingRun, segments: tuple[Segment, ...], progress: Progress | None, draw: Draw
) -> tuple[Running | None, tuple[Finding, ...]]:
    """Return the run's paths, or None with the reason when its log cannot give any.

    Args:
        run: not ended; one that has ended has no work to come.
        segments: its preferred segments.
        progress: how far its log says it was at moments.
        draw: how many paths, and the seed.
    """
    if run.has_ended or progress is None:
        return None, ()
    history = history_of(progress)
    if history is None:
        return None, (_unusable(run, "holds too few dated marks, or shows no work"),)
    planned = [
        segment
        for segment in segments
        if segment.share is Share.PLANNED and segment.purpose in TRAINED
    ]
    sizes = [_size(segment, run, segments, history) for segment in planned]
    if any(size is None for size in sizes):
        return None, (_unusable(run, f"counts {history.unit}s, and the plan does not"),)
    known = [float(size) for size in sizes if size is not None]
    schedule, then = Schedule(run.plan.devices), history.end.astimezone(UTC).date()
    if max(then, *(part.start or then for part in planned), then).year > _LAST_YEAR:
        return None, (_unusable(run, "or the plan ends with the calendar"),)
    usual = _usual_capacity(schedule, history, then)
    if usual == 0:
        return None, (_unusable(run, "falls into a planned stop"),)
    days = _days(run, planned, sum(known), history, schedule, usual)
    moments, capacity = _moments(history, days, schedule, usual)
    paths = simulate(history, moments, draw)
    if paths is None:
        shown = f"covers {_span(history.span)}, too little to foretell {len(days)} days"
        return None, (_unusable(run, shown),)
    if not planned:
        plan = [Part(max(float(history.position), 1.0) * 1e9)]  # more than any run will do
        kept, lost = spend(paths, capacity, plan)[0]
        beyond = (kept * 1e9, lost * 1e9)
        return Running(run, history, days, {}, beyond), tuple(_told(run, history))
    parts = [
        Part(size, _not_before(segment, days)) for segment, size in zip(planned, known, strict=True)
    ]
    shares = spend(paths, capacity, parts)
    held = {segment.id: share for segment, share in zip(planned, shares, strict=True)}
    return Running(run, history, days, held, None), tuple(_told(run, history))


def _size(
    segment: Segment, run: TrainingRun, segments: tuple[Segment, ...], history: History
) -> Fraction | None:
    """Return planned work in the unit of the history; None when nothing leads there.

    Tokens lead to steps by those done so far; operations lead to either in the same way. The work
    done and the count of it are of the same logs: of the count that goes on, where the days tell
    which parts it counted, else of all.
    """
    tokens = dict(run.plan.tokens)
    size = tokens.get(segment.work)
    done = [item for item in segments if item.share is Share.DONE and item.purpose in TRAINED]
    if size and history.unit == "token":
        return size
    position, done = _counted(done, history)
    if position <= 0 or not done:
        return None
    if size and all(item.work in tokens for item in done):
        return size * position / sum(tokens[item.work] for item in done)
    best = [_best(item) for item in (segment, *done)]
    if None in best:
        return None
    known = [amount for amount in best if amount is not None]
    return known[0] * position / sum(known[1:]) if sum(known[1:]) else None


def _counted(done: list[Segment], history: History) -> tuple[int, list[Segment]]:
    """Return a count of work with the parts that it counted."""
    if history.began is None:
        return history.counted, done
    before, first = (moment.astimezone(UTC).date() for moment in history.began)
    own = [item for item in done if item.start is not None and item.start >= before]
    other = [item for item in done if item.end is not None and item.end <= first]
    if own and not any(item in own for item in other) and len(own) + len(other) == len(done):
        return history.position, own
    return history.counted, done


def _best(segment: Segment) -> Fraction | None:
    amount = segment.model_operations or segment.executed_operations
    return None if amount is None or not amount.best else amount.best


def _usual_capacity(schedule: Schedule, history: History, last: date) -> Fraction:
    """Return the mean capacity of the days that the history covers."""
    first = last - timedelta(days=int(history.span // SECONDS))
    return schedule.days(first, last) / ((last - first).days + 1)


def _days(
    run: TrainingRun,
    planned: list[Segment],
    size: float,
    history: History,
    schedule: Schedule,
    usual: Fraction,
) -> tuple[date, ...]:
    first = history.end.astimezone(UTC).date()
    latest = max((part.start for part in planned if part.start is not None), default=first)
    if planned:
        alone = Fraction(math.ceil(_SLOWEST * size / history.pace / SECONDS)) * usual
        after = max(first, latest)
        end = schedule.day_after(after, alone, _FURTHEST) or after + timedelta(days=_FURTHEST)
        last = end + timedelta(days=_MONTH)
    else:
        last = run.end or first + timedelta(days=_OPEN)
    number = min(max((last - first).days, 0), _FURTHEST) + 1
    return tuple(first + timedelta(days=index) for index in range(number))


def _moments(
    history: History, days: tuple[date, ...], schedule: Schedule, usual: Fraction
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the days in seconds after the last mark, and their capacity."""
    import numpy as np

    midnight = datetime.combine(days[0] + timedelta(days=1), time.min, UTC)
    first = (midnight - history.end).total_seconds()
    moments = first + SECONDS * np.arange(len(days), dtype=np.float64)
    capacity = np.array([float(schedule.capacity(day) / usual) for day in days])
    return moments, capacity


def _not_before(segment: Segment, days: tuple[date, ...]) -> int:
    """Return the index of the day a part begins; 0 for one that goes on where the log ends."""
    if segment.start is None:
        return 0
    ahead = (segment.start - days[0]).days
    return ahead if ahead > 1 else 0


def _told(run: TrainingRun, history: History) -> Iterator[Finding]:
    seen = history.interruptions
    pace = f"{history.pace * SECONDS:.3g}".replace("e+", "e")
    yield Finding(
        "forecast.history",
        f"the log of {run.name} covers {_span(history.span)} until "
        f"{history.end.astimezone(UTC).date()}, at {pace} "
        f"{history.unit}s a day; interruptions: {seen.count}, with work rolled back: "
        f"{seen.rollbacks}{_turned(history)}.",
        Place(field=f"runs[{run.id}]"),
        severity=Severity.NOTE,
        effect=f"interruptions took {seen.share_of_time:.1%} of the time; {seen.lost_share:.1%} "
        "of the work was rolled back",
    )


def _turned(history: History) -> str:
    """Say what was taken for a new count, and what for work rolled back, where a count fell."""
    if not history.anew:
        return ""
    times = "once" if history.anew == 1 else f"{history.anew} times"
    return f". The count fell to its beginning {times}: taken as begun anew, not as rolled back"


def _unusable(run: TrainingRun, why: str) -> Finding:
    return Finding(
        "forecast.history_unusable",
        f"the log of {run.name} {why}.",
        Place(field=f"runs[{run.id}]"),
        "Give a longer log with a moment on its lines, and the tokens of every part.",
        effect="the forecast rests on the plan alone; no chances are given",
    )


def _span(seconds: float) -> str:
    if seconds >= 2 * SECONDS:
        return f"{seconds / SECONDS:.0f} days"
    return f"{seconds / 3600:.0f} hours" if seconds >= 7200 else f"{seconds / 60:.0f} minutes"
