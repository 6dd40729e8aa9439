"""Which steps a Megatron-LM log shows, and which of them a restart threw away.

A line stands for the iterations since the line before. When the iteration goes back, the trainer
was restarted from a checkpoint: the steps after it were done, are done again, and were lost.
"""

from __future__ import annotations

import math
from collections import Counter

from declarant.compute.readers.megatron.lines import IterationLine
from declarant.compute.readers.megatron.settings import Settings
from declarant.compute.readers.megatron.stretches import (
    Event,
    Noticed,
    Stretch,
    in_pairs,
    joined,
)

MOST_STRETCHES = 1 << 17
"""Kept of one log, one a line at first; then older ones are joined in pairs, so that any log fits
in memory. A restart far back then cuts a pair in proportion to its steps."""
MOST_EVENTS = 50
MOST_INTERVALS = 1000
OPERATIONS = 1000
"""In a microsecond at 10^9 operations per second."""


class Work:
    """Takes the lines of a log in their order, and keeps apart what was kept and what was lost."""

    def __init__(self) -> None:
        self.kept: list[Stretch] = []
        self.lost: list[list[Stretch]] = []
        self.events: list[Event] = []
        self.noticed = Noticed()
        self.samples: int | None = None  # so far, those before the log included
        self._most = MOST_STRETCHES
        self._offset = 0  # the step at which the iteration counter last began anew
        self._last: IterationLine | None = None
        self._last_rank = b""
        self._first_loss: float | None = None
        self._waiting: tuple[IterationLine, Settings, str, int] | None = None
        self._loaded: int | None = None
        self._has_restarted = False

    @property
    def step(self) -> int:
        """The last step of the kept work."""
        return self.kept[-1].last if self.kept else 0

    def restart(self, loaded: int | None = None) -> None:
        """Take note that the trainer started anew, from the checkpoint of iteration `loaded`."""
        self.settle()
        self._has_restarted = True
        if loaded is not None:
            self._loaded = loaded

    def damaged(self, file: str, number: int) -> None:
        """Take note of a line about an iteration that cannot be read."""
        self.noticed.damaged += 1
        self.noticed.damaged_line = self.noticed.damaged_line or (file, number)

    def add(
        self, line: IterationLine, settings: Settings, file: str, number: int, rank: bytes
    ) -> bool:
        """Take a line; return False when it repeats the one before or cannot be true."""
        if line.iteration < 1 or (line.planned is not None and line.iteration > line.planned):
            self.damaged(file, number)
            return False
        last = self._last
        if last is not None and line.iteration == last.iteration and self._repeats(line, rank):
            self.noticed.repeated += 1
            self.noticed.repeated_operations += _operations(line, 1, settings)[0]
            self.noticed.repeated_line = self.noticed.repeated_line or (file, number)
            return False
        self._last_rank = rank
        if last is None:
            self._last = line
            self._first_loss = line.loss
            if self._loaded is None:
                self._waiting = (line, settings, file, number)
            else:
                self._begin(line, settings, min(self._loaded, line.iteration - 1))
            self._loaded, self._has_restarted = None, False
            return True
        if self._waiting is not None:
            self.settle(line.iteration - last.iteration)
        self._follow(line, last, settings, file, number)
        self._last, self._loaded, self._has_restarted = line, None, False
        return True

    def extend(self, stretches: list[Stretch], steps: list[int], samples: int) -> None:
        """Take stretches that follow on, made of lines that stand for `steps` each."""
        self.kept += stretches
        intervals = self.noticed.intervals
        for interval, times in Counter(steps).items():
            if interval in intervals or len(intervals) < MOST_INTERVALS:
                intervals[interval] += times
        if self.samples is not None:
            self.samples += samples
        self._bound()

    def follow_on(self, line: IterationLine, before: bytes) -> None:
        """Take note of the last line that was taken elsewhere, and what stood before it."""
        self._last = line
        at = before.rfind(b"[2")
        self._last_rank = before[:at] if at >= 0 else before

    def settle(self, interval: int = 0) -> None:
        """Place the very first line, once the next one shows how many steps a line stands for."""
        if self._waiting is None:
            return
        line, settings, _, _ = self._waiting
        self._waiting = None
        steps = settings.log_interval or (interval if interval > 0 else 1)
        self._begin(line, settings, max(0, line.iteration - steps))

    def _begin(self, line: IterationLine, settings: Settings, start: int) -> None:
        steps = line.iteration - start
        self.noticed.first_step = start
        self.noticed.first_operations = _operations(line, 1, settings)[0]
        self.noticed.first_known = line.throughput is not None
        self._count(line, settings, start, steps, None)
        counted = self.kept[-1].samples
        self.samples = (
            line.consumed if line.consumed is not None else counted if not start else None
        )

    def _repeats(self, line: IterationLine, rank: bytes) -> bool:
        last = self._last
        if last is None or self._has_restarted:
            return False
        same = (last.microseconds, last.consumed, last.throughput) == (
            line.microseconds,
            line.consumed,
            line.throughput,
        )
        return same or (bool(rank) and bool(self._last_rank) and rank != self._last_rank)

    def _follow(
        self, line: IterationLine, last: IterationLine, settings: Settings, file: str, number: int
    ) -> None:
        loaded = self._loaded
        back = line.iteration <= last.iteration
        if loaded is not None and loaded < line.iteration:
            start, back = loaded, back or loaded < last.iteration
        elif back:
            start = max(0, line.iteration - (settings.log_interval or self._interval()))
        else:
            start = last.iteration
        before = last.consumed
        if back:
            before = None
            start = self._go_back(line, last, start, settings, file, number)
        else:
            if self._has_restarted:
                self._note("restarted", file, number, self.step, self._offset + start)
            start = last.iteration  # what is not printed of the way there was done all the same
            if line.consumed is not None and before is not None and line.consumed < before:
                self._note("samples_restarted", file, number, before, line.consumed)
                before = None
        self._count(line, settings, start, line.iteration - start, before)
        if self.samples is not None:
            self.samples += self.kept[-1].samples

    def _go_back(
        self,
        line: IterationLine,
        last: IterationLine,
        start: int,
        settings: Settings,
        file: str,
        number: int,
    ) -> int:
        """Tell a restart from a checkpoint from a counter that was set to 0; return its start."""
        goes_on = self._goes_on(line, last, start, settings)
        if goes_on is not False:
            step = self.step
            kind = "counter_restarted"
            self._note(kind, file, number, step, start, is_sure=goes_on is True)
            self._offset = step - start
            return start
        lost = self._roll_back(self._offset + start)
        if lost:
            if len(self.lost) < MOST_EVENTS:
                self.lost.append(lost)
            else:
                self.lost[-1].extend(joined(lost))
            if len(self.events) < MOST_EVENTS:
                self.events.append(
                    Event(
                        "went_back",
                        file,
                        number,
                        lost[-1].last,
                        self._offset + start,
                        tuple(lost),
                        is_sure=self._loaded is not None,
                    )
                )
        return start

    def _goes_on(
        self, line: IterationLine, last: IterationLine, start: int, settings: Settings
    ) -> bool | None:
        """Whether work went on though the iteration fell; None when the log does not settle it.

        A conversion of the checkpoint sets the iteration to 0, and mostly the samples; weights
        stay, so that the loss stays. A start from nothing begins with a high loss.
        """
        consumed, before = line.consumed, last.consumed
        fell = line.iteration <= last.iteration
        if fell and consumed is not None and before is not None and consumed > before:
            return True  # samples went on: only the iteration was set back
        if start > 0:
            return False
        if settings.finetune and self._loaded is not None:
            return True
        new, old, first = line.loss, last.loss, self._first_loss
        if new is None or old is None or not (math.isfinite(new) and math.isfinite(old)):
            return None
        if first is not None and math.isfinite(first) and first > old * 1.2:
            return new < (first + old) / 2
        return new < old * 1.5

    def _roll_back(self, step: int) -> list[Stretch]:
        lost: list[Stretch] = []
        while self.kept and self.kept[-1].last > step:
            stretch = self.kept[-1]
            if stretch.first > step:
                lost.append(self.kept.pop())
            else:
                lost.append(stretch.cut_after(step))
        lost.reverse()
        if self.samples is not None:
            self.samples = max(0, self.samples - sum(stretch.samples for stretch in lost))
        return joined(lost)

    def _count(
        self, line: IterationLine, settings: Settings, start: int, steps: int, before: int | None
    ) -> None:
        samples = _samples(line.consumed, before, line.batch or settings.batch, steps)
        operations, slack = _operations(line, steps, settings)
        offset = self._offset
        stretch = Stretch(
            settings,
            offset + start + 1,
            offset + line.iteration,
            samples or 0,
            0 if samples is None else steps,
            line.microseconds * steps,
            operations,
            slack,
            0 if line.throughput is None else steps,
        )
        noticed = self.noticed
        if steps in noticed.intervals or len(noticed.intervals) < MOST_INTERVALS:
            noticed.intervals[steps] += 1
        if line.skipped or line.nan:
            each = stretch.operations // steps
            noticed.skipped += min(line.skipped, steps)
            noticed.skipped_operations += each * min(line.skipped, steps)
            noticed.nan += min(line.nan, steps)
            noticed.nan_operations += each * min(line.nan, steps)
        self.kept.append(stretch)
        self._bound()

    def _bound(self) -> None:
        if len(self.kept) > self._most:
            older = len(self.kept) // 2
            self.kept[:older] = in_pairs(self.kept[:older])
            # where neighbours have settings of their own, there is little to join
            self._most = max(MOST_STRETCHES, len(self.kept) + MOST_STRETCHES // 4)

    def _interval(self) -> int:
        """How many steps a line mostly stands for."""
        return self.noticed.intervals.most_common(1)[0][0] if self.noticed.intervals else 1

    def _note(
        self, kind: str, file: str, number: int, before: int, after: int, is_sure: bool = True
    ) -> None:
        if len(self.events) < MOST_EVENTS:
            earlier = sum(stretch.operations for stretch in self.kept)
            self.events.append(
                Event(kind, file, number, before, after, (), earlier, is_sure=is_sure)
            )


def _operations(line: IterationLine, steps: int, settings: Settings) -> tuple[int, int]:
    """Return operations as printed (of one device or of all), and how far rounding may be off."""
    rate, time = line.throughput, line.microseconds
    if rate is None:
        return 0, 0
    slack = rate * line.microseconds_off + time * line.throughput_off
    factor = OPERATIONS * steps * (1 if settings.kind == 1 else settings.devices or 1)
    return rate * time * factor, slack * factor


def _samples(consumed: int | None, before: int | None, batch: int | None, steps: int) -> int | None:
    """Return the samples of some steps: the counter's difference where it can be true."""
    by_batch = None if batch is None else batch * steps
    if consumed is None or before is None or consumed <= before:
        return by_batch
    counted = consumed - before
    if by_batch is None or by_batch / 4 <= counted <= by_batch * 4:  # batches grow on the way
        return counted
    return by_batch
