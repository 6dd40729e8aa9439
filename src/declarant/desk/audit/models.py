"""Tables of the audit log: its entries, the state of its tree, its signed heads.

Nothing refers to another table: the log stands alone, whoever leaves. Moments are text in the form
of the canonical content, so that both databases hold them, and a verifier compares them, exactly.
Columns besides `content` and `leaf` repeat what the content says, to be searched by.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import models

from declarant.audit_log import Frontier, SignedHead, moment_text, read_entry, read_moment

MOMENT_LENGTH = 27  # 2027-01-15T14:03:22.120934Z
LOG_ID_LENGTH = 32
HASH_LENGTH = 64


class Entry(models.Model):
    """One change: who, what, to what. Never edited, never deleted: the database refuses."""

    index = models.BigIntegerField(primary_key=True)
    moment = models.CharField(max_length=MOMENT_LENGTH)
    actor = models.TextField()
    actor_name = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    content = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ("index",)
        indexes = (
            models.Index(fields=("subject", "index"), name="audit_entry_by_subject"),
            models.Index(fields=("actor", "index"), name="audit_entry_by_actor"),
            models.Index(fields=("action", "index"), name="audit_entry_by_action"),
            models.Index(fields=("moment", "index"), name="audit_entry_by_moment"),
        )

    def __str__(self) -> str:
        return f"{self.index} {self.action} {self.subject}"

    @property
    def when(self) -> datetime:
        """The moment, in UTC."""
        return read_moment(self.moment)

    @property
    def summary(self) -> str:
        """The detail in one line."""
        from declarant.desk.audit.reading import summary

        return summary(self.detail)

    @cached_property
    def detail(self) -> dict[str, Any]:
        """What the entry says besides, from its canonical content."""
        return read_entry(bytes(self.content)).detail


class Tree(models.Model):
    """The one row that an append locks: the log's id, and what is needed to append."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    log = models.CharField(max_length=LOG_ID_LENGTH)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_tree_only"),)

    def __str__(self) -> str:
        return f"{self.log}: {self.size}"

    def read(self) -> Frontier:
        """Return the frontier.

        Raises:
            ValueError: when the row was damaged.
        """
        return Frontier.from_bytes(self.size, bytes(self.frontier))


class Head(models.Model):
    """A signed head of the tree, as it was sent away."""

    number = models.BigIntegerField(
        primary_key=True
    )  # from 1 without a gap, so that none goes unseen
    log = models.CharField(max_length=LOG_ID_LENGTH)
    size = models.BigIntegerField()
    root = models.CharField(max_length=HASH_LENGTH)
    moment = models.CharField(max_length=MOMENT_LENGTH)
    key = models.CharField(max_length=HASH_LENGTH)
    signature = models.CharField(max_length=2 * HASH_LENGTH)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.moment}: {self.size}"

    @property
    def when(self) -> datetime:
        """The moment it was signed, in UTC."""
        return read_moment(self.moment)

    def signed(self) -> SignedHead:
        """Return it as the file that leaves the machine says it."""
        return SignedHead(self.log, self.size, self.root, self.moment, self.key, self.signature)


def day_bounds(first: datetime, end: datetime) -> dict[str, str]:
    """Return the filter for entries from `first` up to, not including, `end`."""
    return {"moment__gte": moment_text(first), "moment__lt": moment_text(end)}
