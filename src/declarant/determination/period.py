"""When an activity counts: engaged in during the period reported on, or planned in the look-ahead.

89 FR 73616 asks for activities a person "engages in, or plans, within six months, to engage in". An
activity counts as engaged in when it went on at any time from the first day of the period to the
day of evaluation, so that what began and ended inside one quarter is not lost between two reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from declarant.determination.verdict import CoverageVerdict, Reason
from declarant.law import Activity, Regime
from declarant.register.facts import Facts, RunStatus, TrainingRun


@dataclass(frozen=True, slots=True)
class Period:
    """The days that matter.

    `start` of the period reported on, `as_of` the day of evaluation, `until` the last day of the
    look-ahead, `law_as_of` the day whose law is applied.
    """

    start: date
    as_of: date
    until: date
    law_as_of: date
    citation: str


@dataclass(frozen=True, slots=True)
class Case:
    """What one activity of the law is asked about, whichever run or cluster is looked at."""

    facts: Facts
    law: Regime
    activity: Activity
    coverage: CoverageVerdict
    period: Period


def calendar_quarter_start(day: date) -> date:
    """Return the first day of the calendar quarter that holds `day`."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


@dataclass(frozen=True, slots=True)
class When:
    """Where an activity lies; `counts` is None when unknown, `word` as in `ActivityVerdict`."""

    counts: bool | None
    word: str
    why: Reason


def when_of_run(run: TrainingRun, period: Period) -> When:
    """Return whether a training run is engaged in or planned within the period."""
    if run.status is RunStatus.PLANNED:
        return _planned(run.name, run.start, period)
    if run.status is RunStatus.IN_PROGRESS:
        return _when(True, "current", f"{run.name} is in progress on {period.as_of}.", period)
    word = run.status.value
    if run.end is None:
        return _when(
            None, "unknown", f"{run.name} is {word}, but on which day is not known.", period
        )
    if run.end >= period.start:
        return _when(
            True,
            "current",
            f"{run.name} went on until {run.end}, inside the period from {period.start}.",
            period,
        )
    return _when(
        False,
        "outside",
        f"{run.name} was {word} on {run.end}, before the period from {period.start}.",
        period,
    )


def _planned(name: str, start: date | None, period: Period) -> When:
    if start is None:
        return _when(None, "unknown", f"{name} is planned, but its start is not known.", period)
    if start <= period.until:
        return _when(True, "planned", f"{name} is planned from {start}, by {period.until}.", period)
    return _when(False, "outside", f"{name} is planned from {start}, after {period.until}.", period)


def _when(counts: bool | None, word: str, text: str, period: Period) -> When:
    return When(counts, word, Reason(text, period.citation))
