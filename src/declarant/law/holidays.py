"""Legal holidays by rule, and the days on which an office works."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from declarant.law.dated import Holding
from declarant.law.text import Citation, Id, LawModel, Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS: tuple[str, ...] = get_args(Weekday)
_SATURDAY, _SUNDAY = 5, 6
_ONE_DAY = timedelta(days=1)


class Holiday(Holding):
    """A holiday on a fixed day of a month (`day`), or on the `nth` weekday of it (-1 the last).

    `observed`: a fixed day on a Saturday is kept the Friday before, on a Sunday the Monday after.
    """

    id: Id
    title: Text
    month: int = Field(ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    weekday: Weekday | None = None
    nth: Literal[-1, 1, 2, 3, 4] | None = None
    observed: bool = False
    citation: Citation

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_weekday = self.weekday is not None and self.nth is not None
        if (self.day is None) != by_weekday or (self.weekday is None) != (self.nth is None):
            raise ValueError("a holiday has either 'day', or 'weekday' and 'nth'")
        if self.day is not None and self.day > monthrange(2024, self.month)[1]:
            raise ValueError(f"month {self.month} has no day {self.day}")
        return self

    def falls_on(self, day: date) -> bool:
        """Return whether the holiday, or its observance, is on `day`."""
        years = {day.year, (day + _ONE_DAY).year} if day < date.max else {day.year}
        return any(self._kept_in(year) == day for year in years)

    def _kept_in(self, year: int) -> date | None:
        legal = self._legal_day(year)
        if legal is None or not self.holds_on(legal):
            return None
        if self.observed and legal.weekday() == _SATURDAY:
            return legal - _ONE_DAY
        if self.observed and legal.weekday() == _SUNDAY:
            return legal + _ONE_DAY
        return legal

    def _legal_day(self, year: int) -> date | None:
        length = monthrange(year, self.month)[1]
        if self.day is not None:
            return date(year, self.month, self.day) if self.day <= length else None
        assert self.weekday is not None  # noqa: S101 - the validator has seen to it
        assert self.nth is not None  # noqa: S101
        wanted = _WEEKDAYS.index(self.weekday)
        if self.nth > 0:
            first = date(year, self.month, 1)
            return first + timedelta(days=(wanted - first.weekday()) % 7 + 7 * (self.nth - 1))
        last = date(year, self.month, length)
        return last - timedelta(days=(last.weekday() - wanted) % 7)


class HolidaysFile(LawModel):
    """`holidays.yaml`."""

    holidays: tuple[Holiday, ...] = ()


WEEKEND = {
    _SATURDAY: Text(en="a Saturday", zh_hant="星期六"),
    _SUNDAY: Text(en="a Sunday", zh_hant="星期日"),
}


def why_closed(day: date, holidays: Sequence[Holiday]) -> Text | None:
    """Return why `day` is no business day; None when it is one."""
    for holiday in holidays:
        if holiday.falls_on(day):
            return holiday.title
    return WEEKEND.get(day.weekday())
