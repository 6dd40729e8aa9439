"""The ledger's writer in the trainer's process: one of them for each rank.

What costs the trainer: `add` appends one tuple to a queue, which needs no lock. A daemon thread
empties the queue every second and writes every `flush_seconds`. A thread, and not the trainer's own
call when it is due, because a flush must also come when a step hangs, or while a checkpoint is
written, and because the trainer then never waits for a disk. A thread does not live on in a forked
child: there the queue begins empty, and the first step counted in the child starts a thread and a
file of its own. A child that counts nothing (a data loader's worker) writes nothing.

Nothing here ever raises into the trainer or touches its signal handlers. A process ended by a
signal that it does not handle loses what a kill loses: the last unflushed interval.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
import weakref
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from declarant.compute.tracker import clock, count_json
from declarant.compute.tracker.journal import LOG, Journal, at
from declarant.compute.tracker.rank_file import run_folder
from declarant.compute.tracker.record import Body
from declarant.compute.tracker.step_count import StepCount
from declarant.compute.tracker.tally import Add, Tally

FOLD_SECONDS = 1.0
"""How often the queue is emptied, so that it stays short however fast the steps are."""
LONGEST_KEY = 4096
"""Characters of a signature's key that the ledger holds."""
GREATEST = 2**53 - 1
"""Of a step's number: what JSON holds exactly."""


class LedgerWriter:
    """Writes the ledger of one rank: `signature` once for each distinct step, `add` for each step.

    Args:
        folder: of ledgers; the run gets a folder of its own inside.
        run: the training run's name.
        rank: of this process.
        world_size: how many ranks there are.
        flush_seconds: how long at the most a step is kept in memory only.
        facts: other things that people compare ("tensor_parallel": "8").
    """

    _queue: deque[Add]
    _thread: threading.Thread | None

    def __init__(
        self,
        folder: Path,
        run: str,
        *,
        rank: int = 0,
        world_size: int = 1,
        flush_seconds: float = 10.0,
        facts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._folder = run_folder(Path(folder), run)
        self._identity: dict[str, Any] = {
            "run": run,
            "rank": rank,
            "world_size": world_size,
            "facts": {str(name): str(value) for name, value in facts.items()},
        }
        self._flush_seconds = max(0.001, flush_seconds)
        self._numbers: dict[str, int] = {}
        self._signatures: list[Body] = []
        self._closed = False
        self._begin()
        self._journal.write((), ())
        self._start_thread()
        _WRITERS.add(self)

    @property
    def head(self) -> str:
        """Digest of the last record on disk, to be noted elsewhere; "" before the first."""
        return "" if self._journal.file is None else self._journal.file.head

    @property
    def path(self) -> Path | None:
        """The file that is written, None while none can be opened."""
        return None if self._journal.file is None else self._journal.file.path

    def signature(self, key: str, count: StepCount) -> int:
        """Register a distinct step signature, once, and return its number."""
        with self._registering:
            known = self._numbers.get(key)
            if known is not None:
                return known
            number = len(self._signatures)
            self._signatures.append(
                {
                    "type": "signature",
                    "at": at(),
                    "signature": number,
                    "key": _shortened(key),
                    "count": count_json.as_json(count),
                }
            )
            self._numbers[key] = number
        self._urgent.set()  # the thread writes it now: it bounds what a kill would lose
        return number

    def add(self, signature: int, purpose: str = "", step: int | None = None) -> None:
        """Count one step.

        Args:
            signature: number that `signature` gave.
            purpose: "" for the run's own training, "evaluation" for evaluation.
            step: the trainer's own number of the optimizer step, where it is known; several calls
                may name the same (accumulation of gradients).
        """
        self._queue.append((signature, purpose, step, clock.monotonic()))

    def flush(self) -> None:
        """Write what was counted so far; a trainer may call it when it writes a checkpoint."""
        with self._alone() as alone:
            if alone:
                self._write()

    def anchor(self, noted: str) -> str:
        """Record that the present head is noted elsewhere (`noted` says where); return the head.

        Whoever holds that note can later show that nothing before it was changed or cut off.
        """
        with self._alone() as alone:
            if alone:
                self._write()
            head = self.head
            if alone and head:
                self._write({"type": "anchored", "head": head, "noted": noted})
        return head

    def close(self) -> None:
        """Write the rest and close; what is added later is not counted."""
        self._ending = True
        self._urgent.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=30)
        with self._alone() as alone:
            if not alone:
                return
            if not self._write(self._journal.closed_body()):
                lost = sum(stretch.steps for stretch in self._tally.empty())
                LOG.warning("declarant: %d steps could not be written to the ledger.", lost)
            self._closed = True
            self._queue = deque(maxlen=0)
            self._journal.close()
        _WRITERS.discard(self)

    def _begin(self) -> None:
        """Set up what belongs to one process; again in a forked child."""
        self._writing = threading.RLock()
        self._busy = False
        self._registering = threading.Lock()
        self._urgent = threading.Event()
        self._ending = False
        self._thread = None
        self._queue = deque()
        self._tally = Tally()
        self._journal = Journal(self._folder, self._identity, self._flush_seconds)

    def _after_fork(self) -> None:
        self._journal.drop()
        self._begin()
        self._queue = _Forked(self)

    def _start_thread(self) -> None:
        name = "declarant-ledger"
        self._thread = threading.Thread(target=self._keep_flushing, name=name, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # no more threads, or the interpreter ends: close still writes
            self._thread = None

    def _keep_flushing(self) -> None:
        due = clock.monotonic() + self._flush_seconds
        while True:
            urgent = self._urgent.wait(min(FOLD_SECONDS, max(0.0, due - clock.monotonic())))
            if self._ending:
                return
            self._urgent.clear()
            if urgent or clock.monotonic() >= due:
                due = clock.monotonic() + self._flush_seconds
                self.flush()
            else:
                with self._alone() as alone:
                    if alone:
                        self._fold()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Hold the file; False when it is closed, or when a signal handler came in between."""
        with self._writing:
            if self._closed or self._busy:
                yield False
                return
            self._busy = True
            try:
                yield True
            finally:
                self._busy = False

    def _fold(self) -> None:
        queue = self._queue
        for _ in range(len(queue)):
            signature, purpose, step, moment = queue.popleft()
            self._tally.take((signature, purpose, _whole(step), moment))

    def _write(self, *others: Body) -> bool:
        self._fold()  # before the signatures are looked at: each step's own is among them then
        stretches = self._tally.empty()
        written = False
        try:
            written = self._journal.write(self._signatures, stretches, others)
        finally:
            if not written:
                self._tally.put_back(stretches)
        return written


class _Forked(deque[Add]):
    """The queue of a forked child: the first step counted there starts a thread of its own."""

    def __init__(self, writer: LedgerWriter) -> None:
        super().__init__()
        self._writer = weakref.ref(writer)

    def append(self, add: Add) -> None:
        writer = self._writer()
        if writer is not None:
            writer._queue = deque([add])
            writer._start_thread()


def _shortened(key: str) -> str:
    """Return a signature's key, with its digest in place of the rest where it is very long."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[:LONGEST_KEY]}... {hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def _whole(step: object) -> int | None:
    if step is None or isinstance(step, bool):
        return None
    try:
        number = int(step)  # type: ignore[call-overload]  # an array's number counts too
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number <= GREATEST else None


_WRITERS: weakref.WeakSet[LedgerWriter] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for writer in list(_WRITERS):
        writer._after_fork()


def _close_all() -> None:
    for writer in list(_WRITERS):
        writer.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
atexit.register(_close_all)
