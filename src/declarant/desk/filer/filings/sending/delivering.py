"""Handing messages to the agency's desk over HTTPS, again and again until it answers.

A row is claimed by a conditional update. Every try carries the same bytes and the same idempotency
key, their SHA-256, so that a message which arrived just before a worker died is one message.
"""

from __future__ import annotations

import http.client
import logging
import os
import socket
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from declarant.desk.audit import change
from declarant.desk.filer.filings.models import Dispatch
from declarant.desk.filer.filings.receipts import take_in
from declarant.desk.filer.filings.sending.marking import mark_sent
from declarant.desk.filer.filings.stored import intact
from declarant.problems import BadInput

LOG = logging.getLogger(__name__)
SILENT = timedelta(minutes=5)  # a claim that old belongs to a worker that died
TIMEOUT_SECONDS = 30
MOST_ANSWERED = 16 * 2**20
_WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
_AGAIN = (408, 425, 429)  # refusals that mean: later


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agency's desk said: its status, and the bytes of its receipt, if any."""

    status: int
    receipt: bytes | None
    text: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A filing goes to the address that the operator set, and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def deliver_next() -> bool:
    """Hand over the message that is due; return whether there was one."""
    row = _claim(f"{socket.gethostname()}:{os.getpid()}")
    if row is None:
        return False
    try:
        answer = _handed_over(row)
    except BadInput as problem:  # the stored bytes were changed: nothing leaves
        _put_back(row, str(problem))
    except (OSError, http.client.HTTPException) as problem:
        _put_back(row, str(problem) or type(problem).__name__)
    else:
        _answered(row, answer)
    return True


def _claim(worker: str) -> Dispatch | None:
    while True:
        now = timezone.now()
        due = Dispatch.objects.filter(way=Dispatch.Way.HTTPS).filter(
            Q(state=Dispatch.State.WAITING, not_before__lte=now)
            | Q(state=Dispatch.State.SENDING, claimed__lt=now - SILENT)
        )
        row = due.select_related("filing", "content").order_by("not_before", "pk").first()
        if row is None:
            return None
        with change("worker", "filing.https_tried", subject=row.filing.subject) as entry:
            won = due.filter(pk=row.pk).update(
                state=Dispatch.State.SENDING, claimed=now, claimed_by=worker, tries=row.tries + 1
            )
            entry.note(to=row.to, number=row.tries + 1, sha256=row.content.sha256, mine=bool(won))
        if won:
            row.refresh_from_db()
            return row


def _handed_over(row: Dispatch) -> Answer:
    request = urllib.request.Request(  # noqa: S310 - the operator's own address, https
        row.to,
        data=intact(row.content),
        headers={
            "Content-Type": "message/rfc822",
            "Idempotency-Key": row.content.sha256,
            "User-Agent": "Declarant",
        },
        method="POST",
    )
    opener = urllib.request.build_opener(
        _NoRedirects, urllib.request.HTTPSHandler(context=ssl.create_default_context())
    )
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _read(answer.status, answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _read(refusal.code, refusal)


def _read(status: int, answer: Any) -> Answer:
    body = answer.read(MOST_ANSWERED)
    if answer.headers.get_content_type() == "message/rfc822":
        return Answer(status, body, "")
    return Answer(status, None, body.decode("utf-8", "replace")[:1000])


def _answered(row: Dispatch, answer: Answer) -> None:
    if answer.status >= 500 or answer.status in _AGAIN or 300 <= answer.status < 400:
        _put_back(row, f"HTTP {answer.status} {answer.text}".strip())
        return
    accepted = 200 <= answer.status < 300
    now = timezone.now()
    with change(
        "worker",
        "filing.https_accepted" if accepted else "filing.https_refused",
        subject=row.filing.subject,
        to=row.to,
        status=answer.status,
        sha256=row.content.sha256,
    ):
        # what was accepted is done, also when another worker has taken it over meanwhile
        held = [Dispatch.State.WAITING] if accepted else []
        won = Dispatch.objects.filter(pk=row.pk, state__in=[Dispatch.State.SENDING, *held]).update(
            state=Dispatch.State.DONE if accepted else Dispatch.State.REFUSED,
            finished=now,
            last_problem="" if accepted else f"HTTP {answer.status} {answer.text}".strip(),
        )
        if won and accepted:
            mark_sent("worker", row.filing, now)
    if answer.receipt is not None:
        try:
            take_in("agency", answer.receipt)
        except BadInput as problem:
            LOG.warning("the receipt for filing %s was not taken in: %s", row.filing_id, problem)
            with change("worker", "filing.receipt_refused", subject=row.filing.subject) as entry:
                Dispatch.objects.filter(pk=row.pk).update(note=str(problem)[:2000])
                entry.note(problem=str(problem)[:2000])


def _put_back(row: Dispatch, problem: str) -> None:
    LOG.warning("filing %s was not handed over: %s", row.filing_id, problem)
    wait = _WAITS[min(row.tries, len(_WAITS)) - 1]
    with change("worker", "filing.https_waits", subject=row.filing.subject) as entry:
        # another worker may have taken it over meanwhile; then it is no longer this one's
        Dispatch.objects.filter(pk=row.pk, state=Dispatch.State.SENDING, tries=row.tries).update(
            state=Dispatch.State.WAITING,
            not_before=timezone.now() + wait,
            last_problem=problem[:2000],
        )
        entry.note(problem=problem[:2000])
