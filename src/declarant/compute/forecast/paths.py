"""Paths of work to come, drawn from a run's history; and what a plan's parts get of them.

The same seed gives the same paths. A path is made of intervals of the history, time and work
together, in blocks (a renewal-reward process whose rewards are resampled). What is not known of
the pace itself is in it too: each path goes at a level of its own, which stays where the pace is
steady and wanders where it drifts. Leaving that out makes bands too narrow: L. Pascual, J. Romo and
E. Ruiz, "Bootstrap predictive inference for ARIMA processes", Journal of Time Series Analysis 25
(2004), 449-465.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from declarant.compute.forecast.history import FEWEST, History
from declarant.compute.forecast.pace import Pace, pace_of
from declarant.compute.forecast.resampling import block_length, draw_indices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_INTERVALS = 256
MOST_DRAWN = 2048
"""Intervals of a history, and of a path; neighbours are joined until both hold."""

_RECENT = 0.5
"""Of a history: a steady pace is held to be as uncertain as one learnt from so much of it, since
machines and software do not stay what they were. With 1, bands of 80 of 100 paths held 74 of 100
truths on made-up runs with clustered crashes; with this, 78."""

_AT_ONCE = 250  # paths; bounds the memory, and belongs to the sequence of draws
_MARGIN = 1.3


@dataclass(frozen=True, slots=True)
class Draw:
    """How paths are drawn: how many, from which seed (any whole numbers, 0 or more)."""

    paths: int = 2000
    seed: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Work since the last mark, by path and moment.

    Attributes:
        kept: shape (paths, moments), in the history's unit; never below 0.
        lost: the same shape, work rolled back since the last mark.
    """

    kept: NDArray[np.float64]
    lost: NDArray[np.float64]


def simulate(history: History, moments: NDArray[np.float64], draw: Draw) -> Paths | None:
    """Return paths of the work to come.

    Args:
        history: what the run did.
        moments: shape (m,), seconds after the last mark, ascending.
        draw: how many paths, and the seed.

    Returns:
        None when the history is too short for the last of the moments.
    """
    import numpy as np

    reach = float(moments[-1]) if len(moments) else 0.0
    most = min(MOST_INTERVALS, int(MOST_DRAWN / _MARGIN * history.span / max(reach, 1e-9)))
    if most < FEWEST:
        return None
    joined = history.joined(most)
    pace = pace_of(joined)
    block = block_length(pace.surprises)
    length = math.ceil(reach / float(joined.seconds.mean()) * _MARGIN) + 10
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(draw.seed)))
    kept = np.empty((draw.paths, len(moments)))
    lost = np.empty_like(kept)
    for first in range(0, draw.paths, _AT_ONCE):
        rows = min(_AT_ONCE, draw.paths - first)
        time, work, undone = _drawn(joined, pace, generator, (rows, length, block))
        for row in range(rows):
            kept[first + row] = _read(moments, time[row], work[row])
            lost[first + row] = _read(moments, time[row], undone[row])
    return Paths(np.maximum(kept, 0), lost)


