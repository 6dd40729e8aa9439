"""A spreadsheet or a document that came back, waiting for somebody to confirm what it changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.models.sets import QuestionSetRecord
from declarant.desk.vault.models import StoredFile


class OfflineUpload(models.Model):
    """One file that was uploaded, and when it was taken over."""

    question_set = models.ForeignKey(
        QuestionSetRecord, on_delete=models.PROTECT, related_name="uploads"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=255)
    uploaded = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
