"""The clock of a document of the exchange, worked out from the law's data."""

from __future__ import annotations

from datetime import date, datetime

from declarant.determination.citing import cite
from declarant.filing.exchange.parts import StartedClock
from declarant.law import Regime, due_under_each_reading

SUPPOSED = (
    "Counted as if it was received on the day it was prepared; the clock runs from the day on "
    "which it is in fact received."
)


def started_clock(
    law: Regime, duty: str, start: date | datetime, about: str, *, supposed: bool = False
) -> StartedClock | None:
    """Return the clock of `duty` that an event on `start` begins; None when the law has none.

    Args:
        law: the regime; its period of the day the clock starts counts.
        duty: `answer`, `correction`, `clarification` or another duty of the law.
        start: the local day of the event, or its moment with a zone.
        about: what it is the clock of, such as the id of the questions.
        supposed: whether `start` is the writer's guess of the day on which the reader receives it.

    Raises:
        BadInput: when the moment has no zone or the law sets no number for that day.
    """
    if all(clock.id != duty for clock in law.clocks):
        return None
    dues = due_under_each_reading(law, duty, start)
    steps = tuple(step.en for step in dues[0].worked_out)
    return StartedClock(
        duty=duty,
        title=f"{law.clock(duty).title.en}: {about}",
        due=dues[0].due,
        worked_out=(*steps, SUPPOSED) if supposed else steps,
        citation=cite(dues[0].citation),
        other_readings={due.roll: due.due for due in dues[1:]},
        starts=dues[0].start,
    )
