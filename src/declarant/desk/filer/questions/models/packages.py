"""Answers put together to be sent: an answer set from its preparation to its receipt."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.models.answers import AnswerVersion
from declarant.desk.filer.questions.models.arrivals import Arrival
from declarant.desk.filer.questions.models.kept import Kept, refuse
from declarant.desk.filer.questions.models.sets import (
    CorrectionRecord,
    Question,
    QuestionSetRecord,
)
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.published import PUBLISHED


class Way(models.TextChoices):
    """How a signed message travels."""

    SMTP = "smtp", _("By e-mail from this desk")
    DOWNLOAD = "download", _("By hand: downloaded, and sent by a person")


class AnswerPackage(models.Model):
    """One answer set. From its signature on, nothing in it changes but how far it has come.

    A correction names what it `supersedes`; the former stands until the agency's receipt accepts
    the later one.
    """

    class State(models.TextChoices):
        """How far an answer set has come."""

        READY = "ready", _("Prepared")
        CERTIFIED = "certified", _("Certified and signed")
        SENT = "sent", _("Sent")
        RECEIVED = "received", _("Received by the agency")
        DISCARDED = "discarded", _("Discarded before it was signed")

    STANDING = (State.CERTIFIED, State.SENT, State.RECEIVED)

    question_set = models.ForeignKey(
        QuestionSetRecord, on_delete=models.PROTECT, related_name="packages"
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=State, default=State.READY, db_index=True)
    corrects = models.ForeignKey(
        CorrectionRecord, on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    reasons = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(_("document"), max_length=200)
    form = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    prepared = models.DateTimeField(auto_now_add=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sealed = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    certified = models.DateTimeField(null=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    way = models.CharField(max_length=10, blank=True, choices=Way)
    sent = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    receipt = models.ForeignKey(Arrival, on_delete=models.PROTECT, null=True, related_name="+")
    accepted = models.BooleanField(null=True)

    class Meta:
        ordering = ["question_set", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question_set", "number"],
                condition=~models.Q(state="discarded"),
                name="questions_package_number_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(officer=models.F("prepared_by")),
                name="questions_package_two_people",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Answers, version %(number)d") % {"number": self.number})

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"answers:{self.question_set_id}/{self.number}"

    @property
    def is_signed(self) -> bool:
        """Whether it was signed: nothing in it changes any more."""
        return self.message_id is not None

    @cached_property
    def answer_set(self) -> AnswerSet:
        """The document as it was prepared or, once it is signed, as it was signed."""
        found = PUBLISHED.validate_json(self.document.read())
        assert isinstance(found, AnswerSet)  # noqa: S101 - composing.py has made it
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row; rows that are there are moved on by conditional updates only.

        Raises:
            BadInput: when the row is there already.
        """
        if not self._state.adding:
            refuse(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            BadInput: always.
        """
        refuse(self)


class SentAnswer(Kept):
    """One answer of a package, the version it was taken from, and what it says there."""

    package = models.ForeignKey(AnswerPackage, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="sent_answers")
    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, related_name="sent_in")
    content = models.JSONField()

    class Meta:
        ordering = ["question__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "question"], name="questions_answered_once_in_a_package"
            )
        ]

    def __str__(self) -> str:
        return f"{self.package}: {self.question}"
