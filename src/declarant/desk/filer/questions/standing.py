"""How a set stands, for its pages: what is answered and approved by topic, who holds what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from declarant.desk.filer.questions.carrying import formers_of
from declarant.desk.filer.questions.clocks import (
    Clock,
    asked_now,
    clock_of_correction,
    clock_of_question,
    clock_of_set,
    words,
)
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    CorrectionRecord,
    Draft,
    Question,
    QuestionSetRecord,
    SentAnswer,
)
from declarant.law import load_regime

State = Draft.State
STATUS = {
    State.UNANSWERED: "neutral",
    State.DRAFT: "info",
    State.IN_REVIEW: "warning",
    State.APPROVED: "success",
    State.SENT: "success",
}
CLOCK_STATUS = {
    "done": "success",
    "none": "neutral",
    "overdue": "error",
    "today": "error",
    "soon": "warning",
    "running": "info",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One question as lists show it."""

    question: Question
    clock: Clock
    is_put: bool
    has_former: bool
    returned: bool

    @property
    def draft(self) -> Draft:
        """Its answer so far."""
        return self.question.draft

    @property
    def status(self) -> str:
        """The kind of status of its answer."""
        return STATUS[State(self.draft.state)]


@dataclass(slots=True)
class Topic:
    """The questions of one topic."""

    id: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def put(self) -> list[Row]:
        """Those that are put, as things stand."""
        return [row for row in self.rows if row.is_put]

    @property
    def counted(self) -> Counter[Any]:
        """How many answers are in which state, of the questions that are put."""
        return Counter(row.draft.state for row in self.put)

    @property
    def total(self) -> int:
        """How many questions are put."""
        return len(self.put)

    @property
    def answered(self) -> int:
        """How many have an answer of any state."""
        return self.total - self.counted[State.UNANSWERED]

    @property
    def approved(self) -> int:
        """How many are approved or sent."""
        return self.counted[State.APPROVED] + self.counted[State.SENT]

    @property
    def holders(self) -> list[tuple[str, int]]:
        """Who holds how many that are not approved; the last of them are with nobody."""
        open_rows = [r for r in self.put if r.draft.state not in (State.APPROVED, State.SENT)]
        held = Counter(str(r.draft.assignee) for r in open_rows if r.draft.assignee)
        nobody = sum(1 for r in open_rows if r.draft.assignee is None)
        return [*sorted(held.items()), *([(_("nobody"), nobody)] if nobody else [])]


def sets_with_clocks(sets: QuerySet[QuestionSetRecord]) -> QuerySet[QuestionSetRecord]:
    """Return sets with all that their clocks read, in a few queries."""
    drafts = Question.objects.select_related("draft__current", "draft__assignee")
    answers = SentAnswer.objects.only("package_id", "question_id")
    packages = AnswerPackage.objects.prefetch_related(Prefetch("answers", answers))
    corrections = CorrectionRecord.objects.select_related(
        "arrival", "question_set"
    ).prefetch_related("corrected_by", "extensions", "returned")
    return sets.select_related("arrival").prefetch_related(
        Prefetch("questions", drafts),
        Prefetch("packages", packages),
        Prefetch("corrections", corrections),
        "extensions",
    )


def rows_of(record: QuestionSetRecord) -> list[Row]:
    """Return the questions of a set, fetched by `sets_with_clocks`, as rows."""
    questions = list(record.questions.all())
    for question in questions:
        question.question_set = record
    put = asked_now(questions)
    formers = formers_of(questions)
    returned = {
        question
        for notice in record.corrections.all()
        if not any(p.state in ("sent", "received") for p in notice.corrected_by.all())
        for question in (item.question_id for item in notice.returned.all())
    }
    return [
        Row(
            question=item,
            clock=clock_of_question(item),
            is_put=item.key in put,
            has_former=item.pk in formers,
            returned=item.pk in returned,
        )
        for item in questions
    ]


def topics_of(record: QuestionSetRecord, rows: list[Row]) -> list[Topic]:
    """Return the rows by topic, in the order in which the topics come in the set."""
    titles = {topic.id: words(topic.title) for topic in load_regime(record.regime).topics}
    found: dict[str, Topic] = {}
    for row in rows:
        topic = row.question.topic
        title = titles.get(topic) or row.question.content.get("topic_title") or topic
        found.setdefault(topic, Topic(topic, title)).rows.append(row)
    return list(found.values())


def clocks_of(record: QuestionSetRecord) -> list[tuple[str, Clock]]:
    """Return the clocks of a set: of its questions, and of each notice of correction."""
    notices = [(str(notice), clock_of_correction(notice)) for notice in record.corrections.all()]
    return [(str(record), clock_of_set(record)), *notices]
