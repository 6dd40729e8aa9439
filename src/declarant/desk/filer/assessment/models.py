"""Assessments, piece by piece so that a page reads only what it shows; and chosen readings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Assessment(models.Model):
    """Everything that followed from one state of the register on one day."""

    fingerprint = models.CharField(max_length=64, db_index=True)
    as_of = models.DateField()
    made = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-made", "-pk"]

    def __str__(self) -> str:
        return f"{self.as_of} {self.fingerprint[:12]}"


class Item(models.Model):
    """One piece of an assessment, in the published form of the command that gives the same."""

    class Kind(models.TextChoices):
        """What a piece is about."""

        REGIME = "regime", _("law")  # a determination; its activities as lists show them
        ACTIVITY = "activity", _("activity")  # one activity of it, whole
        RUN = "run", _("training run")  # segments, agreements, totals, forecast of one run
        CLUSTER = "cluster", _("cluster")  # the verdicts on one cluster, by law
        SUMS = "sums", _("forecast")  # what every sum comes to, without its curves
        PLOT = "plot", _("picture")  # a Vega-Lite specification

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=200)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind", "key"], name="item_stands_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ReadingChoice(models.Model):
    """A reading that somebody chose for an activity's filing, or (reading "") took back.

    Rows are only added: the last one of an activity holds, the others say how it came to be.
    """

    regime = models.CharField(max_length=80)
    activity = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    reading = models.CharField(_("reading"), max_length=400, blank=True)
    reason = models.TextField(_("reason"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    chosen = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["regime", "subject"], name="choice_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.reading or 'the default'}"
