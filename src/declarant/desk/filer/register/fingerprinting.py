"""Which register this is: one hash of all records and evidence, kept on a row of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from declarant.desk.audit import Change, change
from declarant.desk.filer.register.content_field import json_text
from declarant.desk.filer.register.models import EvidenceFile, Record, RegisterState
from declarant.desk.work.jobs import enqueue

ASSESS = "assessment.assess"


@contextmanager
def register_change(
    actor: Any, action: str, subject: str, **detail: Any
) -> Iterator[tuple[Change, RegisterState]]:
    """Open a change of the register: others wait for its end, and what follows is asked for.

    Yields the entry of the audit log, and the register's state before the change. At the end the
    fingerprint is made anew; where it differs, the register is assessed in the background.
    """
    with change(actor, action, subject, **detail) as entry:
        RegisterState.objects.get_or_create(pk=RegisterState.ONLY)
        state = RegisterState.objects.select_for_update().get(pk=RegisterState.ONLY)
        yield entry, state
        now = _computed()
        if now != state.fingerprint:
            RegisterState.objects.filter(pk=state.pk).update(
                fingerprint=now, revision=state.revision + 1, changed=timezone.now()
            )
            enqueue(ASSESS, actor)


def fingerprint() -> str:
    """Return the hash of the register as it stands; "" while it holds nothing."""
    held = RegisterState.objects.filter(pk=RegisterState.ONLY).values_list("fingerprint", flat=True)
    return held.first() or ""


def _computed() -> str:
    digest = hashlib.sha256()
    records = Record.objects.filter(active=True).order_by("kind", "position", "id")
    for kind, content in records.values_list("kind", "content"):
        digest.update(f"{kind}\t{json_text(content)}\n".encode())
    files = EvidenceFile.objects.filter(current=True).order_by("path")
    for path, sha256 in files.values_list("path", "file__sha256"):
        digest.update(f"{path}\t{sha256}\n".encode())
    return digest.hexdigest()
