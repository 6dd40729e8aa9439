"""What all trackers of a process share: one view of each thread's passes, so none counts twice."""

from __future__ import annotations

import threading
from typing import Any, Protocol

from declarant.compute.tracker.torch.attachment import Detach, follow_optimizers
from declarant.compute.tracker.torch.formulas import Formula
from declarant.compute.tracker.torch.subject import Owner
from declarant.compute.tracker.torch.watch import Watch


class Follows(Owner, Protocol):
    """A tracker, as the process sees it."""

    def optimizer_stepped(self, optimizer: Any) -> None:
        """Hear that some optimizer made a step."""


class Process:
    """The trackers at work, and a watch for each thread they are used in."""

    def __init__(self) -> None:
        self.formulas: dict[Any, Formula] = {}
        self._trackers: list[Follows] = []
        self._local = threading.local()
        self._watches: list[Watch] = []
        self._detach: Detach | None = None

    def watch(self) -> Watch:
        """Return this thread's watch."""
        held: Watch | None = getattr(self._local, "watch", None)
        if held is None:
            held = self._local.watch = Watch(self.formulas)
            self._watches.append(held)
        return held

    def begin(self, tracker: Follows) -> None:
        """Add a tracker."""
        self._trackers.append(tracker)
        if self._detach is None:
            self._detach = follow_optimizers(self.watch, self._stepped)

    def end(self, tracker: Follows) -> None:
        """Write down what a tracker has open, and remove it; the last one takes all with it."""
        for watch in self._watches:
            watch.close(tracker)
        self._trackers.remove(tracker)
        if not self._trackers and self._detach is not None:
            self._detach()
            self._detach = None
            self._watches.clear()
            self._local = threading.local()
            self.formulas.clear()

    def _stepped(self, optimizer: Any) -> None:
        for tracker in self._trackers:
            tracker.optimizer_stepped(optimizer)


PROCESS = Process()
