"""Running jobs: claimed by a conditional update, kept alive, taken over when a worker died."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.work.jobs import KINDS, Cancelled, Task
from declarant.desk.work.models import Job
from declarant.problems import BadInput

LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 10
SILENT = timedelta(seconds=60)  # a worker that says nothing for so long is dead
MOST_ATTEMPTS = 3


def run_next(worker: str) -> bool:
    """Do the job that has waited longest; return whether there was one."""
    _take_over_from_the_dead()
    row = _claim(worker)
    if row is None:
        return False
    with _heartbeat(row):
        _do(row)
    return True


def _claim(worker: str) -> Job | None:
    while True:
        row = Job.objects.filter(state=Job.State.QUEUED).order_by("asked").first()
        if row is None:
            return None
        now = timezone.now()
        won = Job.objects.filter(pk=row.pk, state=Job.State.QUEUED).update(
            state=Job.State.RUNNING,
            claimed_by=worker,
            started=now,
            heartbeat=now,
            attempts=row.attempts + 1,
        )
        if won:
            row.refresh_from_db()
            return row


def _take_over_from_the_dead() -> None:
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat__lt=timezone.now() - SILENT)
    silent.filter(attempts__lt=MOST_ATTEMPTS).update(state=Job.State.QUEUED, claimed_by="")
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED,
        finished=timezone.now(),
        text=_("The worker died each time it tried this. Ask the operator to look at its log."),
    )


def _do(row: Job) -> None:
    state, result, text, findings = Job.State.DONE, None, "", []
    try:
        if row.cancel_asked:
            raise Cancelled
        result = KINDS[row.kind](Task(row), **row.arguments)
    except Cancelled:
        state, text = Job.State.CANCELLED, _("Cancelled.")
    except BadInput as problem:
        state, text = Job.State.FAILED, str(problem).splitlines()[0][:300]
        findings = [finding.as_json() for finding in problem.findings]
    except Exception:
        LOG.exception("job %s (%s) failed", row.pk, row.kind)
        state = Job.State.FAILED
        text = _("An error of the program stopped this. The operator finds it in the log.")
    Job.objects.filter(pk=row.pk, claimed_by=row.claimed_by).update(
        state=state,
        result=result,
        findings=findings,
        finished=timezone.now(),
        **({"text": text} if text else {}),
    )


@contextmanager
def _heartbeat(row: Job) -> Iterator[None]:
    """Say every few seconds that the worker lives, whatever the job is busy with."""
    if connection.in_atomic_block:  # within a test's transaction no other connection sees the row
        yield
        return
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(HEARTBEAT_SECONDS):
                try:
                    Job.objects.filter(pk=row.pk, claimed_by=row.claimed_by).update(
                        heartbeat=timezone.now()
                    )
                except DatabaseError:  # locked for a while: the next beat may come through
                    LOG.warning("no heartbeat of job %s", row.pk, exc_info=True)
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
