"""Remarks between the people who work on an answer. They stay here: the agency never sees them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.filer.questions.models import Comment, Question
from declarant.problems import bad_input

LONGEST = 10_000  # characters


def say(actor: Any, question: Question, text: str) -> Comment:
    """Add a remark.

    Raises:
        BadInput: when it is empty or too long.
    """
    with change(actor, "question.remark.added", question.subject):
        return Comment.objects.create(draft_id=question.pk, text=_fit(text), author=actor)


def rewrite(actor: Any, comment: Comment, text: str) -> Comment:
    """Replace one's own remark by a new one; the former stays to be read.

    Raises:
        BadInput: when it is somebody else's, was replaced already, or the text does not fit.
    """
    if comment.author_id != actor.pk:
        raise bad_input(
            "questions.not_your_remark",
            _("Somebody else wrote this remark."),
            mend=_("Answer it with one of your own."),
        )
    subject = comment.draft.question.subject
    with change(actor, "question.remark.rewritten", subject, replaces=comment.pk):
        Comment.objects.select_for_update().get(pk=comment.pk)
        if Comment.objects.filter(replaces=comment).exists():
            raise bad_input(
                "questions.remark_replaced",
                _("This remark was replaced already."),
                mend=_("Edit the newest one."),
            )
        return Comment.objects.create(
            draft_id=comment.draft_id, text=_fit(text), author=actor, replaces=comment
        )


def _fit(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise bad_input(
            "questions.remark",
            _("The remark is empty.") if not said else _("The remark is too long."),
            mend=_("Write at most %(most)d characters.") % {"most": LONGEST},
            field="text",
        )
    return said
