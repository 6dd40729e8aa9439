"""Logs made for the forecaster's tests, and how often its bands hold what came after.

The generator is of another kind than the forecaster: crashes come after Weibull times (they
cluster), repairs take lognormal times, work goes back to the last checkpoint, and throughput
wanders about its mean. The forecaster knows none of that; it resamples what it sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from declarant.compute.forecast import Draw, history_of, simulate
from declarant.compute.progress import Mark, Progress

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400
QUANTILES = (0.1, 0.9)  # of the 80 % band


def steady(
    marks: int = 200, *, step: int = 10, minutes: int = 30, lost: Sequence[int] = (), back: int = 0
) -> Progress:
    """Return a run without a wobble; after the marks numbered in `lost` it goes `back` steps."""
    made, done = [], 0
    for number in range(marks):
        if number:
            done += -min(back, done) if number in lost else step
        made.append(Mark(BEGIN + timedelta(minutes=minutes * number), done, done * 1000))
    return Progress(tuple(made))


def crashing(seed: int, days: int = 120) -> Progress:
    """Return a run with crashes, repairs, rollbacks and wandering throughput."""
    generator = np.random.default_rng(seed)
    every, checkpoint_every = 1 / 48, 1 / 8
    now = steps = saved = saved_at = wander = 0.0
    up = generator.weibull(0.8) * 2.5
    marks = [Mark(BEGIN, 0)]
    while now < days:
        if up <= every:
            now += up + generator.lognormal(np.log(2.5 / 24), 0.9)
            steps, up = saved, generator.weibull(0.8) * 2.5
        else:
            wander = 0.97 * wander + generator.normal(0, 0.006)
            now, up = now + every, up - every
            steps += 100_000 * (1 + wander) * every
            if now - saved_at >= checkpoint_every:
                saved, saved_at = steps, now
        marks.append(Mark(BEGIN + timedelta(days=now), int(steps)))
    return Progress(tuple(marks))


def split(progress: Progress, share: float = 0.5) -> tuple[Progress, Progress]:
    """Return the marks up to a share of the time, and those held back."""
    begin, end = progress.marks[0].moment, progress.marks[-1].moment
    until = begin + (end - begin) * share
    return (
        Progress(tuple(mark for mark in progress.marks if mark.moment <= until)),
        Progress(tuple(mark for mark in progress.marks if mark.moment > until)),
    )


def windows(progress: Progress, fewest: int = 9) -> Iterator[tuple[Progress, Progress]]:
    """Yield every stretch of a log, of every even length, as a first half and a held-back half."""
    marks = progress.marks
    for half in range(fewest, (len(marks) - 1) // 2 + 1):
        for first in range(len(marks) - 2 * half):
            middle = first + half
            yield (
                Progress(marks[first : middle + 1]),
                Progress(marks[middle + 1 : middle + half + 1]),
            )


def held(known: Progress, held_back: Progress, seed: int, paths: int = 400) -> list[bool]:
    """Return whether the 80 % band holds the truth, at eight marks held back or fewer."""
    history = history_of(known)
    assert history is not None
    count = len(held_back.marks)
    chosen = np.unique(np.linspace(0, count - 1, min(count, 9)).astype(int))[1:]
    checked = [held_back.marks[index] for index in chosen]
    moments = np.array([(mark.moment - history.end).total_seconds() for mark in checked])
    drawn = simulate(history, moments, Draw(paths, (seed,)))
    assert drawn is not None
    work = [mark.tokens if history.unit == "token" else mark.step for mark in checked]
    truth = np.array(work, dtype=float) - history.position
    low, high = np.quantile(drawn.kept, QUANTILES, axis=0)
    return [bool(inside) for inside in (low <= truth) & (truth <= high)]
