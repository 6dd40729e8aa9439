"""Until when: worked out from the moment of receipt with the law's data, moved by decisions alone.

Nothing here is stored. One place holds each date: the moment of receipt in the arrival, the period
in the law, and the day of an extension in the agency's decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from declarant.desk.filer.questions.models import (
    CorrectionRecord,
    Draft,
    Extension,
    Question,
    QuestionSetRecord,
)
from declarant.desk.language import law_language
from declarant.desk.today import today
from declarant.filing.exchange import checking
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.law import Due, due_under_each_reading, load_regime
from declarant.law.text import Text
from declarant.problems import BadInput

SOON = 3  # days; a clock with so few left is shown as pressing
ANSWER, CLARIFICATION, CORRECTION = "answer", "clarification", "correction"


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty with its last day, as it stands on `today`.

    Attributes:
        duty: id of the duty in the law.
        law_due: the last day by the law, under its default reading; None: the law sets no period.
        due: the last day that counts: that of the law, or of the agency's last decision.
        today: the day it is looked at, in the law's zone.
        done: whether what it asks for was sent.
        worked_out: how `law_due` was found, step by step.
        other_readings: the day under each other reading, by its id.
        extension: the decision that moved it; None: none did.
    """

    duty: str
    law_due: date | None
    due: date | None
    today: date
    done: bool
    worked_out: tuple[str, ...]
    citation: str
    other_readings: dict[str, date]
    extension: Extension | None

    @property
    def steps(self) -> tuple[str, ...]:
        """How `due` was found: by the law, then by a decision."""
        if self.extension is None or self.due is None:
            return self.worked_out
        told = _("The agency granted more time on %(on)s: until %(until)s.") % {
            "on": self.extension.decided_on.isoformat(),
            "until": self.due.isoformat(),
        }
        return (*self.worked_out, told)

    @property
    def days_left(self) -> int | None:
        """Days from today to the last day: 0 on it, negative after it; None without one."""
        return None if self.due is None else (self.due - self.today).days

    @property
    def state(self) -> str:
        """One of: done, none (no period), overdue, today, soon, running."""
        left = self.days_left
        if self.done:
            return "done"
        if left is None:
            return "none"
        if left < 0:
            return "overdue"
        if left == 0:
            return "today"
        return "soon" if left <= SOON else "running"

    @property
    def said(self) -> str:
        """How long there is, in words."""
        left = self.days_left
        if self.done:
            return _("answered")
        if left is None:
            return _("the law sets no period")
        if left < 0:
            return ngettext("overdue by %(n)d day", "overdue by %(n)d days", -left) % {"n": -left}
        if left == 0:
            return _("due today")
        return ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}


def words(text: Text) -> str:
    """Return a statement of the law in the reader's language."""
    return text.in_language(law_language(get_language()))


def clock_of_set(record: QuestionSetRecord) -> Clock:
    """Return the clock of a set of questions: until when the last of them must be answered.

    It is done when no question that is asked is left unanswered. Reads `record.arrival`,
    `record.extensions` and `record.questions` with their drafts: fetch them beforehand.
    """
    duty = CLARIFICATION if record.stage == record.Stage.CLARIFICATION else ANSWER
    open_keys = unanswered(record)
    moved = [item for item in record.extensions.all() if item.correction_id is None]
    return _clock(
        record.regime,
        duty,
        record.arrival.received,
        done=not open_keys,
        extension=_last_for(moved, open_keys),
    )


def clock_of_question(question: Question) -> Clock:
    """Return the clock of one question; its set's, unless a decision is about it alone."""
    record = question.question_set
    duty = CLARIFICATION if record.stage == record.Stage.CLARIFICATION else ANSWER
    moved = [item for item in record.extensions.all() if item.correction_id is None]
    return _clock(
        record.regime,
        duty,
        record.arrival.received,
        done=question.draft.state == Draft.State.SENT,
        extension=_last_for(moved, {question.key}),
    )


def clock_of_correction(record: CorrectionRecord) -> Clock:
    """Return the clock of answers that were returned; done when the correction was sent."""
    return _clock(
        record.question_set.regime,
        CORRECTION,
        record.arrival.received,
        done=is_corrected(record),
        extension=_last_for(list(record.extensions.all()), set()),
    )


def is_corrected(record: CorrectionRecord) -> bool:
    """Whether a correction that answers the notice was sent."""
    gone = ("sent", "received")
    return any(package.state in gone for package in record.corrected_by.all())


def unanswered(record: QuestionSetRecord) -> set[str]:
    """Return the keys of the questions that are put and were not answered in a set that was sent.

    A question with a condition is put when the other one was answered so; what was sent once stays
    answered while its correction is worked on.
    """
    questions = list(record.questions.all())
    sent = {
        item.question_id
        for package in record.packages.all()
        if package.state in ("sent", "received")
        for item in package.answers.all()
    }
    put = asked_now(questions)
    return {item.key for item in questions if item.key in put and item.pk not in sent}


def asked_now(questions: Iterable[Question]) -> set[str]:
    """Return the keys of the questions that are put, as their answers stand."""
    held = list(questions)
    if not any(item.content.get("condition") for item in held):
        return {item.key for item in held}
    alone: dict[str, Any] = {"questions": tuple(item.asked for item in held)}
    asked = QuestionSet.model_construct(**alone)
    answers = [
        answer
        for item in held
        if item.draft.current is not None
        and (answer := item.draft.current.answer.answers(item.asked, None)) is not None
    ]
    return {item.id for item in checking.asked_now(asked, answers)}


def _last_for(extensions: list[Extension], keys: set[str]) -> Extension | None:
    """Return the granted extension that was decided last for all questions, or all of `keys`."""
    granted = [
        item
        for item in extensions
        if item.state == Extension.State.GRANTED
        and (not item.keys or (keys and keys <= set(item.keys)))
    ]
    return max(granted, key=lambda item: (item.decided_on, item.pk), default=None)


def _clock(
    regime: str,
    duty: str,
    received: datetime,
    *,
    done: bool,
    extension: Extension | None,
) -> Clock:
    dues = _dues(regime, duty, received)
    first = dues[0] if dues else None
    law_due = first.due if first else None
    moved = extension.granted_until if extension else None
    return Clock(
        duty=duty,
        law_due=law_due,
        due=moved or law_due,
        today=today(load_regime(regime)),
        done=done,
        worked_out=tuple(words(step) for step in first.worked_out) if first else (),
        citation=_cited(first) if first else "",
        other_readings={item.roll: item.due for item in dues[1:]},
        extension=extension,
    )


@lru_cache(maxsize=1024)
def _dues(regime: str, duty: str, received: datetime) -> tuple[Due, ...]:
    """Return when a duty is due under each reading; none when the law sets no period for it."""
    law = load_regime(regime)
    if all(clock.id != duty for clock in law.clocks):
        return ()
    try:
        return due_under_each_reading(law, duty, received)
    except BadInput:  # the law at hand says nothing for that day
        return ()


def _cited(found: Due) -> str:
    said = found.citation.text
    return f"{said} ({_('check against the published text')})" if found.citation.check else said
