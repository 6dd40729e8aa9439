"""Background jobs: what can be done, asking for it, and what a running job may say of itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from declarant.desk.work.models import Job

Do = Callable[..., dict[str, Any] | None]
KINDS: dict[str, Do] = {}
_EVERY_SECONDS = 0.5  # how often progress is written and a wish to cancel is looked for


class Cancelled(Exception):  # noqa: N818 - not an error
    """Somebody asked to stop this job."""


def job(kind: str) -> Callable[[Do], Do]:
    """Register what does jobs of a kind: `f(task, **arguments)` returns the result, or None.

    It must bear being done again from its beginning: a worker may die in the midst of it.
    """

    def register(do: Do) -> Do:
        if kind in KINDS and KINDS[kind] is not do:
            raise ValueError(f"two things are registered for jobs of kind {kind!r}")
        KINDS[kind] = do
        return do

    return register


def enqueue(kind: str, actor: object, *, subject: str = "", **arguments: Any) -> Job:
    """Ask for a job, inside the caller's transaction: it is seen when that commits.

    A job of the same kind, subject and arguments that has not begun yet is returned instead.
    """
    same = Job.objects.filter(
        kind=kind, subject=subject, state=Job.State.QUEUED, arguments=arguments
    )
    if connection.in_atomic_block:
        # held to the end of the caller's transaction, so that a worker does not begin it before
        # it can see what it is asked for
        same = same.select_for_update(skip_locked=True)
    waiting = same.first()
    if waiting is not None:
        return waiting
    asked_by = actor if hasattr(actor, "pk") else None
    return Job.objects.create(kind=kind, subject=subject, arguments=arguments, asked_by=asked_by)


class Task:
    """What a running job knows: its row, and how to say how far it is."""

    def __init__(self, row: Job) -> None:
        self.row = row
        self._written = 0.0

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far the job is, in any unit; call it as often as you like.

        Raises:
            Cancelled: when somebody asked to stop.
        """
        now = time.monotonic()
        if now - self._written < _EVERY_SECONDS and not (text and text != self.row.text):
            return
        self._written = now
        self.row.done, self.row.total = done, total
        self.row.text = str(text) or self.row.text
        mine = Job.objects.filter(pk=self.row.pk)
        mine.update(done=done, total=total, text=self.row.text[:300])
        if mine.filter(cancel_asked=True).exists():
            raise Cancelled
