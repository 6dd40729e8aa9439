"""What holds between two days, and the value that holds on one of them.

Values are dated from the day their text was published or adopted. Whether that text binds anybody
on a day is another question, answered by the status of the regime.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from declarant.law.text import Citation, Day, Id, LawModel, Text
from declarant.problems import bad_input


class Holding(LawModel):
    """Something that holds from its first day to its last, both included; None is no bound."""

    first_day: Day | None = Field(default=None, alias="from")
    last_day: Day | None = Field(default=None, alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"'until' {self.last_day} lies before 'from' {self.first_day}")
        return self

    def holds_on(self, day: date) -> bool:
        """Return whether `day` lies between the first and the last day."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )

    def overlaps(self, other: Holding) -> bool:
        """Return whether there is a day on which both hold."""
        first = max(self.first_day or date.min, other.first_day or date.min)
        last = min(self.last_day or date.max, other.last_day or date.max)
        return first <= last


class Entry(Holding):
    """A titled statement of the law with its citation: a definition, a topic, a ground."""

    id: Id
    title: Text
    text: Text
    citation: Citation


Value = TypeVar("Value", bound=Holding)


def _without_overlap(values: tuple[Value, ...]) -> tuple[Value, ...]:
    for index, value in enumerate(values):
        for other in values[:index]:
            if value.overlaps(other):
                raise ValueError(
                    f"two values hold on the same day: one {_span(other)}, one {_span(value)}"
                )
    return values


Series = Annotated[tuple[Value, ...], AfterValidator(_without_overlap)]
"""Values of one parameter over time; no two of them hold on the same day."""


class DatedNumber(Holding):
    """A whole number of the law (months, quarters) and the days it holds."""

    value: int = Field(ge=0)


def value_on(series: Sequence[Value], day: date, what: str) -> Value:
    """Return the value of `series` that holds on `day`; `what` names it in the message.

    Raises:
        BadInput: when no value holds that day; a value of another day is never taken instead.
    """
    for value in series:
        if value.holds_on(day):
            return value
    spans = ", ".join(_span(value) for value in series)
    raise bad_input(
        "law.no_value_on_day",
        f"the law at hand holds no {what} for {day}.",
        mend=f"It holds one {spans}." if spans else "It never held one.",
    )


def _span(value: Holding) -> str:
    first = f"from {value.first_day}" if value.first_day else "from the beginning"
    return f"{first} until {value.last_day}" if value.last_day else first
