"""Jobs of an accounting export: every attempt once, steps apart, within a bound of memory."""

from __future__ import annotations

from datetime import datetime, timedelta

from declarant.compute.readers.slurm.attempts import Attempt, Sum
from declarant.compute.readers.slurm.notes import Notes
from declarant.compute.readers.slurm.rows import Row, is_nothing, seconds, whole
from declarant.compute.readers.slurm.times import Moments
from declarant.compute.readers.slurm.tres import NO_DEVICES, Devices, devices_of
from declarant.quantities import Interval

MOST_HELD = 100_000
"""Jobs looked at one by one; of more, the smallest are summed under their names."""
MOST_NAMES = 1_000
"""Names under which small jobs are summed; what is beyond stands under no name."""
_RECENT = 1_000  # rows of one job stand together: the last jobs read are never summed yet
_FAILURES = ("NODE_FAIL", "BOOT_FAIL", "FAILED", "OUT_OF_MEMORY")


class Jobs:
    """Takes rows in any number; each attempt of a job is held once."""

    def __init__(self, notes: Notes, moments: Moments, most: int = MOST_HELD) -> None:
        self._notes = notes
        self._moments = moments
        self._most = most
        self._held: dict[str, dict[str, Attempt]] = {}
        self._steps: dict[str, Attempt] = {}
        self._number = 0
        self.sums: dict[str, Sum] = {}
        self.states: dict[str, int] = {}
        self.energy = 0
        self._names_devices = False

    def add(self, row: Row) -> None:
        """Take one row."""
        attempt = self._attempt(row)
        if attempt is None:
            return
        self._names_devices |= attempt.devices.number is not None
        if row.step:
            self._add_step(row, attempt)
        else:
            self._add_job(row, attempt)

    def finish(self, devices: int | None = None) -> list[Attempt]:
        """Return the attempts held, in the order read, those known by their steps last.

        `devices` stands in where no row of the files names any.
        """
        for job, step in self._steps.items():
            if job not in self._held:
                step.only_steps = True
                self._notes.add("sacct.only_steps", step.shown, step.most, step.file, step.line)
                self._held[job] = {"": step}
                self._number += 1
        for attempts in self._held.values():
            for attempt in attempts.values():
                if devices and not self._names_devices:
                    attempt.devices = Devices(Interval.exactly(devices), (("", devices),))
                    self._note("sacct.devices_given", attempt, attempt.most)
                self.settle(attempt)
            self._count_restarts(list(attempts.values()))
        return self.attempts()

    def attempts(self) -> list[Attempt]:
        """Return the attempts that are held one by one, in the order read."""
        return [attempt for attempts in self._held.values() for attempt in attempts.values()]

    def fold(self, most: int, spared: int = 0, *, settled: bool = False) -> None:
        """Sum the smallest attempts under their names until `most` are held one by one.

        The last `spared` jobs stay; `settled` says that every attempt was settled before.
        """
        everything = [
            (attempt.most, job, key)
            for job, attempts in list(self._held.items())[: len(self._held) - spared]
            for key, attempt in attempts.items()
        ]
        surplus = self._number - most
        if surplus <= 0:
            return
        everything.sort()
        for amount, job, key in everything[:surplus]:
            attempt = self._held[job].pop(key)
            if not self._held[job]:
                del self._held[job]
            name = attempt.name if len(self.sums) < MOST_NAMES or attempt.name in self.sums else ""
            if name not in self.sums:
                self.sums[name] = Sum(name)
            self.sums[name].add(attempt)
            self._number -= 1
            if not settled:
                self.settle(attempt)
            self._notes.add("sacct.summed", attempt.shown, amount)

    def _add_job(self, row: Row, attempt: Attempt) -> None:
        attempts = self._held.setdefault(row.job, {})
        key = row["start"] or row["submit"] or row["restarts"]
        known = attempts.get(key)
        if known is not None:
            fewer = min((attempt, known), key=lambda item: (item.held, item.devices.most))
            self._notes.add("sacct.repeated", row.shown, fewer.most, row.file, row.line)
            if fewer is known:  # the later export knows more
                attempts[key] = attempt
            return
        attempts[key] = attempt
        self._number += 1
        if self._number > self._most:
            self.fold(self._most // 2, _RECENT)

    def _add_step(self, row: Row, attempt: Attempt) -> None:
        if row.job in self._held:
            self._notes.add("sacct.steps", row.shown, attempt.most, row.file, row.line)
            return
        known = self._steps.get(row.job)
        if known is None and len(self._steps) >= self._most:
            self._notes.add("sacct.steps_beyond", row.shown, attempt.most, row.file, row.line)
        elif known is None or attempt.most > known.most:
            self._steps[row.job] = attempt
        if known is not None:
            self._notes.add(
                "sacct.steps", row.shown, min(known.most, attempt.most), row.file, row.line
            )

    def settle(self, attempt: Attempt) -> None:
        """Note what an attempt shows, once nothing will replace it."""
        self.states[attempt.state] = self.states.get(attempt.state, 0) + 1
        self.energy += attempt.energy
        devices, held = attempt.devices, attempt.held
        low, _, high = devices.bounds
        width = (high or 0) - (low or 0)
        seen = {
            "sacct.no_devices": held if devices.number is None else 0,
            "sacct.double_tres": devices.doubled * held,
            "sacct.counts_disagree": width * held if devices.disagrees else 0,
            "sacct.slices": devices.slices * held,
            "sacct.suspended": devices.most * attempt.stopped,
        }
        for code, amount in seen.items():
            if amount:
                self._note(code, attempt, amount)
        if attempt.open:
            self._note("sacct.running", attempt, attempt.most)
        if attempt.state in _FAILURES:
            self._note("sacct.failed", attempt, attempt.most)
        if "+" in attempt.shown:
            self._note("sacct.components", attempt, attempt.most)

    def _note(self, code: str, attempt: Attempt, amount: int) -> None:
        self._notes.add(code, attempt.shown, amount, attempt.file, attempt.line)

    def _count_restarts(self, attempts: list[Attempt]) -> None:
        known = [attempt.restarts for attempt in attempts if attempt.restarts is not None]
        expected = max(known, default=0) + 1
        first = attempts[0]
        if expected > len(attempts):
            attempts[-1].missing = True
            self._notes.add(
                "sacct.attempts_missing", first.shown, attempts[-1].most, first.file, first.line
            )
        if len(attempts) > 1:
            earlier = sum(attempt.most for attempt in attempts[:-1])
            self._notes.add("sacct.requeued", first.shown, earlier, first.file, first.line)

    def _attempt(self, row: Row) -> Attempt | None:
        state = row["state"].split(" ")[0].upper()
        start, end = self._moments.read(row["start"]), self._moments.read(row["end"])
        running = state in ("RUNNING", "COMPLETING", "SUSPENDED") or (
            start is not None and "end" in row.fields and is_nothing(row["end"])
        )
        span = int((end - start).total_seconds()) if start and end and end >= start else None
        elapsed = _elapsed(row)
        if elapsed is None:
            elapsed = span
        if elapsed is None:
            if not row.step and not is_nothing(row["start"]):
                self._notes.add("sacct.no_elapsed", row.shown, 0, row.file, row.line)
            elif not row.step:
                self._notes.add("sacct.never_started", row.shown, 0, row.file, row.line)
            return None
        if elapsed == 0:
            if not row.step:
                self._notes.add("sacct.never_started", row.shown, 0, row.file, row.line)
            return None
        suspended = seconds(row["suspended"]) or 0
        # whether elapsed holds the suspension differs between versions: the span tells
        inside = suspended if span is None or elapsed > span - suspended else 0
        stopped = min(inside, elapsed)
        tres = devices_of(row["alloctres"]) if row["alloctres"] else NO_DEVICES
        if (
            not row.step
            and span is not None
            and abs(span - elapsed) > 60
            and span - suspended != elapsed
        ):
            lacking = abs(span - elapsed) * tres.most
            self._notes.add("sacct.elapsed_disagrees", row.shown, lacking, row.file, row.line)
        if end is not None and start is not None and end < start:
            end = None
        if end is None and start is not None and not running:
            end = _later(start, elapsed)
        return Attempt(
            row.job,
            row.shown,
            row["jobname"],
            state,
            start,
            None if running else end,
            elapsed - stopped,
            stopped,
            tres,
            whole(row["nnodes"]),
            "" if is_nothing(row["nodelist"]) else row["nodelist"],
            whole(row["restarts"]),
            row.file,
            row.line,
            whole(row["consumedenergyraw"]) or 0,
            open=running,
        )


def _elapsed(row: Row) -> int | None:
    for column in ("elapsedraw", "elapsed"):
        found = seconds(row[column])
        if found is not None:
            return found
    return None


def _later(start: datetime, elapsed: int) -> datetime | None:
    try:
        return start + timedelta(seconds=elapsed)
    except OverflowError:
        return None