def _drawn(
    history: History, pace: Pace, generator: np.random.Generator, shape: tuple[int, int, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return cumulative seconds, kept and lost work of some paths."""
    import numpy as np

    rows, length, block = shape
    drawn = draw_indices(generator, rows, len(history.seconds), length, block)
    steady = pace.smoothing == 0
    follow = _steady if steady else _wandering
    work = follow(history, pace, generator, drawn, block)
    return np.cumsum(history.seconds[drawn], axis=1), work, np.cumsum(history.lost[drawn], axis=1)


def _steady(
    history: History,
    pace: Pace,
    generator: np.random.Generator,
    drawn: NDArray[np.intp],
    block: float,
) -> NDArray[np.float64]:
    """Return the work of paths whose mean pace is that of a resampled history of their own."""
    import numpy as np

    number = len(history.seconds)
    seen = max(1, round(number * _RECENT))
    own = draw_indices(generator, len(drawn), number, seen, block)
    level = history.kept[own].sum(axis=1) / history.seconds[own].sum(axis=1)
    seconds = history.seconds[drawn]
    work = history.kept[drawn] + (level - pace.level)[:, None] * seconds
    return np.cumsum(np.minimum(work, _best_pace(history) * seconds), axis=1)


def _best_pace(history: History) -> float:
    """Return the work by second that no interval of a path exceeds: the devices are the same."""
    return float((history.kept / history.seconds).max())


def _wandering(
    history: History,
    pace: Pace,
    generator: np.random.Generator,
    drawn: NDArray[np.intp],
    block: float,
) -> NDArray[np.float64]:
    import numpy as np

    rows, length = drawn.shape
    number, usual = len(history.seconds), float(history.seconds.mean())
    surprises = pace.surprises - pace.surprises.mean()
    # the level rests on some 1/smoothing surprises, and is as uncertain as their mean
    seen = min(number, math.ceil(1 / pace.smoothing))
    level = (
        pace.level
        + surprises[draw_indices(generator, rows, number, seen, block)].mean(axis=1) / usual
    )
    seconds, surprise, best = history.seconds[drawn], surprises[drawn], _best_pace(history)
    work = np.empty((rows, length))
    total = np.zeros(rows)
    for index in range(length):
        gained = level * seconds[:, index] + surprise[:, index]
        total = total + np.minimum(gained, best * seconds[:, index])
        work[:, index] = total
        level = np.maximum(level + pace.smoothing * surprise[:, index] / usual, 0)
    return work


def _read(
    moments: NDArray[np.float64], time: NDArray[np.float64], work: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the work at moments; beyond the last interval it goes on at the path's own mean."""
    import numpy as np

    inside: NDArray[np.float64] = np.interp(
        moments, np.concatenate([[0.0], time]), np.concatenate([[0.0], work])
    )
    beyond = moments > time[-1]
    if beyond.any():
        inside[beyond] = work[-1] * moments[beyond] / time[-1]
    return inside


@dataclass(frozen=True, slots=True)
class Part:
    """Planned work: its size in the history's unit, and where among the moments it may begin."""

    size: float
    not_before: int = 0


def spend(
    paths: Paths, capacity: NDArray[np.float64], parts: Sequence[Part]
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]:
    """Return the share done of each part, and the work lost in it as a share of it.

    Parts are done one after the other; a part's work ends with the part, so that a run whose plan
    is done stands still.

    Args:
        paths: work to come.
        capacity: shape (moments,), devices since the moment before, as a multiple of the history's.
        parts: the plan, in order.

    Returns:
        For each part (kept, lost), each of shape (paths, moments); kept lies between 0 and 1.
    """
    import numpy as np

    work = np.cumsum(np.diff(paths.kept, axis=1, prepend=0.0) * capacity, axis=1)
    undone = np.cumsum(np.diff(paths.lost, axis=1, prepend=0.0) * capacity, axis=1)
    rows, moments = work.shape
    before = np.concatenate([np.zeros((rows, 1)), work], axis=1)
    lost_before = np.concatenate([np.zeros((rows, 1)), undone], axis=1)
    base, lost_base = np.zeros((rows, 1)), np.zeros((rows, 1))
    free_at = np.zeros(rows, dtype=np.intp)
    position = np.arange(moments)
    shares = []
    for part in parts:
        waits = free_at < part.not_before
        late = min(part.not_before, moments)
        base = np.where(waits[:, None], before[:, late : late + 1], base)
        lost_base = np.where(waits[:, None], lost_before[:, late : late + 1], lost_base)
        begins = np.maximum(free_at, part.not_before)
        open_to = position[None, :] >= begins[:, None]
        reached = open_to & (work - base >= part.size)
        done_at = np.where(reached.any(axis=1), reached.argmax(axis=1), moments)
        done = position[None, :] >= done_at[:, None]
        share = np.where(done, 1.0, np.where(open_to, (work - base) / part.size, 0.0))
        last = np.take_along_axis(lost_before, done_at[:, None], axis=1)
        lost = np.where(done, last, undone) - lost_base
        shares.append((np.clip(share, 0, 1), np.where(open_to, np.maximum(lost, 0), 0) / part.size))
        base = base + part.size
        lost_base = np.maximum(lost_base, last)
        free_at = done_at.astype(np.intp)
    return tuple(shares)
