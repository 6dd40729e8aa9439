"""How a rule sets its clocks: by a period, on quarterly dates, or by words without a number."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from declarant.law.dated import DatedNumber, Entry, Holding, Series, value_on
from declarant.law.text import Id, LawModel, Text

Unit = Literal["hours", "days", "weeks", "months"]


class Period(Holding):
    """A length of time, in exactly one unit. Days are calendar days."""

    hours: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    weeks: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        given = [self.hours, self.days, self.weeks, self.months]
        if sum(value is not None for value in given) != 1:
            raise ValueError("a period has one of 'hours', 'days', 'weeks', 'months'")
        return self

    @property
    def length(self) -> tuple[int, Unit]:
        """The number and its unit."""
        if self.hours is not None:
            return self.hours, "hours"
        if self.days is not None:
            return self.days, "days"
        if self.weeks is not None:
            return self.weeks, "weeks"
        assert self.months is not None  # noqa: S101 - the validator has seen to it
        return self.months, "months"


class QuarterDay(LawModel):
    """A day of the year; of the next year for a quarter that ends the year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=28)  # a day that every month has, so that no year lacks it
    next_year: bool = False

    def in_year(self, year: int) -> date:
        """Return the day for a quarter of `year`."""
        return date(year + self.next_year, self.month, self.day)


class QuarterDates(Holding):
    """The day on which each quarter's notification is due, and the months it looks ahead."""

    q1: QuarterDay
    q2: QuarterDay
    q3: QuarterDay
    q4: QuarterDay
    look_ahead_months: int = Field(ge=0)

    def of(self, number: int) -> QuarterDay:
        """Return the day of quarter 1 to 4."""
        return (self.q1, self.q2, self.q3, self.q4)[number - 1]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [self.of(number).in_year(2023) for number in (1, 2, 3, 4)]
        if days != sorted(set(days)) or days[3] >= self.q1.in_year(2024):
            raise ValueError("the four quarterly dates do not follow one another")
        return self


class Clock(Entry):
    """One duty in time. Exactly one of the fields after `event` says how it is set.

    Attributes:
        applies_to: ids of the persons it binds; empty: all.
        event: what starts it, or what it comes before.
        about: ids of the activities whose limits, exceeded or going to be, give rise to it; empty:
            it has nothing to do with a limit being exceeded.
        period: a length of time after the event; the day of the event is not counted.
        quarterly: fixed dates of the year.
        affirmations: the number of quarters after a notification in which, without applicable
            activities, an affirmation is due on the quarterly date.
        within: id of the clock that must not have ended; the text names no day of its own.
        before_event: due before the event itself.
        no_number: the text sets no number ("without undue delay").
    """

    applies_to: tuple[Id, ...] = ()
    event: Text
    about: tuple[Id, ...] = ()
    period: Series[Period] = ()
    quarterly: Series[QuarterDates] = ()
    affirmations: Series[DatedNumber] = ()
    within: Id | None = None
    before_event: bool = False
    no_number: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [
            self.period,
            self.quarterly,
            self.affirmations,
            self.within,
            self.before_event,
            self.no_number,
        ]
        if sum(bool(way) for way in ways) != 1:
            raise ValueError(
                "a clock has one of 'period', 'quarterly', 'affirmations', 'within', "
                "'before_event: true', 'no_number: true'"
            )
        return self

    def period_on(self, day: date) -> Period:
        """Return the period under the law of `day`; BadInput when there is none."""
        return value_on(self.period, day, f"period ({self.id})")


class ClocksFile(LawModel):
    """`clocks.yaml`."""

    clocks: tuple[Clock, ...] = ()
