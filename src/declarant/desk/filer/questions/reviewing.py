"""Who holds an answer, and its way from draft to approved.

    not answered -> draft -> in review -> approved -> sent
                      ^---- returned, taken back ----'
                      ^---- opened for correction ---------'

Each step names the version it is about, so that nobody approves what somebody else has changed
meanwhile. Whoever wrote the current version does not approve it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarant.desk.access import Power
from declarant.desk.audit import change
from declarant.desk.filer.questions.drafting import locked
from declarant.desk.filer.questions.models import AnswerPackage, Draft, Question, Step
from declarant.desk.work.outbox import post
from declarant.problems import BadInput, bad_input

State, Kind = Draft.State, Step.Kind


def submit(actor: Any, question: Question, number: int) -> None:
    """Hand the current version in for review.

    Raises:
        BadInput: when it is not `number`, is no draft, or says nothing.
    """
    with change(actor, "question.answer.submitted", question.subject, version=number):
        draft = _at(question, number, (State.DRAFT,))
        if draft.current is None or draft.current.answer.says_nothing:
            raise bad_input(
                "questions.says_nothing",
                _("There is no answer yet."),
                mend=_("Write one, or say that it is not known and why; then hand it in."),
            )
        _step(actor, draft, Kind.SUBMITTED, State.IN_REVIEW)


def approve(actor: Any, question: Question, number: int) -> None:
    """Approve the version in review.

    Raises:
        BadInput: when it is not `number`, is not in review, or the actor wrote some of it.
    """
    with change(actor, "question.answer.approved", question.subject, version=number):
        draft = _at(question, number, (State.IN_REVIEW,))
        if _wrote(draft, actor):
            raise bad_input(
                "questions.own_answer",
                _("You wrote a part of this answer."),
                mend=_("Ask somebody else to review it."),
            )
        _step(actor, draft, Kind.APPROVED, State.APPROVED)


def _wrote(draft: Draft, person: Any) -> bool:
    """Whether a person wrote anything of an answer since it was approved last."""
    last = draft.steps.filter(kind=Kind.APPROVED).order_by("-pk").first()
    since = draft.versions.filter(aside=False, number__gt=last.version.number if last else 0)
    return bool(draft.current.author_id == person.pk or since.filter(author_id=person.pk).exists())


def send_back(actor: Any, question: Question, number: int, reason: str) -> None:
    """Return the version in review to whoever works on it, and say why.

    Raises:
        BadInput: when it is not `number`, is not in review, or no reason is given.
    """
    with change(actor, "question.answer.returned", question.subject, version=number) as entry:
        draft = _at(question, number, (State.IN_REVIEW,))
        entry.note(reason=_given(reason))
        _step(actor, draft, Kind.RETURNED, State.DRAFT, reason)


def take_back(actor: Any, question: Question, number: int) -> None:
    """Take an answer that was handed in, or approved, back to work on it.

    Raises:
        BadInput: when it is not `number`, is neither, or stands in answers prepared for sending.
    """
    with change(actor, "question.answer.taken_back", question.subject, version=number):
        draft = _at(question, number, (State.IN_REVIEW, State.APPROVED))
        _not_prepared(draft)
        _step(actor, draft, Kind.TAKEN_BACK, State.DRAFT)


def reopen(actor: Any, question: Question, number: int, reason: str) -> None:
    """Open an answer that was sent for a correction. What was sent stays as it is.

    Raises:
        BadInput: when it is not `number`, was not sent, or no reason is given.
    """
    with change(actor, "question.answer.reopened", question.subject, version=number) as entry:
        draft = _at(question, number, (State.SENT,))
        entry.note(reason=_given(reason))
        _step(actor, draft, Kind.REOPENED, State.DRAFT, reason)


def approve_all(actor: Any, questions: Iterable[Question]) -> tuple[int, tuple[str, ...]]:
    """Approve what is in review, each as it stands; return how many, and why others were not."""
    done, problems = 0, []
    for question in questions:
        try:
            approve(actor, question, question.draft.number)
        except BadInput as problem:
            problems.append(f"{question.key}: {problem}")
        else:
            done += 1
    return done, tuple(problems)


def assign(actor: Any, questions: Iterable[Question], person: Any | None) -> int:
    """Give questions to somebody who answers, or to nobody; return how many changed hands.

    Whoever gets them is told by mail.

    Raises:
        BadInput: when that person's roles do not allow to answer.
    """
    if person is not None and not person.has(Power.ANSWER):
        raise bad_input(
            "questions.cannot_answer",
            _("%(name)s has no role that answers questions.") % {"name": person},
            mend=_("Choose a preparer or an engineer, or ask an administrator for the role."),
            field="assignee",
        )
    moved = [item for item in questions if item.draft.assignee_id != getattr(person, "pk", None)]
    if not moved:
        return 0
    record = moved[0].question_set
    with change(
        actor,
        "questions.assigned",
        record.subject,
        to=person.email if person else None,
        questions=[item.key for item in moved],
    ) as entry:
        Draft.objects.filter(pk__in=[item.pk for item in moved]).update(assignee=person)
        if person is not None and person.pk != actor.pk:
            _tell(person, actor, moved, entry)
    return len(moved)


def _tell(person: Any, actor: Any, moved: list[Question], entry: Any) -> None:
    now = timezone.now()
    address = settings.DESK.public_url + reverse("questions:set", args=[moved[0].question_set_id])
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext("%(n)d question for you", "%(n)d questions for you", len(moved)) % {
            "n": len(moved)
        }
        text = _("%(name)s gave you questions of the agency to answer:\n\n%(where)s?mine=1\n") % {
            "name": actor,
            "where": address,
        }
    key = f"questions.assigned:{moved[0].question_set_id}:{person.pk}:{now.isoformat()}"
    post(key=key, to=[person.email], subject=str(subject), text=text)


def _at(question: Question, number: int, states: tuple[Any, ...]) -> Draft:
    draft = locked(question)
    if draft.number != number:
        raise bad_input(
            "questions.moved_on",
            _("Version %(new)d was written since you opened version %(old)d.")
            % {"new": draft.number, "old": number},
            mend=_("Read the page again, then decide."),
        )
    if draft.state not in states:
        raise bad_input(
            "questions.state",
            _("This answer is: %(state)s.") % {"state": draft.get_state_display()},
            mend=_("Read the page again: somebody was faster, or it was done already."),
        )
    return draft


def _step(actor: Any, draft: Draft, kind: Any, state: Any, reason: str = "") -> None:
    Step.objects.create(
        draft=draft, kind=kind, version=draft.current, reason=reason.strip(), by=actor
    )
    Draft.objects.filter(pk=draft.pk).update(state=state, changed=timezone.now())


def _given(reason: str) -> str:
    if not reason.strip():
        raise bad_input(
            "questions.no_reason",
            _("No reason is given."),
            mend=_("Say in a sentence why, for whoever works on it next."),
            field="reason",
        )
    return reason.strip()


def _not_prepared(draft: Draft) -> None:
    ready = AnswerPackage.objects.filter(
        state__in=(AnswerPackage.State.READY, AnswerPackage.State.CERTIFIED),
        answers__question_id=draft.pk,
    ).first()
    if ready is not None:
        raise bad_input(
            "questions.prepared",
            _("This answer stands in answers that are prepared, or signed and not sent yet."),
            mend=_("Discard those first, or correct it once they are sent."),
        )
