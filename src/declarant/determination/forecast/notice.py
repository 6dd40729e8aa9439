"""By when notice is due because a limit is passed, or will be: by each regime's own clocks.

Only a clock that the regime's data ties to the activity (`about`) is started by a limit; where none
is, nothing is due on crossing, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from declarant.compute.forecast import Crossing, Open, When
from declarant.determination.citing import cite
from declarant.determination.forecast.sums import AskedSum
from declarant.determination.forecast.totals import Drawn
from declarant.law import Due, Quarter, Regime, due
from declarant.law.clock_rules import Clock
from declarant.problems import BadInput
from declarant.quantities import Comparison
from declarant.register.facts import Facts, FilingKind, RunStatus


@dataclass(frozen=True, slots=True)
class Notice:
    """One date by which notice is due.

    Attributes:
        duty: the clock's id in the regime.
        title: what it is called.
        due: the last day; None when the day that starts the clock is not known.
        because: what starts it, or why there is no date.
        worked_out: the steps to the date.
        citation: of the clock.
        quarter: for a quarterly notification.
        sent: for a quarterly notification: the day on which the first one for that quarter or a
            later one was sent; None when none was.
        certain: False when only the upper bound of the operations passes the limit.
    """

    duty: str
    title: str
    due: date | None
    because: str
    worked_out: tuple[str, ...]
    citation: str
    quarter: str | None = None
    sent: date | None = None
    certain: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "duty": self.duty,
            "title": self.title,
            "due": self.due.isoformat() if self.due else None,
            "because": self.because,
            "worked_out": list(self.worked_out),
            "citation": self.citation,
            "quarter": self.quarter,
            "sent": self.sent.isoformat() if self.sent else None,
            "certain": self.certain,
        }


@dataclass(frozen=True, slots=True)
class _Passing:
    """The day to go by, whether it comes for certain, and what says so."""

    day: When
    certain: bool
    because: str


def notices_of(
    asked: AskedSum,
    crossing: Crossing,
    drawn: Drawn | None,
    facts: Facts,
    covered: bool | None,
    as_of: date,
) -> tuple[tuple[Notice, ...], str]:
    """Return what is due because the sum passes its limit, or why nothing is.

    The day to go by is the likely one of the plan, or the one by which half of the drawn paths
    pass, whichever comes first; the plan's earliest where neither passes.
    """
    if covered is False:
        return (), "The register says that the person is not covered."
    passing = _passing(crossing, drawn)
    if passing is None:
        return (), "The limit is not passed by anything done or planned."
    clocks = [clock for clock in asked.law.clocks if asked.activity.id in clock.about]
    if not clocks:
        return (), "The law at hand ties no notice to this limit being passed."
    notices: list[Notice] = []
    for clock in clocks:
        if clock.no_number:
            notices.append(_undated(clock, clock.text.en))
        elif clock.quarterly:
            notices += _quarterly(asked, clock, passing, facts, as_of)
        elif clock.before_event:
            notices += _before_the_run(asked, clock, passing)
        else:
            notices += _after_crossing(asked, clock, passing, as_of)
    return tuple(notices), ""


def _passing(crossing: Crossing, drawn: Drawn | None) -> _Passing | None:
    certain = crossing.at_end is Comparison.ABOVE
    planned, half = crossing.likely, _half(drawn)
    if isinstance(half, date) and not (isinstance(planned, date) and planned <= half):
        return _Passing(half, certain, f"half of the paths pass the limit by {half}")
    if isinstance(planned, date):
        verb = "is" if certain else "may be"
        return _Passing(planned, certain, f"the limit {verb} passed on {planned}")
    if crossing.at_end is Comparison.BELOW:
        return None
    return _Passing(crossing.earliest, False, f"the limit may be passed on {crossing.earliest}")


def _half(drawn: Drawn | None) -> When:
    chances = None if drawn is None else drawn.best or drawn.low
    return Open.UNKNOWN if chances is None else chances.quantile(0.5)


def _quarterly(
    asked: AskedSum, clock: Clock, passing: _Passing, facts: Facts, as_of: date
) -> Iterator[Notice]:
    """Yield the notification whose look-ahead first holds the crossing, or the run's start.

    The start matters under the cautious reading that who conducts a run which will pass the limit
    is engaged in it already. A date of it that has passed is told only while nothing was sent
    since: when the run was first planned the register does not say.
    """
    day = passing.day
    told: set[str] = set()
    starts = [run.start for run in asked.runs if run.start is not None and not run.has_ended]
    reasons = [(day, passing.because)]
    if starts and asked.choices.get("extent") == "planned_total":
        start = max(starts)
        reasons.append((start, f"the run that passes it starts on {start}, and counts as a whole"))
    for moment, because in reasons:
        if not isinstance(moment, date):
            yield _undated(clock, "The day on which the limit is passed is not known.")
            continue
        try:
            quarter = first_quarter_holding(asked.law, moment)
        except BadInput as error:
            yield _undated(clock, _told(error))
            continue
        found = _due(asked.law, clock, quarter.notification_due)
        if isinstance(found, Notice):
            yield found
            continue
        if str(quarter) in told:
            continue
        sent = [
            filing.sent
            for filing in facts.filings
            if filing.kind is FilingKind.NOTIFICATION and filing.quarter >= str(quarter)
        ]
        if sent and moment != day and found.due < as_of:
            continue
        told.add(str(quarter))
        yield Notice(
            clock.id,
            clock.title.en,
            found.due,
            f"{because}; the look-ahead of {quarter}, until {quarter.window_end}, is the first to "
            "hold that day",
            tuple(step.en for step in found.worked_out),
            cite(clock.citation),
            str(quarter),
            min(sent, default=None),
            passing.certain,
        )


def first_quarter_holding(law: Regime, day: date) -> Quarter:
    """Return the first quarter whose notification looks ahead far enough to hold `day`.

    Raises:
        BadInput: when the law at hand has no quarterly date for those days.
    """
    quarter = Quarter.of(day, law)
    while quarter.window_end < day:
        quarter = quarter.next()
    while True:
        try:
            before = quarter.previous()
            if before.window_end < day:
                return quarter
        except BadInput:  # the quarters of the law begin here
            return quarter
        quarter = before


def _before_the_run(asked: AskedSum, clock: Clock, passing: _Passing) -> Iterator[Notice]:
    """Yield the day before each run of the sum that is still to start, or is under way."""
    for run in asked.runs:
        if run.has_ended:
            continue
        if run.start is None:
            yield _undated(clock, f"The start of {run.name} is not known.")
            continue
        found = _due(asked.law, clock, run.start)
        if isinstance(found, Notice):
            yield found
            continue
        begun = " (it has begun)" if run.status is RunStatus.IN_PROGRESS else ""
        yield Notice(
            clock.id,
            clock.title.en,
            found.due,
            f"{run.name} starts on {run.start}{begun}",
            tuple(step.en for step in found.worked_out),
            cite(clock.citation),
            certain=passing.certain,
        )


def _after_crossing(
    asked: AskedSum, clock: Clock, passing: _Passing, as_of: date
) -> Iterator[Notice]:
    """Yield the period after the crossing, and after today when it is known that it will come."""
    day = passing.day
    reasons: list[tuple[When, str]] = [(day, passing.because)]
    if passing.certain and isinstance(day, date) and day > as_of:
        reasons.append((as_of, f"it is known by {as_of} that the plan passes the limit"))
    for moment, because in reasons:
        if not isinstance(moment, date):
            yield _undated(clock, "The day on which the limit is passed is not known.")
            continue
        found = _due(asked.law, clock, moment)
        if isinstance(found, Notice):
            yield found
            continue
        yield Notice(
            clock.id,
            clock.title.en,
            found.due,
            because,
            tuple(step.en for step in found.worked_out),
            cite(clock.citation),
            certain=passing.certain,
        )


def _due(law: Regime, clock: Clock, moment: date) -> Due | Notice:
    """Return when a clock started on a day ends; a notice without a date where the law has none."""
    try:
        return due(law, clock.id, moment)
    except BadInput as error:
        return _undated(clock, _told(error))


def _told(error: BadInput) -> str:
    return " ".join(finding.what for finding in error.findings)


def _undated(clock: Clock, why: str) -> Notice:
    return Notice(clock.id, clock.title.en, None, why, (), cite(clock.citation), certain=False)
