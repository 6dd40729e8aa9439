"""Lines in unbroken succession, which are nearly all of a log: taken in bulk, for speed.

A line is taken here when it is of the usual form, follows on the line before (as many samples as
its steps have, in the same batches) and reports nothing out of the ordinary. Anything else goes to
`Work`, which gets the lines taken so far first.
"""

from __future__ import annotations

from declarant.compute.readers.megatron.lines import (
    PER_DEVICE,
    TOTAL,
    IterationLine,
    iteration_line,
)
from declarant.compute.readers.megatron.settings import Settings
from declarant.compute.readers.megatron.stretches import Stretch
from declarant.compute.readers.megatron.work import OPERATIONS, Work

Row = tuple[int, int, int, int, int]
"""Iteration, steps, microseconds, operations and slack, the last two in units of the line."""

MOST_ROWS = 1 << 14
GROUP = 64
"""Older lines that a stretch holds together; the newer half stays one by one, for restarts."""
HALF_UNIT = 50
"""Half of the last digit of a usual line, in microseconds as in 10^9 operations per second."""


class Succession:
    """The lines since the last one that `Work` was given."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rows: list[Row] = []
        self._settings: Settings | None = None
        self._factor = 0
        self._batch = 0
        self._planned = 0
        self._iteration = 0
        self._consumed = 0
        self._last = b""
        self._taken = 0  # steps of the rows
        self._samples = 0  # and their samples

    @property
    def step(self) -> int:
        """The last step of the kept work, the lines here included."""
        return self._work.step + self._taken

    @property
    def samples(self) -> int | None:
        """The samples so far, those of the lines here included."""
        known = self._work.samples
        return None if known is None else known + self._samples

    def begin(self, line: IterationLine, settings: Settings) -> None:
        """Take note of the line that `Work` was just given: others may follow on it."""
        usual = line.kind == PER_DEVICE and line.throughput is not None and settings.kind != TOTAL
        if not usual or line.consumed is None or not line.batch or not self._work.kept:
            self._settings = None
            return
        self._settings = settings
        self._factor = OPERATIONS * (settings.devices or 1)
        self._batch = line.batch
        self._planned = line.planned or 0
        self._iteration, self._consumed = line.iteration, line.consumed

    def take(self, fields: tuple[bytes, ...], line: bytes) -> bool:
        """Take the fields of a usual line that follows on; False when it does not."""
        iteration_, planned, consumed_, ms, ms_tenth, rate, tenth, batch, _, skipped, nan = fields
        if self._settings is None or skipped != b"0" or nan != b"0":
            return False
        iteration = int(iteration_)
        steps = iteration - self._iteration
        samples = int(consumed_) - self._consumed
        if (
            steps < 1
            or samples != steps * self._batch
            or int(batch) != self._batch
            or int(planned) != self._planned
            or iteration > self._planned
        ):
            return False
        time, speed = int(ms + ms_tenth) * 100, int(rate + tenth) * 100
        self._rows.append(
            (iteration, steps, time * steps, time * speed * steps, (time + speed) * steps)
        )
        self._iteration = iteration
        self._consumed += samples
        self._taken += steps
        self._samples += samples
        self._last = line
        if len(self._rows) >= MOST_ROWS:
            self._hand_over(MOST_ROWS // 2, GROUP)
        return True

    def flush(self) -> None:
        """Give `Work` every line taken, each by itself."""
        self._settings = None
        if not self._rows:
            return
        self._hand_over(len(self._rows), 1)
        last = iteration_line(self._last)
        if last is not None:
            self._work.follow_on(last, self._last[: last.began])

    def _hand_over(self, count: int, group: int) -> None:
        rows, self._rows = self._rows[:count], self._rows[count:]
        step = self._work.step
        settings, factor = self._work.kept[-1].settings, self._factor
        made: list[Stretch] = []
        for start in range(0, count, group):
            part = rows[start : start + group]
            _, steps, times, operations, slack = map(sum, zip(*part, strict=True))
            made.append(
                Stretch(
                    settings,
                    step + 1,
                    step + steps,
                    steps * self._batch,
                    steps,
                    times,
                    operations * factor,
                    slack * factor * HALF_UNIT,
                    steps,
                )
            )
            step += steps
        taken = sum(row[1] for row in rows)
        self._taken -= taken
        self._samples -= taken * self._batch
        self._work.extend(made, [row[1] for row in rows], taken * self._batch)
