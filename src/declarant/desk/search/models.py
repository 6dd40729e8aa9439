"""What can be found, and the terms it is found by. Both are made again from the rooms' own rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Found(models.Model):
    """Something with a page of its own."""

    key = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=40, db_index=True)
    version = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=80)
    title = models.CharField(_("title"), max_length=500)
    url = models.CharField(max_length=400)
    text = models.TextField()
    moment = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """A term of something that can be found, and how much it says about it."""

    found = models.ForeignKey(Found, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=64)
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["term", "found"], name="term_found")]

    def __str__(self) -> str:
        return self.term
