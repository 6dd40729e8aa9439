"""Clocks of questions, corrections and further questions, for the desk's list of dates."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from declarant.desk.filer.deadlines.sources import Date, source
from declarant.desk.filer.questions.clocks import Clock, clock_of_correction, clock_of_set
from declarant.desk.filer.questions.models import Draft, Question, QuestionSetRecord
from declarant.desk.filer.questions.standing import sets_with_clocks


@source("questions")
def dates() -> Iterator[Date]:
    """Yield each clock that still runs."""
    unsent = Question.objects.filter(question_set=OuterRef("pk")).exclude(
        draft__state=Draft.State.SENT
    )
    for record in sets_with_clocks(QuestionSetRecord.objects.filter(Exists(unsent))):
        key = f"questions:{record.pk}"
        clock = clock_of_set(record)
        if not clock.done and clock.due is not None:
            yield _date(record, key, str(record), clock)
        for notice in record.corrections.all():
            clock = clock_of_correction(notice)
            if not clock.done and clock.due is not None:
                yield _date(record, f"{key}:correction:{notice.pk}", str(notice), clock)


def _date(record: QuestionSetRecord, key: str, title: str, clock: Clock) -> Date:
    assert clock.due is not None  # noqa: S101 - the caller has seen to it
    return Date(
        key=f"{key}:{clock.duty}",
        regime=record.regime,
        duty=clock.duty,
        title=title,
        due=clock.due,
        worked_out=clock.steps,
        citation=clock.citation,
        other_readings=clock.other_readings if clock.extension is None else {},
        subject=record.subject,
        url=record.get_absolute_url(),
        holder=_holder(record),
    )


def _holder(record: QuestionSetRecord) -> object:
    """Return who holds every question that is open, when that is one person."""
    open_drafts = [
        question.draft
        for question in record.questions.all()
        if question.draft.state not in ("approved", "sent")
    ]
    holders = {draft.assignee_id for draft in open_drafts}
    return open_drafts[0].assignee if len(holders) == 1 else None
