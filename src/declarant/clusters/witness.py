"""Why a set hangs together: a few of its machines, and links that lead from one to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.assessment import Witness, WitnessLink
from declarant.clusters.reading import Reading
from declarant.clusters.strands import UNBOUNDED, Strands
from declarant.clusters.survey import Survey

MOST_MACHINES = 8
MOST_PATHS = 3
MOST_RINGS = 12  # links on a path that people will still follow
RINGS_OF_A_FABRIC = 4  # machine, leaf, spine, leaf, machine: far enough where machines were met


def witness(survey: Survey, reading: Reading) -> Witness | None:
    """Return a witness of the largest set under `reading`; None when no two machines are joined.

    The links lead from its first machine to some others, nearest first: all of them are links
    between members of the set.
    """
    census = survey.census(reading)
    found = survey.largest(reading)
    if found.number < 0:
        return None
    members = np.unique(census.known.member[census.known.set_of == found.number])
    if len(members) < 2:
        return None
    made = survey.strands(reading)
    inside = census.known.labels == found.number
    within = np.flatnonzero(inside[made.low] & inside[made.high])
    start = int(np.flatnonzero(inside & (made.machine_of == members[0]))[0])
    steps = _steps_from(made, within, start)
    reached = np.flatnonzero((steps >= 0) & (made.machine_of >= 0))
    chosen = _spread_out(reached, MOST_PATHS)
    rows: dict[int, None] = {}
    for vertex in chosen:
        rows.update(dict.fromkeys(_path(made, steps, start, int(vertex))))
    name = survey.fabric.group.name
    return Witness(
        tuple(name(int(member)) for member in members[:MOST_MACHINES]),
        len(members),
        tuple(_link(survey, made, row) for row in rows),
        len(within),
    )


def _steps_from(made: Strands, within: NDArray[np.int64], start: int) -> NDArray[np.int64]:
    """Return, for each vertex, the row of the strand by which it is first reached; -1 not at all.

    Breadth first, a whole ring of vertices at a time, until some machines are met.
    """
    step = np.full(made.vertices, -1, np.int64)
    seen = np.zeros(made.vertices, np.bool_)
    seen[start] = True
    rows = within
    for ring in range(MOST_RINGS):
        if ring >= RINGS_OF_A_FABRIC and (step[made.machine_of >= 0] >= 0).sum() >= MOST_PATHS:
            break
        low, high = seen[made.low[rows]], seen[made.high[rows]]
        crossing = rows[low != high]
        if not len(crossing):
            break
        new = np.where(seen[made.low[crossing]], made.high[crossing], made.low[crossing])
        step[new] = crossing
        seen[new] = True
        rows = rows[~(low & high)]
    return step


def _spread_out(reached: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    picked = np.linspace(0, len(reached) - 1, min(most, len(reached))).astype(np.int64)
    return reached[picked]


def _path(made: Strands, steps: NDArray[np.int64], start: int, vertex: int) -> list[int]:
    rows = []
    while vertex != start:
        row = int(steps[vertex])
        rows.append(row)
        vertex = int(made.low[row] + made.high[row] - vertex)
    return rows[::-1]


def _link(survey: Survey, made: Strands, row: int) -> WitnessLink:
    group = survey.fabric.group

    def name(vertex: int) -> str:
        machine = int(made.machine_of[vertex])
        return group.name(machine if machine >= 0 else vertex)

    fastest, total = int(made.fastest[row]), int(made.total[row])
    known = 0 < fastest < UNBOUNDED
    return WitnessLink(
        name(int(made.low[row])),
        name(int(made.high[row])),
        fastest if known else None,
        -(-total // fastest) if known else 1,
    )
