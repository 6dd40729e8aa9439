"""Mail goes out by way of rows: written in the transaction of what it is about, sent by the worker.

A row is sent until the server accepts it. Every try carries the same Message-ID, so that a mail
which went out just before a worker died is one mail to whoever receives it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from declarant.desk.vault.models import StoredFile
from declarant.desk.work.models import Letter

KEPT_AS_FILES = "django.core.mail.backends.filebased.EmailBackend"


def leaves() -> bool:
    """Whether mail leaves this machine; without a mail server it is kept as files in the home."""
    return bool(settings.EMAIL_BACKEND != KEPT_AS_FILES)


def post(
    *,
    key: str,
    to: Sequence[str],
    subject: str,
    text: str,
    not_before: datetime | None = None,
    forget: bool = False,
) -> Letter:
    """Put a mail of plain text into the outbox; a key that stands there already changes nothing.

    `forget` empties the text once the mail went out: it holds a link that opens something.
    """
    one_line = " ".join(subject.split())  # what people named must not become header fields
    return _put(key, to, not_before, subject=one_line[:500], text=text, forget=forget)


def post_raw(
    *, key: str, to: Sequence[str], message: StoredFile, not_before: datetime | None = None
) -> Letter:
    """Put a whole message (RFC 5322) into the outbox; its bytes are sent as they are."""
    return _put(key, to, not_before, message=message)


def _put(key: str, to: Sequence[str], not_before: datetime | None, **content: object) -> Letter:
    when = {"not_before": not_before} if not_before else {}
    row, _ = Letter.objects.get_or_create(
        key=key, defaults={"to": sorted(set(to)), **content, **when}
    )
    return row
