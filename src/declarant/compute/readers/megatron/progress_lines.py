"""One line of Megatron-LM's progress.txt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from fractions import Fraction

from declarant.quantities import Interval

_HEAD = re.compile(
    rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\tJob ID: ([^\t]{0,200})\t# GPUs: (\d{1,9})\t", re.ASCII
)
_ITERATION = re.compile(rb"\tIteration: (\d{1,15})(?:\t|\s*$)", re.ASCII)
_OPERATIONS = re.compile(
    rb"\tFloating-point operations: (\d{1,3}(?:\.\d{1,12})?)e\+?(\d{1,3})(?:\t|\s*$)", re.ASCII
)
_TOKENS = re.compile(
    rb"\tTokens \(in billions\): (\d{1,12})(?:\.(\d{1,9}))?(?: billion)?(?:\t|\s*$)", re.ASCII
)
_RATE = re.compile(
    rb"\tJob throughput: (\d{1,9}(?:\.\d{1,6})?) (?:MODEL_)?TFLOP/s/GPU(?:\t|\s*$)", re.ASCII
)
_LARGEST_EXPONENT = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line says.

    Attributes:
        moment: when it was written, in the zone given, as the file names none.
        job: the scheduler's number, "" when there is none.
        devices: how many worked.
        starts: whether a job started; otherwise a checkpoint was saved.
        iteration: of the checkpoint.
        operations: the running total, and half a unit of its last digit.
        tokens: the running total, and half a unit of its last digit.
        rate: of the job, 10^12 operations per second and device.
    """

    moment: datetime
    job: str
    devices: int
    starts: bool
    iteration: int
    operations: tuple[Fraction, Fraction] | None
    tokens: tuple[Fraction, Fraction] | None
    rate: Fraction | None
    file: str
    line: int

    @property
    def total(self) -> Fraction:
        """The running total of operations, zero when the line names none."""
        return self.operations[0] if self.operations else Fraction(0)

    @property
    def token_interval(self) -> Interval | None:
        """The tokens as an interval, as wide as they are rounded."""
        if self.tokens is None:
            return None
        amount, half = self.tokens
        low = max(Fraction(0), amount - half)
        return Interval.between(low, amount + half, amount, "totals in the file are rounded")


def is_progress_line(line: bytes) -> bool:
    """Whether a line begins as those of progress.txt do."""
    return _HEAD.match(line) is not None


def saved(line: bytes, file: str, number: int, zone: tzinfo) -> Entry | None:
    """Return what a line says; None when it is none of the two kinds, or cannot be true."""
    head = _HEAD.match(line)
    if head is None:
        return None
    try:
        moment = datetime.fromisoformat(head[1].decode()).replace(tzinfo=zone)
    except ValueError:
        return None
    starts = b"\tStarting job" in line
    iteration = _ITERATION.search(line)
    devices = int(head[3])
    if devices < 1 or (not starts and iteration is None):
        return None
    rate = _RATE.search(line)
    return Entry(
        moment,
        head[2].decode("utf-8", "replace").strip(),
        devices,
        starts,
        int(iteration[1]) if iteration and not starts else 0,
        _operations(line),
        _tokens(line),
        Fraction(rate[1].decode()) if rate else None,
        file,
        number,
    )


def _operations(line: bytes) -> tuple[Fraction, Fraction] | None:
    found = _OPERATIONS.search(line)
    if found is None or int(found[2]) > _LARGEST_EXPONENT:
        return None
    text = found[1].decode()
    scale = Fraction(10) ** int(found[2])
    places = len(text.partition(".")[2])
    return Fraction(text) * scale, scale / 10**places / 2


def _tokens(line: bytes) -> tuple[Fraction, Fraction] | None:
    found = _TOKENS.search(line)
    if found is None:
        return None
    part = (found[2] or b"").decode()
    amount = Fraction(found[1].decode() + (f".{part}" if part else "")) * 10**9
    return amount, Fraction(10**9, 10 ** len(part)) / 2
