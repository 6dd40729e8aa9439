"""When a duty falls due, and how that was worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from declarant.law import steps
from declarant.law.clock_rules import Clock
from declarant.law.consistency import ROLLS
from declarant.law.dated import value_on
from declarant.law.holidays import why_closed
from declarant.law.quarters import Quarter, months_after, out_of_calendar
from declarant.law.regime import Regime, unknown
from declarant.law.text import Citation, Text
from declarant.problems import bad_input

NO_ROLL, NEXT_BUSINESS_DAY = ROLLS
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty falls due under one reading.

    Attributes:
        start: the local date of the event that starts the clock.
        due: the last day on which the duty can be met, local.
        worked_out: the steps from start to due, in order.
        roll: the reading of weekends and holidays under which this holds.
        moment: the exact end of a clock that runs by hours, with its offset; else None.
        quarter: the quarter a quarterly duty belongs to; else None.
        window_end: the last day a notification looks ahead to; else None.
    """

    duty: str
    start: date
    due: date
    worked_out: tuple[Text, ...]
    roll: str
    citation: Citation
    moment: datetime | None = None
    quarter: Quarter | None = None
    window_end: date | None = None


def due(regime: Regime, duty: str, start: date | datetime, *, roll: str | None = None) -> Due:
    """Return when `duty` falls due, with the law of the start day.

    A period counts from the day after the event, in local days of the regime's zone: a moment
    (a datetime with a zone) is first turned into the local date there. A quarterly duty falls due
    on the first quarterly date that is not before `start`. `roll` is an option of the reading
    `roll`; None takes its default.

    Raises:
        BadInput: when duty or roll is unknown, the moment has no zone, the law holds no value for
            that day, the text sets no number, or the date lies beyond the calendar.
    """
    regime.clock(duty)  # an unknown duty is refused before anything else
    chosen = _chosen_roll(regime, roll)
    try:
        day, moment, told = _local(regime, start)
        clock = _clock_on(regime, duty, day)
        return _due(regime, clock, day, moment, (told,), chosen)
    except OverflowError:
        raise out_of_calendar(f"what follows from {start}") from None


def due_under_each_reading(regime: Regime, duty: str, start: date | datetime) -> tuple[Due, ...]:
    """Return `due` under every option of the reading `roll`, the default first."""
    return tuple(due(regime, duty, start, roll=option) for option in roll_options(regime))


def roll_options(regime: Regime) -> tuple[str, ...]:
    """Return the ids of the readings of weekends and holidays, the default first."""
    for dimension in regime.readings_of("clock"):
        return tuple(option.id for option in dimension.options)
    return (NO_ROLL,)


def _clock_on(regime: Regime, duty: str, day: date) -> Clock:
    versions = [clock for clock in regime.clocks if clock.id == duty]
    return value_on(versions, day, f"clock {duty!r}")


def _chosen_roll(regime: Regime, roll: str | None) -> str:
    known = roll_options(regime)
    if roll is not None and roll not in known:
        raise unknown("roll", roll, known)
    return roll or known[0]


def _local(regime: Regime, start: date | datetime) -> tuple[date, datetime | None, Text]:
    if not isinstance(start, datetime):
        return start, None, steps.taken_as_local(start, regime.zone)
    if start.utcoffset() is None:
        raise bad_input(
            "law.no_zone",
            f"{start.isoformat()} has no time zone, so its local date is not known.",
            mend="Add the offset, such as 2026-12-20T23:30-05:00, or give the local date.",
        )
    local = start.astimezone(regime.zone.info)
    return local.date(), local, steps.local_day(start, local, regime.zone)


def _due(
    regime: Regime,
    clock: Clock,
    day: date,
    moment: datetime | None,
    told: tuple[Text, ...],
    roll: str,
) -> Due:
    base = Due(clock.id, day, day, told, roll, clock.citation)
    if clock.no_number:
        raise bad_input(
            "law.no_number",
            f"the text sets no number for {clock.id!r}: {clock.text.en}",
            mend="No date can be computed; act without delay.",
        )
    if clock.within is not None:
        other = _clock_on(regime, clock.within, day)
        inner = _due(regime, other, day, moment, told, roll)
        shown = (*inner.worked_out, steps.within(other.title))
        return replace(inner, duty=clock.id, worked_out=shown, citation=clock.citation)
    if clock.before_event:
        last = day - _DAY
        return replace(base, due=last, worked_out=(*told, steps.before(clock.event, day, last)))
    if clock.period:
        return _after_period(regime, clock, base, moment)
    return _quarterly(regime, clock, base)


def _after_period(regime: Regime, clock: Clock, base: Due, moment: datetime | None) -> Due:
    day = base.start
    number, unit = clock.period_on(day).length
    told = (*base.worked_out, steps.started(clock.event, day))
    if unit == "hours":
        if moment is None:
            moment = datetime.combine(day, time.min, regime.zone.info)
            told = (*told, steps.no_hour_given(day))
        # hours are counted in UTC, where no hour is skipped or repeated
        end = (moment.astimezone(UTC) + timedelta(hours=number)).astimezone(regime.zone.info)
        told = (*told, steps.hours(number, moment, end))
        return replace(base, due=end.date(), moment=end, worked_out=told)
    if unit == "months":
        last = months_after(day, number)
    else:
        last = day + timedelta(days=number if unit == "days" else 7 * number)
    told = (*told, steps.first_counted(day + _DAY), steps.period(number, unit, last))
    rolled, said = _rolled(regime, last, base.roll)
    return replace(base, due=rolled, worked_out=(*told, said))


def _quarterly(regime: Regime, clock: Clock, base: Due) -> Due:
    day = base.start
    quarter = Quarter.of(day, regime).previous()  # whose date can still lie ahead
    while not any(dates.holds_on(quarter.last_day) for dates in quarter.schedule):
        if quarter.first_day > day:  # the law at hand has no quarterly date for these days
            value_on(quarter.schedule, day, "quarterly date")
        quarter = quarter.next()
    while _rolled(regime, quarter.notification_due, base.roll)[0] < day:
        quarter = quarter.next()
    nominal = quarter.notification_due
    rolled, said = _rolled(regime, nominal, base.roll)
    told = [
        *base.worked_out,
        steps.quarterly_dates(quarter.dates),
        steps.first_quarterly(day, quarter, nominal),
        said,
    ]
    if clock.affirmations:
        told.append(steps.affirmation(value_on(clock.affirmations, day, "affirmations").value))
        return replace(base, due=rolled, worked_out=tuple(told), quarter=quarter)
    told.append(steps.window(quarter.dates.look_ahead_months, quarter.window_end))
    return replace(
        base,
        due=rolled,
        worked_out=tuple(told),
        quarter=quarter,
        window_end=quarter.window_end,
    )


def _rolled(regime: Regime, day: date, roll: str) -> tuple[date, Text]:
    """Return where a last day ends under a reading, and the sentence that says so."""
    if len(roll_options(regime)) == 1:
        return day, steps.no_roll_in_law()
    closed: list[tuple[date, Text]] = []
    while (why := why_closed(day, regime.holidays)) is not None:
        closed.append((day, why))
        if roll == NO_ROLL:
            return day, steps.stands(day, why)
        day += _DAY
    return day, steps.rolls(closed, day) if closed else steps.business_day(day)
