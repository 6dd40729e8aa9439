"""The answer to a question as it grows: versions, evidence, remarks between people, steps."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.content import AnswerContent
from declarant.desk.filer.questions.models.kept import Kept
from declarant.desk.filer.questions.models.sets import Question
from declarant.desk.vault.models import StoredFile


class Draft(models.Model):
    """Where the answer to one question stands, and who holds it."""

    class State(models.TextChoices):
        """How far an answer is."""

        UNANSWERED = "unanswered", _("Not answered")
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        SENT = "sent", _("Sent")

    question = models.OneToOneField(
        Question, on_delete=models.PROTECT, primary_key=True, related_name="draft"
    )
    state = models.CharField(max_length=12, choices=State, default=State.UNANSWERED, db_index=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions_held",
    )
    current = models.ForeignKey(
        "questions.AnswerVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.question}: {self.get_state_display()}"

    @property
    def number(self) -> int:
        """The number of the current version: whoever writes names it; 0 before the first."""
        return self.current.number if self.current else 0

    @property
    def is_open(self) -> bool:
        """Whether its answer may be worked on as it stands."""
        return self.state in (self.State.UNANSWERED, self.State.DRAFT)


class AnswerVersion(Kept):
    """What somebody wrote at one moment. Versions are added, never changed.

    `base` is the version it was written over; one that was written over an older version than the
    current one stands `aside`: kept, shown, and taken over only by hand.
    """

    class Origin(models.TextChoices):
        """How it was written."""

        PAGE = "page", _("On the page")
        SPREADSHEET = "spreadsheet", _("In the spreadsheet")
        DOCUMENT = "document", _("In the document")
        CARRIED_OVER = "carried_over", _("Carried over")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField(default=0)
    aside = models.BooleanField(default=False)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.PAGE)
    content = models.JSONField()
    former = models.JSONField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["draft", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="questions_version_once")
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.number})

    @cached_property
    def answer(self) -> AnswerContent:
        """What it says."""
        return AnswerContent.model_validate(self.content)


class Attachment(Kept):
    """A file that an answer rests on: its own date apart from the day it was attached."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    about = models.TextField(_("what it is"), blank=True)
    dated = models.DateField(_("its own date"), null=True, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)
    basis = models.CharField(_("basis"), max_length=80, blank=True)
    attached = models.DateTimeField(auto_now_add=True)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["draft", "pk"]

    def __str__(self) -> str:
        return self.name


class Comment(Kept):
    """A remark between the people who work on an answer; an edited one replaces the former."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="comments")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["draft", "pk"]

    def __str__(self) -> str:
        return str(_("Remark of %(name)s") % {"name": self.author})


class Step(Kept):
    """A step of review: what was done with which version, by whom, and why."""

    class Kind(models.TextChoices):
        """What was done."""

        SUBMITTED = "submitted", _("Handed in for review")
        TAKEN_BACK = "taken_back", _("Taken back")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        SENT = "sent", _("Sent")
        REOPENED = "reopened", _("Opened for correction")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, related_name="steps")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["draft", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.version}"
