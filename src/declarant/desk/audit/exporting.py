"""The log as files for an auditor: written to a folder, or packed into one stored file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from declarant.audit_log.export import (
    EXPORTED,
    FILES_DIGEST,
    entry_line,
    file_list,
    write_export,
)
from declarant.desk.audit.change import record
from declarant.desk.audit.heads import make_head

SUBJECT = "audit:log"
_AT_A_TIME = 2000

Progress = Callable[[int, int], None]


def export(folder: Path, actor: Any, progress: Progress = lambda done, total: None) -> int:
    """Write the whole log with its heads and the hashes of all stored files; return its size.

    The export is itself an entry of the log, the last of those exported, under a head made for it.
    `progress(done, total)` counts entries.

    Raises:
        BadInput: when something is in the folder already.
    """
    from declarant.desk.audit.models import Head

    with transaction.atomic():
        files = file_list(_stored_files())
        digest = hashlib.sha256(files).hexdigest()
        record(actor, EXPORTED, SUBJECT, **{FILES_DIGEST: digest})
        head = make_head("export", send=False)
    heads = [row.signed() for row in Head.objects.filter(size__lte=head.size)]
    write_export(folder, _lines(head.size, progress), heads, files)
    return head.size


def _stored_files() -> Iterator[str]:
    if apps.is_installed("declarant.desk.vault"):
        rows = apps.get_model("vault", "StoredFile").objects.order_by("sha256")
        yield from rows.values_list("sha256", flat=True).iterator(chunk_size=_AT_A_TIME)


def _lines(size: int, progress: Progress) -> Iterator[bytes]:
    from declarant.desk.audit.models import Entry

    rows = Entry.objects.filter(index__lt=size).order_by("index").values_list("content", "leaf")
    for done, (content, leaf) in enumerate(rows.iterator(chunk_size=_AT_A_TIME), 1):
        yield entry_line(bytes(content), bytes(leaf))
        progress(done, size)
