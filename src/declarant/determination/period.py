"""When an activity counts: engaged in during the period reported on, or planned in the look-ahead.

89 FR 73616 asks for activities a person "engages in, or plans, within six months, to engage in". An
activity counts as engaged in when it went on at any time from the first day of the period to the
day of evaluation, so that what began and ended inside one quarter is not lost between two reports.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from declarant.determination.verdict import CoverageVerdict, Reason
from declarant.law import Activity, Regime
from declarant.problems import Finding, Place
from declarant.register.facts import Facts, RunStatus, TrainingRun


@dataclass(frozen=True, slots=True)
class Period:
    """The days that matter.

    `start` of the period reported on, `as_of` the day of evaluation, `until` the last day of the
    look-ahead, `law_as_of` the day whose law is applied. `recurring` is False for a law without
    periodic reports: then what has been done stays done, and whether a plan counts is open.
    """

    start: date
    as_of: date
    until: date
    law_as_of: date
    citation: str
    recurring: bool = True


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
    findings: tuple[Finding, ...] = ()


def when_of_run(run: TrainingRun, period: Period) -> When:
    """Return whether a training run is engaged in or planned within the period.

    A run whose status says that it has begun, but whose start lies ahead, is treated as planned,
    and the contradiction is said.
    """
    if run.status is RunStatus.PLANNED:
        return _planned(run, period)
    if run.start is not None and period.until < run.start <= period.as_of:
        text = f"{run.name} began on {run.start}, after the period until {period.until}."
        return _when(False, "outside", text, period)
    if run.start is not None and run.start > period.as_of:
        return replace(_planned(run, period), findings=(_contradiction(run, run.start, period),))
    if run.status is RunStatus.IN_PROGRESS:
        return _when(True, "current", f"{run.name} is in progress on {period.as_of}.", period)
    word = run.status.value
    if not period.recurring:
        return _when(True, "current", f"{run.name} is {word}; what was done counts.", period)
    if run.end is None:
        return _when(
            None, "unknown", f"{run.name} is {word}, but on which day is not known.", period
        )
    if run.end >= period.start:
        text = f"{run.name} went on until {run.end}, inside the period from {period.start}."
        return _when(True, "current", text, period)
    text = f"{run.name} was {word} on {run.end}, before the period from {period.start}."
    return _when(False, "outside", text, period)


def _planned(run: TrainingRun, period: Period) -> When:
    name, start = run.name, run.start
    if start is None:
        return _when(None, "unknown", f"{name} is planned, but its start is not known.", period)
    if not period.recurring:
        text = f"{name} is planned from {start}; the law at hand names no look-ahead."
        return _when(None, "planned", text, period)
    if start <= period.until:
        return _when(True, "planned", f"{name} is planned from {start}, by {period.until}.", period)
    return _when(False, "outside", f"{name} is planned from {start}, after {period.until}.", period)


def _contradiction(run: TrainingRun, start: date, period: Period) -> Finding:
    return Finding(
        "determination.begins_later",
        f"{run.name} is {run.status.value}, but begins on {start}, after {period.as_of}.",
        Place(field=f"runs[{run.id}].start"),
        "Correct its status or its dates, or evaluate as of a later day.",
        effect="it is treated as planned",
    )


def _when(counts: bool | None, word: str, text: str, period: Period) -> When:
    return When(counts, word, Reason(text, period.citation))
