"""Where dates come from: each room of the desk yields its own, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Date:
    """A date as a room knows it.

    Attributes:
        key: names it for ever, also when the day moves.
        regime: the law whose zone the day is meant in.
        duty: id of the clock in the law's data.
        title: what it is about, on one line; what is due is said by the duty.
        due: the day, under the cautious reading.
        worked_out: the steps to it.
        citation: the text of law it rests on.
        other_readings: the day under each other reading.
        subject: what the audit log calls it.
        url: the page where it is dealt with.
        holder: who deals with it; None when nobody does yet.
    """

    key: str
    regime: str
    duty: str
    title: str
    due: date
    worked_out: tuple[str, ...] = ()
    citation: str = ""
    other_readings: Mapping[str, date] = field(default_factory=dict)
    subject: str = ""
    url: str = ""
    holder: Any = None


Dates = Callable[[], Iterable[Date]]
SOURCES: dict[str, Dates] = {}


def source(name: str) -> Callable[[Dates], Dates]:
    """Register a function that yields the dates of a room that are open now."""

    def register(dates: Dates) -> Dates:
        SOURCES[name] = dates
        return dates

    return register
