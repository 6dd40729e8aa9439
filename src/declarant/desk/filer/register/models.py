"""Tables of the register: records and their versions, evidence files, imports, and its one state.

A record's content has exactly the shape of its part of `register.yaml`. Versions are only added,
and the row of a record repeats its newest one, so that lists and exports read one table.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.register.content_field import ContentField
from declarant.desk.filer.register.kinds import KIND_CHOICES, SECTIONS, Section
from declarant.desk.vault.models import StoredFile
from declarant.desk.work.models import Job

PATH_LENGTH = 400


class Record(models.Model):
    """One thing the register describes, as it stands now."""

    kind = models.CharField(_("kind"), max_length=10, choices=KIND_CHOICES)
    key = models.CharField(_("id"), max_length=100)
    name = models.CharField(_("name"), max_length=300)
    status = models.CharField(_("status"), max_length=40, blank=True)
    content = ContentField()
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    number = models.PositiveIntegerField(_("version"), default=1)
    edited = models.DateTimeField(_("edited"))
    edited_by = models.CharField(_("edited by"), max_length=300)

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="record_once")]
        indexes = [models.Index(fields=["kind", "active", "position"], name="record_in_order")]

    def __str__(self) -> str:
        return self.name or self.key

    def get_absolute_url(self) -> str:
        """Return the record's page."""
        return reverse("register:record", args=[self.kind, self.key])

    @property
    def section(self) -> Section:
        """Where its kind stands in a register."""
        return SECTIONS[self.kind]

    @property
    def subject(self) -> str:
        """What the audit log calls it: `run:atlas-2`."""
        return f"{self.kind}:{self.key}"


class Act(StrEnum):
    """What made a version."""

    CREATED = "created"
    EDITED = "edited"
    IMPORTED = "imported"
    REMOVED = "removed"
    RESTORED = "restored"


ACT_CHOICES = (
    ("created", _("Created")),
    ("edited", _("Edited")),
    ("imported", _("Imported")),
    ("removed", _("Taken out")),
    ("restored", _("Put back")),
)


class Version(models.Model):
    """A record as it was made, edited, taken out or put back; never changed afterwards."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    act = models.CharField(max_length=10, choices=ACT_CHOICES)
    content = ContentField()
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made = models.DateTimeField(_("when"))
    made_by = models.CharField(_("who"), max_length=300)
    why = models.CharField(_("why"), max_length=500, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.record_id} #{self.number}"


class FileUse(models.Model):
    """That a record's newest version names a file of evidence, or the folder of a store."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="file_uses")
    path = models.CharField(max_length=PATH_LENGTH, db_index=True)
    field = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}: {self.path}"


class EvidenceFile(models.Model):
    """A file under a path of the register's folder, one row for each upload.

    `current` is the newest upload of its path, unless it was taken out. `evidence_date` is the day
    the evidence is of, which is not the day it was uploaded.
    """

    path = models.CharField(_("path"), max_length=PATH_LENGTH)
    number = models.PositiveIntegerField(_("version"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    current = models.BooleanField(default=True)
    evidence_date = models.DateField(_("date of the evidence"), null=True, blank=True)
    uploaded = models.DateTimeField(_("uploaded"))
    uploaded_by = models.CharField(_("uploaded by"), max_length=300)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recognised = models.JSONField(null=True)

    class Meta:
        ordering = ("path", "-number")
        constraints = [
            models.UniqueConstraint(fields=["path", "number"], name="evidence_version_once"),
            models.UniqueConstraint(
                fields=["path"], condition=models.Q(current=True), name="evidence_current_once"
            ),
        ]
        indexes = [models.Index(fields=["current", "path"], name="evidence_by_path")]

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        """Return the file's page."""
        return reverse("register:evidence_file", args=[self.pk])

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"evidence:{self.path}"


class RegisterState(models.Model):
    """The one row that every change of the register locks, and that says which register it is."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    fingerprint = models.CharField(max_length=64, blank=True)
    revision = models.PositiveBigIntegerField(default=0)
    changed = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.revision}: {self.fingerprint}"


class Import(models.Model):
    """A folder that came as an archive: looked at first, taken in when somebody confirms."""

    class State(models.TextChoices):
        """Where an import stands."""

        RECEIVED = "received", _("Being looked at")
        READY = "ready", _("Ready to confirm")
        REFUSED = "refused", _("Refused")
        APPLYING = "applying", _("Being taken in")
        APPLIED = "applied", _("Taken in")
        DISCARDED = "discarded", _("Discarded")

    name = models.CharField(_("name"), max_length=300)
    archive = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    received = models.DateTimeField()
    received_by = models.CharField(max_length=300)
    content = ContentField(null=True)
    files = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    against = models.CharField(max_length=64, blank=True)
    with_removals = models.BooleanField(default=False)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of this import."""
        return reverse("register:import", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody may still confirm or discard it."""
        return self.state in (self.State.RECEIVED, self.State.READY)


def name_of_actor(actor: Any) -> str:
    """Return what rows keep of whoever acts: a person's name, or the word of a part of the desk."""
    return str(getattr(actor, "name", "") or actor)[:300]
