"""Attempts of jobs, each with the device-seconds it held, and sums of small ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from declarant.compute.readers.slurm.tres import Devices
from declarant.quantities import Interval


@dataclass(slots=True)
class Attempt:
    """One stretch for which a job held its devices.

    Attributes:
        job: its number; `shown` as users know it.
        held: seconds in use: elapsed, without suspension.
        stopped: seconds of suspension inside the elapsed time.
        devices: what AllocTRES says.
        restarts: how often the job had been requeued by then, None unknown.
        energy: joules, 0 where the site does not measure it.
        open: still running when sacct looked.
        only_steps: no row of the job itself was there: at least this.
        missing: earlier attempts are not in the files.
    """

    job: str
    shown: str
    name: str
    state: str
    start: datetime | None
    end: datetime | None
    held: int
    stopped: int
    devices: Devices
    nodes: int | None
    node_list: str
    restarts: int | None
    file: str
    line: int
    energy: int
    open: bool = False
    only_steps: bool = False
    missing: bool = False

    @property
    def bounds(self) -> tuple[int, int | None, int | None, str]:
        """Device-seconds: low, best, high and why they differ; None is no bound."""
        low, best, high = (
            None if number is None else number * self.held for number in self.devices.bounds
        )
        if self.devices.number is None:
            return 0, None, None, f"job {self.shown} names no device"
        if self.missing:
            return low or 0, None, None, f"attempts of job {self.shown} are not in the files"
        if self.only_steps:
            return low or 0, None, None, f"job {self.shown} is known by its steps alone"
        return low or 0, best, high, self.devices.number.reason

    @property
    def used(self) -> Interval:
        """Device-seconds; without an upper bound where devices or attempts are not known."""
        low, best, high, reason = self.bounds
        return Interval.between(low, high, best, reason)

    @property
    def most(self) -> int:
        """Device-seconds at the most, as far as the row tells; for findings."""
        return self.devices.most * self.held


@dataclass(slots=True)
class Sum:
    """Small jobs of one name together; amounts in device-seconds, None without a bound."""

    name: str
    jobs: int = 0
    low: int = 0
    best: int | None = 0
    high: int | None = 0
    reason: str = ""
    start: datetime | None = None
    end: datetime | None = None
    devices: int = 0
    by_type: dict[str, int] = field(default_factory=dict)

    @property
    def used(self) -> Interval:
        """Device-seconds of all."""
        return Interval.between(self.low, self.high, self.best, self.reason)

    def add(self, attempt: Attempt) -> None:
        """Take one more attempt."""
        self.jobs += 1
        low, best, high, reason = attempt.bounds
        self.low += low
        self.best = None if self.best is None or best is None else self.best + best
        self.high = None if self.high is None or high is None else self.high + high
        self.reason = self.reason or reason
        if attempt.start is not None:
            self.start = attempt.start if self.start is None else min(self.start, attempt.start)
        if attempt.end is not None:
            self.end = attempt.end if self.end is None else max(self.end, attempt.end)
        self.devices = max(self.devices, attempt.devices.most)
        for name, count in attempt.devices.types:
            self.by_type[name] = self.by_type.get(name, 0) + count * attempt.held
