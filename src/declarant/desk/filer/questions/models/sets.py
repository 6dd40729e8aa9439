"""What the agency asked: question sets with their questions, and answers it returned."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.models.arrivals import Arrival
from declarant.desk.filer.questions.models.kept import Kept
from declarant.filing.exchange.from_agency import CorrectionNotice, QuestionSet
from declarant.filing.exchange.questions import Question as AskedQuestion
from declarant.filing.published import PUBLISHED


class QuestionSetRecord(Kept):
    """Questions of the agency, as its signed message holds them. Clarifications follow answers."""

    class Stage(models.TextChoices):
        """Whether these are first questions, or questions about answers."""

        INITIAL = "initial", _("Questions")
        CLARIFICATION = "clarification", _("Further questions")

    arrival = models.OneToOneField(Arrival, on_delete=models.PROTECT, related_name="question_set")
    ref = models.CharField(_("document"), max_length=200, unique=True)
    stage = models.CharField(max_length=16, choices=Stage)
    regime = models.CharField(max_length=80)
    case = models.CharField(_("case"), max_length=200, blank=True)
    prepared_on = models.DateField(_("dated"))
    letter = models.TextField(blank=True)
    about_ref = models.CharField(_("about"), max_length=200, blank=True)
    follows = models.ForeignKey(
        "questions.AnswerPackage", on_delete=models.PROTECT, null=True, related_name="followed_by"
    )

    class Meta:
        ordering = ["-arrival__received", "-pk"]

    def __str__(self) -> str:
        name = _("%(stage)s of %(day)s") % {
            "stage": self.get_stage_display(),
            "day": self.prepared_on.isoformat(),
        }
        return f"{name} ({self.case})" if self.case else str(name)

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("questions:set", args=[self.pk])

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"questions:{self.pk}"

    @cached_property
    def document(self) -> QuestionSet:
        """The document as the agency signed it."""
        found = PUBLISHED.validate_json(self.arrival.document.read())
        assert isinstance(found, QuestionSet)  # noqa: S101 - the import has seen to it
        return found


class Question(Kept):
    """One question of a set. Its key stays the same when it is asked again in a later set."""

    question_set = models.ForeignKey(
        QuestionSetRecord, on_delete=models.PROTECT, related_name="questions"
    )
    position = models.PositiveIntegerField()
    key = models.CharField(_("question"), max_length=200)
    topic = models.CharField(max_length=200)
    area = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10)
    text = models.TextField()
    content = models.JSONField()

    class Meta:
        ordering = ["question_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["question_set", "key"], name="questions_key_once")
        ]
        indexes = [models.Index(fields=["key"], name="questions_by_key")]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("questions:question", args=[self.pk])

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"question:{self.question_set_id}/{self.key}"

    @cached_property
    def asked(self) -> AskedQuestion:
        """The question as the document states it."""
        return AskedQuestion.model_validate(self.content)

    @property
    def asks(self) -> Any:
        """What an answer must look like: one of the shapes of `exchange.questions`."""
        return self.asked.asks


class CorrectionRecord(Kept):
    """Answers that the agency returned for correction."""

    arrival = models.OneToOneField(Arrival, on_delete=models.PROTECT, related_name="correction")
    ref = models.CharField(_("document"), max_length=200, unique=True)
    question_set = models.ForeignKey(
        QuestionSetRecord, on_delete=models.PROTECT, related_name="corrections"
    )
    package = models.ForeignKey(
        "questions.AnswerPackage", on_delete=models.PROTECT, related_name="returned_by"
    )
    prepared_on = models.DateField(_("dated"))
    letter = models.TextField(blank=True)

    class Meta:
        ordering = ["-arrival__received", "-pk"]

    def __str__(self) -> str:
        return str(_("Answers returned on %(day)s") % {"day": self.prepared_on.isoformat()})

    @cached_property
    def document(self) -> CorrectionNotice:
        """The notice as the agency signed it."""
        found = PUBLISHED.validate_json(self.arrival.document.read())
        assert isinstance(found, CorrectionNotice)  # noqa: S101 - the import has seen to it
        return found


class ReturnedAnswer(Kept):
    """One answer that a notice returns, and why."""

    correction = models.ForeignKey(
        CorrectionRecord, on_delete=models.PROTECT, related_name="returned"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="returned")
    why = models.TextField()
    asks_for = models.TextField(blank=True)

    class Meta:
        ordering = ["question__position"]

    def __str__(self) -> str:
        return f"{self.correction}: {self.question}"
