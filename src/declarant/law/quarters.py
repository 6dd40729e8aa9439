"""Quarters of the year, and the notifications and affirmations that belong to them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from declarant.law.clock_rules import QuarterDates
from declarant.law.dated import value_on
from declarant.law.loading import load_regime
from declarant.law.regime import Regime
from declarant.problems import BadInput, bad_input

REPORTING_RULE = "us-bis-702-7"
"""The regime whose quarterly dates are meant where none is named."""

_WRITTEN = re.compile(r"^\s*(?P<year>\d{4})[\s-]?[Qq](?P<number>[1-4])\s*$")


def months_after(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day if it has none.

    Raises:
        BadInput: when that lies beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise out_of_calendar(f"{months} months after {day}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def out_of_calendar(what: str) -> BadInput:
    """Return the report on a day that no calendar has."""
    return bad_input(
        "law.beyond_calendar",
        f"{what} lies beyond the calendar.",
        mend=f"Give a day between {date.min} and {date.max}.",
    )


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year (`number` 1 to 4), with a regime's dates for it.

    Two quarters are equal when year and number are, whichever regime dates them.
    """

    year: int
    number: int
    schedule: tuple[QuarterDates, ...] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str, regime: Regime | None = None) -> Quarter:
        """Read `2026Q4`.

        Raises:
            BadInput: when the text names no quarter.
        """
        match = _WRITTEN.match(text)
        if not match or int(match["year"]) == 0:
            raise bad_input(
                "law.quarter",
                f"{text!r} is no quarter.",
                mend="Write the year, Q and 1 to 4, such as 2026Q4.",
            )
        return cls(int(match["year"]), int(match["number"]), _schedule(regime))

    @classmethod
    def of(cls, day: date, regime: Regime | None = None) -> Quarter:
        """Return the calendar quarter that holds `day`."""
        return cls(day.year, (day.month - 1) // 3 + 1, _schedule(regime))

    def __str__(self) -> str:
        return f"{self.year:04}Q{self.number}"

    @property
    def first_day(self) -> date:
        """The first day of the quarter."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """The last day of the quarter; the law of this day sets the quarter's dates."""
        return date(self.year, 3 * self.number, monthrange(self.year, 3 * self.number)[1])

    @property
    def dates(self) -> QuarterDates:
        """The quarterly dates in the law of the quarter's last day; BadInput when it has none."""
        return value_on(self.schedule, self.last_day, "quarterly date")

    @property
    def notification_due(self) -> date:
        """The day on which this quarter's notification is due, before any roll-over."""
        day = self.dates.of(self.number)
        if self.year + day.next_year > date.max.year:
            raise out_of_calendar(f"the notification of {self}")
        return day.in_year(self.year)

    @property
    def window_end(self) -> date:
        """The last day of the look-ahead that the notification covers."""
        return months_after(self.notification_due, self.dates.look_ahead_months)

    def next(self) -> Quarter:
        """Return the quarter after this one."""
        return self._moved(1)

    def previous(self) -> Quarter:
        """Return the quarter before this one."""
        return self._moved(-1)

    def _moved(self, by: int) -> Quarter:
        year, index = divmod(self.year * 4 + self.number - 1 + by, 4)
        if not date.min.year <= year <= date.max.year:
            raise out_of_calendar(f"the quarter beside {self}")
        return Quarter(year, index + 1, self.schedule)


def affirmations_owed(regime: Regime, last_notification: Quarter) -> tuple[Quarter, ...]:
    """Return the quarters after a notification that each need an affirmation.

    They need one when they are without applicable activities; a new notification starts the
    count again. How many they are is the law of the day the notification was due. Empty when
    the regime knows no affirmations.
    """
    owing = [clock for clock in regime.clocks if clock.affirmations]
    if not owing:
        return ()
    day = last_notification.notification_due
    count = value_on(owing[0].affirmations, day, "number of affirmations").value
    quarters: list[Quarter] = []
    quarter = Quarter(last_notification.year, last_notification.number, _schedule(regime))
    for _ in range(count):
        quarter = quarter.next()
        quarters.append(quarter)
    return tuple(quarters)


def _schedule(regime: Regime | None) -> tuple[QuarterDates, ...]:
    law = regime or load_regime(REPORTING_RULE)
    series = [clock.quarterly for clock in law.clocks if clock.quarterly]
    if not series:
        raise bad_input(
            "law.no_quarters",
            f"{law.id} has no quarterly dates.",
            mend=f"Name a regime that has them, such as {REPORTING_RULE}.",
        )
    return series[0]
