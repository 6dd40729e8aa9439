"""The verdict for every limit on link speed: at which speed it turns."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from declarant.clusters.assessment import ReadingResult, SpeedStep
from declarant.clusters.reading import Reading
from declarant.clusters.strands import UNBOUNDED
from declarant.clusters.survey import Survey

MOST_STEPS = 16


def speed_steps(survey: Survey, reading: Reading) -> tuple[SpeedStep, ...]:
    """Return the largest set under `reading` for every limit on links, slowest limit first.

    Sets change only where the limit reaches the weight of an edge of the forest. Where there are
    many such weights, all at which the verdict turns are kept and of the others some: a step then
    says what holds at its slower end.
    """
    survey.span(reading)
    breaks = _breaks(survey, reading)
    begins = [0, *breaks]  # for a limit from begins[k] on, the sets are those at begins[k]
    results: dict[int, ReadingResult] = {}

    def at(k: int) -> ReadingResult:
        if k not in results:
            results[k] = survey.result(reading, begins[k])
        return results[k]

    sampled = np.linspace(0, len(begins) - 1, min(len(begins), MOST_STEPS)).astype(int).tolist()
    for first, last in pairwise(sampled):
        # a higher limit never joins more, so each turn between two steps is found by halving
        turn = first
        while at(turn).comparison is not at(last).comparison:
            turn = _first_different(turn, last, at)
    return _steps(begins, results) if len(begins) > 1 else _steps(begins, {0: at(0)})


def _first_different(low: int, high: int, at: Callable[[int], ReadingResult]) -> int:
    """Return the first step after `low` on which another verdict holds; `high` is one such."""
    before = at(low).comparison
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at(middle).comparison is before else (low, middle)
    return high


def _breaks(survey: Survey, reading: Reading) -> list[int]:
    """Return the weights that matter to machines, each once, ascending."""
    weights = []
    machines = len(survey.fabric.group.machines)
    for possible in (False, True) if survey.has_unknown(reading) else (False,):
        reach = survey.strands(reading, possible=possible).reach[:machines].max(initial=0)
        weight = survey.forest(reading, possible=possible).weight
        # above the reach of every machine nothing joins one; unknown speeds are no break
        weights.append(weight[(weight > 0) & (weight <= reach) & (weight < UNBOUNDED)])
    every: list[int] = np.unique(np.concatenate(weights)).tolist()
    return every


def _steps(begins: list[int], results: dict[int, ReadingResult]) -> tuple[SpeedStep, ...]:
    """Join neighbouring steps on which the same holds."""
    steps: list[SpeedStep] = []
    for k in sorted(results):
        found = results[k]
        step = SpeedStep(begins[k], None, found.machines, found.peak, found.comparison)
        if steps:
            before = steps[-1]
            same = (before.machines, before.peak) == (step.machines, step.peak)
            if same:
                continue
            steps[-1] = SpeedStep(
                before.above, step.above, before.machines, before.peak, before.comparison
            )
        steps.append(step)
    return tuple(steps)
