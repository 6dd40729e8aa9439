"""Puts what a process counted into its file, and never lets a failing disk reach the trainer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from declarant.compute.tracker import clock
from declarant.compute.tracker.opening import opening_bodies
from declarant.compute.tracker.rank_file import RankFile
from declarant.compute.tracker.record import Body
from declarant.compute.tracker.tally import Stretch

LOG = logging.getLogger("declarant.tracker")


class Journal:
    """The file of one process, opened when it can be, and what failed until then.

    Args:
        folder: of the run's ledger.
        identity: run, rank, world_size and facts, as `opened` records hold them.
        due_seconds: between flushes, as intended.
    """

    def __init__(self, folder: Path, identity: dict[str, Any], due_seconds: float) -> None:
        self.folder = folder
        self.identity = identity
        self.due_ms = round(due_seconds * 1000)
        self.file: RankFile | None = None
        self._origin = clock.monotonic()
        self._removed_head = ""
        self._written_signatures = 0
        self._failures = 0
        self._failing_since = ""
        self._reason = ""

    def write(
        self, signatures: Sequence[Body], stretches: Sequence[Stretch], others: Sequence[Body] = ()
    ) -> bool:
        """Write the signatures not yet written, the stretches, and other records.

        Returns:
            Whether all was written; if not, people were warned once, and the caller keeps it all.
        """
        try:
            self._ensure_file()
            new = signatures[self._written_signatures :]
            bodies = [*new, *self._intervals(stretches), *(self._dated(body) for body in others)]
            if self.file is not None and bodies:
                self.file.append(bodies)
                self._written_signatures += len(new)
        except Exception as error:  # whatever it is, training goes on
            self._failed(error)
            return False
        if self._failures:
            LOG.warning("declarant: the ledger is written again; no step was lost.")
        self._failures, self._failing_since, self._reason = 0, "", ""
        return True

    def close(self) -> None:
        """Give up the file and its lock."""
        if self.file is not None:
            self.file.close()

    def drop(self) -> None:
        """Let go of the file in a forked child, so that a worker does not keep its lock alive."""
        if self.file is not None:
            self.file.drop()

    def closed_body(self) -> Body:
        """Return the record that ends the section."""
        return {"type": "closed", "ms": self._ms(clock.monotonic())}

    def _intervals(self, stretches: Sequence[Stretch]) -> list[Body]:
        now = clock.monotonic()
        bodies: list[Body] = [
            {
                "type": "interval",
                "at": at(),
                "due_ms": self.due_ms,
                "ms": self._ms(now),
                **stretch.as_fields(self._origin),
            }
            for stretch in stretches
        ]
        if self._failures:
            failing = {"reason": self._reason, "since": self._failing_since}
            bodies = [{**body, "delayed": failing} for body in bodies]
        return bodies

    def _dated(self, body: Body) -> Body:
        return {"at": at(), **body}

    def _ms(self, moment: float) -> int:
        return round((moment - self._origin) * 1000)

    def _ensure_file(self) -> None:
        """Open the file; anew where it was removed under the process's hands."""
        if self.file is not None and not self.file.is_in_place():
            self._removed_head = self.file.head
            self.file.close()
            self.file = None
        if self.file is not None:
            return
        file = RankFile(self.folder, self.identity["rank"])
        opened = {
            **self.identity,
            "opened_ms": self._ms(clock.monotonic()),
            "due_ms": self.due_ms,
            "zone": clock.zone(),
            **({"removed_head": self._removed_head} if self._removed_head else {}),
        }
        try:
            file.append(opening_bodies(file, opened, clock.now()))
        except BaseException:
            file.close()
            raise
        self.file, self._written_signatures, self._removed_head = file, 0, ""

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures > 1:
            return
        self._failing_since = at()
        self._reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        LOG.warning(
            "declarant: the ledger in %s cannot be written (%s). Training goes on, steps are "
            "counted in memory, and writing is tried again. Free the disk or give access.",
            self.folder,
            self._reason,
        )


def at() -> str:
    """Return the wall clock as records hold it: UTC, to the millisecond."""
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
