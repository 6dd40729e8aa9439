"""Sending what waits in the outbox."""

from __future__ import annotations

import hashlib
import logging
import smtplib
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from declarant.desk.work.models import Letter

LOG = logging.getLogger(__name__)
SILENT = timedelta(minutes=15)  # a claim that old belongs to a worker that died
_WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
GIVEN_UP_AFTER = timedelta(days=7)


def send_next(worker: str) -> bool:
    """Send the letter that is due; return whether there was one."""
    row = _claim(worker)
    if row is None:
        return False
    try:
        refused = _hand_over(row)
    except (OSError, smtplib.SMTPException) as problem:
        _put_back(row, problem)
    except Exception as problem:  # one letter that cannot be written must not hold up the others
        LOG.exception("letter %s cannot be handed over", row.key)
        _put_back(row, problem)
    else:
        Letter.objects.filter(pk=row.pk).update(
            state=Letter.State.SENT,
            sent=timezone.now(),
            last_problem=refused,
            **({"text": ""} if row.forget else {}),
        )
    return True


def _claim(worker: str) -> Letter | None:
    now = timezone.now()
    Letter.objects.filter(state=Letter.State.SENDING, claimed__lt=now - SILENT).update(
        state=Letter.State.WAITING
    )
    while True:
        row = (
            Letter.objects.filter(state=Letter.State.WAITING, not_before__lte=now)
            .order_by("not_before", "pk")
            .first()
        )
        if row is None:
            return None
        won = Letter.objects.filter(pk=row.pk, state=Letter.State.WAITING).update(
            state=Letter.State.SENDING,
            claimed=now,
            claimed_by=worker,
            attempts=row.attempts + 1,
        )
        if won:
            row.refresh_from_db()
            return row


def message_of(row: Letter) -> bytes:
    """Return the bytes of a letter: as they were stored, or the plain text as a mail."""
    if row.message is not None:
        return row.message.read()
    mail = EmailMessage()
    mail["From"] = settings.DEFAULT_FROM_EMAIL
    mail["To"] = ", ".join(row.to)
    mail["Subject"] = row.subject
    mail["Date"] = format_datetime(row.posted)
    name = hashlib.sha256(row.key.encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{name}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(row.text)
    return mail.as_bytes()


def _hand_over(row: Letter) -> str:
    """Hand a letter to the mail server; return what it said of addresses it refused."""
    data = message_of(row)
    backend = get_connection()
    if isinstance(backend, EmailBackend):
        backend.open()
        try:
            refused = backend.connection.sendmail(
                parseaddr(settings.DEFAULT_FROM_EMAIL)[1], row.to, data
            )
        finally:
            backend.close()
        return "; ".join(f"{address}: {said[1]!r}" for address, said in refused.items())
    folder = settings.EMAIL_FILE_PATH
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{row.pk:08d}.eml").write_bytes(data)
    return ""


def _put_back(row: Letter, problem: Exception) -> None:
    LOG.warning("letter %s was not accepted: %s", row.key, problem)
    now = timezone.now()
    over = now - row.posted > GIVEN_UP_AFTER and row.message is None
    wait = _WAITS[min(row.attempts, len(_WAITS)) - 1]
    # another worker may have taken it over meanwhile, and may have sent it
    mine = Letter.objects.filter(pk=row.pk, state=Letter.State.SENDING, attempts=row.attempts)
    mine.update(
        state=Letter.State.GIVEN_UP if over else Letter.State.WAITING,
        not_before=now + wait,
        last_problem=str(problem)[:2000],
    )
