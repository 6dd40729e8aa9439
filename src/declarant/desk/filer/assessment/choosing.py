"""Choosing a reading for the filing: allowed, with a written reason that is kept for ever."""

from __future__ import annotations

from typing import Any

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.assessment.models import ReadingChoice
from declarant.problems import bad_input

SHORTEST_REASON = 20


def choose(
    person: User, regime: str, activity: dict[str, Any], reading: str, reason: str
) -> ReadingChoice:
    """Record the reading that a person chose for an activity; "" goes back to the default.

    Args:
        person: who chooses.
        regime: id of the law.
        activity: as an assessment holds it.
        reading: id of one of its readings, or "".
        reason: why, in words that the agency may read.

    Raises:
        BadInput: when there is no such reading, or the reason says too little.
    """
    known = [item["id"] for item in activity["readings"]]
    if reading and reading not in known:
        raise bad_input(
            "choice.reading",
            "this activity has no such reading.",
            mend="Choose one of those in the list.",
            field="reading",
        )
    if len(reason.strip()) < SHORTEST_REASON:
        raise bad_input(
            "choice.reason",
            f"the reason must have {SHORTEST_REASON} characters or more.",
            mend="Say why this reading fits the facts better than the cautious one.",
            field="reason",
        )
    subject = f"{activity['kind'].removeprefix('training_')}:{activity['id']}"
    with change(
        person,
        "reading.chosen" if reading else "reading.taken_back",
        subject=subject,
        regime=regime,
        activity=activity["activity"],
        reading=reading,
        reason=reason.strip(),
    ):
        return ReadingChoice.objects.create(
            regime=regime,
            activity=activity["activity"],
            kind=activity["kind"],
            subject=activity["id"],
            reading=reading,
            reason=reason.strip(),
            chosen_by=person,
        )
