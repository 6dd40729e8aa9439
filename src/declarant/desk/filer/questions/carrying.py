"""Former answers: the last one that was sent to a question of the same id, and taking it over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.filer.questions.content import AnswerContent
from declarant.desk.filer.questions.drafting import Written, locked, write
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    AnswerVersion,
    Attachment,
    Question,
    SentAnswer,
)
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.answers import Answer
from declarant.filing.exchange.carrying_over import carried_over
from declarant.problems import bad_input

_SENT = (AnswerPackage.State.SENT, AnswerPackage.State.RECEIVED)


@dataclass(frozen=True, slots=True)
class Former:
    """The answer that was sent before to the same question.

    Attributes:
        sent: its row; `sent.package` is the answer set that holds it.
        text_changed: whether the question is worded otherwise now.
    """

    sent: SentAnswer
    text_changed: bool

    @property
    def answer(self) -> Answer:
        """The answer as it was sent."""
        return Answer.model_validate(self.sent.content)

    @property
    def reference(self) -> dict[str, Any]:
        """What a new answer says of it."""
        package = self.sent.package
        return {
            "answer_set": package.ref,
            "sha256": package.document.sha256,
            "question": self.sent.question.key,
        }


def formers_of(questions: Iterable[Question]) -> dict[int, Former]:
    """Return the former answer of each question that has one, by the question's row.

    That is the one sent last: to this very question, when it is opened for correction, or to the
    question of the same id in an earlier set under the same law.
    """
    wanted = list(questions)
    if not wanted:
        return {}
    regimes = {item.question_set.regime for item in wanted}
    rows = (
        SentAnswer.objects.filter(
            question__key__in={item.key for item in wanted},
            question__question_set__regime__in=regimes,
            package__state__in=_SENT,
        )
        .select_related("package__document", "question__question_set")
        .order_by("package__sent", "package__number", "pk")
    )
    by_question: dict[tuple[str, str], list[SentAnswer]] = {}
    for row in rows:
        held = row.question
        by_question.setdefault((held.question_set.regime, held.key), []).append(row)
    found: dict[int, Former] = {}
    for item in wanted:
        candidates = by_question.get((item.question_set.regime, item.key), [])
        own = [row for row in candidates if row.question_id == item.pk]
        last = (own or candidates)[-1:]
        if last:
            found[item.pk] = Former(last[0], last[0].question.text != item.text)
    return found


def carry_over(actor: Any, question: Question, *, base: int) -> Written:
    """Make the former answer the draft of a question, with the files that it rests on.

    Raises:
        BadInput: when there is none, or it is of another type than is asked for now.
    """
    former = formers_of([question]).get(question.pk)
    carried = carried_over([question.asked], [former.sent.package.answer_set]) if former else ()
    if former is None or not carried:
        raise bad_input(
            "questions.no_former",
            _("There is no former answer that fits this question."),
            mend=_("Write the answer anew."),
        )
    content = AnswerContent.of(carried[0].answer)
    with change(actor, "question.answer.carried_over", question.subject) as entry:
        entry.note(former=former.reference)
        draft = locked(question)
        known = {item.file.sha256 for item in draft.attachments.select_related("file")}
        for file in carried[0].evidence:
            if file.sha256 in known:
                continue
            Attachment.objects.create(
                draft=draft,
                file=StoredFile.objects.get(sha256=file.sha256),
                name=file.name,
                about=file.about or "",
                dated=file.dated,
                confidential=file.confidential,
                basis=(file.basis.id or "") if file.basis else "",
                attached_by=actor,
            )
        return write(
            actor,
            question,
            content,
            base=base,
            origin=AnswerVersion.Origin.CARRIED_OVER,
            former=former.reference,
        )
