"""Writing an answer: each time a new version, and nothing is lost when two people write at once.

Whoever writes names the version that was read. When another one is current by then, or the answer
was handed in or sent meanwhile, what was written stands *aside*: kept with its author, shown beside
the current version, and taken over only by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone

from declarant.desk.audit import change
from declarant.desk.filer.questions.content import AnswerContent
from declarant.desk.filer.questions.models import AnswerVersion, Draft, Question


@dataclass(frozen=True, slots=True)
class Written:
    """What became of something written: its version, and whether it is the current one."""

    version: AnswerVersion
    is_new: bool

    @property
    def in_conflict(self) -> bool:
        """Whether it was kept aside."""
        return self.version.aside


def locked(question: Question) -> Draft:
    """Return the draft of a question, locked to the end of the transaction."""
    return (
        Draft.objects.select_for_update(of=("self",))
        .select_related("current", "question")
        .get(pk=question.pk)
    )


def write(
    actor: Any,
    question: Question,
    content: AnswerContent,
    *,
    base: int,
    origin: Any = AnswerVersion.Origin.PAGE,
    former: dict[str, Any] | None = None,
) -> Written:
    """Keep what somebody wrote over version `base` (0: none); what says the same is kept once.

    `former` is the reference to a former answer that it was carried over from.
    """
    with change(actor, "question.answer.written", question.subject) as entry:
        draft = locked(question)
        same = _same(draft, content, base, actor)
        if same is not None:
            entry.note(version=same.number, unchanged=True)
            return Written(same, is_new=False)
        last = draft.versions.aggregate(last=Max("number"))["last"] or 0
        version = AnswerVersion.objects.create(
            draft=draft,
            number=last + 1,
            base=base,
            aside=not draft.is_open or base != draft.number,
            origin=origin,
            content=content.as_json(),
            former=former,
            author=actor,
        )
        if not version.aside:
            Draft.objects.filter(pk=draft.pk).update(
                current=version, state=Draft.State.DRAFT, changed=timezone.now()
            )
        entry.note(version=version.number, base=base, origin=str(origin), aside=version.aside)
    return Written(version, is_new=True)


def take_over(actor: Any, question: Question, number: int, *, base: int) -> Written:
    """Make what an earlier version, or one that stands aside, says the newest version."""
    held = AnswerVersion.objects.get(draft_id=question.pk, number=number)
    return write(actor, question, held.answer, base=base, origin=held.origin, former=held.former)


def _same(draft: Draft, content: AnswerContent, base: int, actor: Any) -> AnswerVersion | None:
    """Return the version that says this already: the current one, or the actor's own aside."""
    written = content.as_json()
    if draft.current is not None and draft.current.content == written:
        return draft.current
    aside = draft.versions.filter(aside=True, base=base, author=actor)
    return next((item for item in aside if item.content == written), None)
