"""Checkpoints and jobs of a run, in the order of progress.txt: what was kept, what was undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from declarant.compute.progress import Mark
from declarant.compute.readers.megatron.progress_lines import Entry
from declarant.quantities import Interval

MOST_KEPT = 200_000
MOST_LOST = 200


@dataclass(frozen=True, slots=True)
class Unseen:
    """A restart: at most so many operations were done after the last checkpoint, and undone."""

    entry: Entry
    most: Fraction
    by: str


@dataclass(slots=True)
class Job:
    """A stretch of lines of one job."""

    id: str
    devices: int
    started: datetime | None
    first_line: Entry
    last: Entry | None = None


@dataclass(slots=True)
class History:
    """Takes the lines in order; `chain` holds the checkpoints that the kept work stands on."""

    chain: list[Entry] = field(default_factory=list)
    lost: list[tuple[Entry, Entry]] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    resets: list[tuple[Entry, Entry]] = field(default_factory=list)
    damaged: list[tuple[str, int]] = field(default_factory=list)
    checkpoints: int = 0
    before: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    tokens_before: tuple[Fraction, Fraction] | None = (Fraction(0), Fraction(0))
    steps_before: int = 0
    _step: Fraction = Fraction(0)  # most operations between two checkpoints of one job

    @property
    def last(self) -> Entry | None:
        """The last checkpoint of the kept work."""
        return self.chain[-1] if self.chain else None

    @property
    def first_moment(self) -> datetime | None:
        """When the first line was written."""
        firsts = [job.first_line.moment for job in self.jobs]
        lasts = [job.last.moment for job in self.jobs if job.last]
        return min((*firsts, *lasts), default=None)

    @property
    def last_moment(self) -> datetime | None:
        """When the last checkpoint of any job was written."""
        return max((job.last.moment for job in self.jobs if job.last), default=None)

    @property
    def most_devices(self) -> int | None:
        """The greatest number of devices of a job."""
        return max((job.devices for job in self.jobs), default=None)

    def take(self, entry: Entry | None) -> None:
        """Take a line; one that is not understood is None, and passed over."""
        if entry is None:
            return
        if not self.jobs or entry.starts or entry.job != self.jobs[-1].id:
            self._start(entry)
        if entry.starts or entry.operations is None:
            return  # the confirmation of a checkpoint saved in the background names no total
        self.checkpoints += 1
        last = self.last
        job = self.jobs[-1]
        if last is not None and entry.iteration <= last.iteration:
            if entry.operations[0] < last.total / 2 and entry.iteration < (
                self.chain[0].iteration or 1
            ):
                self._reset(last, entry)
            else:
                self._go_back(last, entry)
        elif last is not None and entry.operations[0] < last.total:
            self._reset(last, entry)
        elif last is not None and job.last is not None:
            self._step = max(self._step, entry.operations[0] - last.total)
        self.chain.append(entry)
        job.last = entry
        if len(self.chain) > MOST_KEPT:
            del self.chain[1:-1:2]

    def _start(self, entry: Entry) -> None:
        last = self.last
        if self.jobs and last is not None and self.jobs[-1].last is not None:
            most, by = self._step, "a checkpoint's worth of work"
            if entry.starts and last.rate:
                gap = max(0, int((entry.moment - last.moment).total_seconds()))
                in_time = last.rate * 10**12 * last.devices * gap
                if in_time < most or not most:
                    most, by = in_time, "the time to the next start"
            if len(self.unseen) < MOST_LOST:
                self.unseen.append(Unseen(entry, most, by))
        started = entry.moment if entry.starts else None
        if len(self.jobs) < MOST_KEPT:
            self.jobs.append(Job(entry.job, entry.devices, started, entry))

    def _go_back(self, last: Entry, entry: Entry) -> None:
        while len(self.chain) > 1 and self.chain[-1].iteration >= entry.iteration:
            self.chain.pop()
        if self.chain[-1].iteration >= entry.iteration:
            self.chain.clear()
            return
        if len(self.lost) < MOST_LOST:
            self.lost.append((last, self.chain[-1]))

    def _reset(self, last: Entry, entry: Entry) -> None:
        """Add up what a running total that was set back leaves out (a converted checkpoint)."""
        amount, half = last.operations or (Fraction(0), Fraction(0))
        self.before = (self.before[0] + amount, self.before[1] + half)
        self.resets.append((last, entry))
        if entry.iteration <= last.iteration:
            self.steps_before += last.iteration
            if self.tokens_before is not None and last.tokens is not None:
                self.tokens_before = (
                    self.tokens_before[0] + last.tokens[0],
                    self.tokens_before[1] + last.tokens[1],
                )
            else:
                self.tokens_before = None
        self.chain.clear()

    def kept(self) -> Interval:
        """Return the trainer's total of the kept work, as wide as it is rounded."""
        amount, half = (self.last.operations if self.last else None) or (Fraction(0), Fraction(0))
        best, off = amount + self.before[0], half + self.before[1]
        return Interval.between(
            max(Fraction(0), best - off), best + off, best, "totals in the file have three digits"
        )

    def tokens(self) -> Interval | None:
        """Return the tokens of the kept work."""
        if self.last is None or self.last.tokens is None or self.tokens_before is None:
            return None
        best = self.last.tokens[0] + self.tokens_before[0]
        off = self.last.tokens[1] + self.tokens_before[1]
        return Interval.between(
            max(Fraction(0), best - off), best + off, best, "totals in the file are rounded"
        )

    def steps(self) -> int:
        """Return the steps of the kept work."""
        return self.steps_before + (self.last.iteration if self.last else 0)

    def device_seconds(self) -> Interval | None:
        """Return devices x time from each job's start to its last checkpoint, if all are known."""
        total = 0
        for job in self.jobs:
            if job.last is None:
                continue
            if job.started is None or job.last.moment < job.started:
                return None
            total += job.devices * int((job.last.moment - job.started).total_seconds())
        return Interval.exactly(total, "from the start of a job to its last checkpoint")

    def marks(self) -> Iterator[Mark]:
        """Yield how far the run was at each checkpoint."""
        for entry in self.chain:
            tokens = None if entry.tokens is None else round(entry.tokens[0])
            yield Mark(entry.moment, self.steps_before + entry.iteration, tokens)
