"""When a run's operations pass an amount: from its plan exactly, from its history with chances.

`schedule` and `course` are the plan: exact, piecewise linear in days. `history`, `pace`,
`resampling` and `paths` are the chances: what the run did at moments is resampled, seeded.
`crossing` reads both the same way: the first day whose end finds the total above a limit.
"""

from declarant.compute.forecast.course import LONGEST, Course, Stretch
from declarant.compute.forecast.crossing import Bands, Chances, Crossing, Open, When, crossing_of
from declarant.compute.forecast.history import History, Interruptions, history_of
from declarant.compute.forecast.paths import Draw, Part, Paths, simulate, spend
from declarant.compute.forecast.schedule import Schedule

__all__ = [
    "LONGEST",
    "Bands",
    "Chances",
    "Course",
    "Crossing",
    "Draw",
    "History",
    "Interruptions",
    "Open",
    "Part",
    "Paths",
    "Schedule",
    "Stretch",
    "When",
    "crossing_of",
    "history_of",
    "simulate",
    "spend",
]
