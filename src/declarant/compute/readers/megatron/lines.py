r"""One line of a Megatron-LM log about an iteration: its fields, read from bytes.

The line is made by `training_log` in megatron/training/training.py (github.com/NVIDIA/Megatron-LM);
Megatron-DeepSpeed of the BigScience workshop writes seconds, and `TFLOPs:` at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = rb"(\d{1,12}(?:\.\d{1,9})?)"
USUAL = re.compile(
    rb"iteration +(\d{1,15})/ *(\d{1,15}) \| consumed samples: +(\d{1,18}) \|"
    rb" elapsed time per iteration \(ms\): (\d{1,12})\.(\d) \|"
    rb" throughput per GPU \(TFLOP/s/GPU\): (\d{1,12})\.(\d) \|"
    rb"(?>(?:[^|]*\|)*? global batch size: +(\d{1,12}) \|)(?: lm loss: ([0-9.E+-]{1,20}) \|)?"
    rb"(?>(?:[^|]*\|)*? number of skipped iterations: +(\d{1,12}) \|)"
    rb" number of nan iterations: +(\d{1,12}) \|",
    re.ASCII,
)
"""Nearly every line of a log since 2023, with its fields in order."""
LONGEST_USUAL = 4096
"""Bytes; a usual line has some 500. Searching a long one for USUAL may take its square."""
_BEGIN = re.compile(rb"iteration +(\d{1,15})/ *(\d{1,15}|infinity)(?=[ |])", re.ASCII)
_ELAPSED = re.compile(
    rb"elapsed time per iteration \((m?s)\): *" + _NUMBER + rb"(?=[ /|]|$)", re.ASCII
)
_PER_DEVICE = re.compile(
    rb"(?:throughput|compute) per GPU \((?:MODEL_)?TFLOP/s/GPU\): *" + _NUMBER + rb"(?=[ /|]|$)"
)
_TOTAL = re.compile(rb"(?:\| *|total )throughput \(TFLOP/s\): *" + _NUMBER + rb"(?=[ /|]|$)")
_RECOMPUTING = re.compile(rb"\| *TFLOPs: *" + _NUMBER + rb"(?=[ /|]|$)")
_SAMPLES = re.compile(rb"consumed samples: *(\d{1,18})(?=[ |]|$)", re.ASCII)
_BATCH = re.compile(rb"global batch size: *(\d{1,12})(?=[ |]|$)", re.ASCII)
_LOSS = re.compile(rb"lm loss: *([0-9.E+-]{1,20})(?=[ |]|$)", re.ASCII)
_SKIPPED = re.compile(rb"number of skipped iterations: *(\d{1,12})(?=[ |]|$)", re.ASCII)
_NAN = re.compile(rb"number of nan iterations: *(\d{1,12})(?=[ |]|$)", re.ASCII)

PER_DEVICE, TOTAL, RECOMPUTING = 0, 1, 2
"""What a throughput is: of one device; of all; of one, with recomputation where there was any."""


@dataclass(slots=True)
class IterationLine:
    """What a line says. Amounts are whole numbers, so that sums are exact.

    Attributes:
        iteration: how many are done.
        planned: how many there shall be, None for "infinity".
        consumed: samples so far, as the trainer counts them.
        microseconds: mean time of an iteration, and half a unit of its last digit.
        throughput: in 10^9 operations per second, None when not printed; and half a unit.
        kind: PER_DEVICE, TOTAL or RECOMPUTING.
        batch: samples in an iteration.
        loss: of the language model.
        skipped: iterations since the last line that updated nothing.
        nan: iterations since the last line whose loss was no number.
        began: where in the line the fields begin.
    """

    iteration: int
    planned: int | None
    consumed: int | None
    microseconds: int
    microseconds_off: int
    throughput: int | None
    throughput_off: int
    kind: int
    batch: int | None
    loss: float | None
    skipped: int
    nan: int
    began: int


def iteration_line(line: bytes) -> IterationLine | None:
    """Return the fields of a line about an iteration; None when it is none, or is damaged."""
    found = USUAL.search(line) if len(line) <= LONGEST_USUAL else None
    if found is None:
        return _in_other_order(line)
    iteration, planned, consumed, ms, ms_tenth, rate, tenth, batch, loss, skipped, nan = (
        found.groups()
    )
    return IterationLine(
        int(iteration),
        int(planned),
        int(consumed),
        int(ms + ms_tenth) * 100,
        50,
        int(rate + tenth) * 100,
        50,
        PER_DEVICE,
        int(batch),
        _loss(loss),
        int(skipped),
        int(nan),
        found.start(),
    )


def _in_other_order(line: bytes) -> IterationLine | None:
    begun = _BEGIN.search(line)
    if begun is None:
        return None
    elapsed = _ELAPSED.search(line, begun.end())
    if elapsed is None:
        return None
    micros, micros_off = _scaled(elapsed[2], 3 if elapsed[1] == b"ms" else 6)
    speed, speed_off, kind = None, 0, PER_DEVICE
    for pattern, means in ((_PER_DEVICE, PER_DEVICE), (_TOTAL, TOTAL), (_RECOMPUTING, RECOMPUTING)):
        rate = pattern.search(line, begun.end())
        if rate is not None:
            (speed, speed_off), kind = _scaled(rate[1], 3), means
            break
    loss = _LOSS.search(line, begun.end())
    return IterationLine(
        int(begun[1]),
        None if begun[2] == b"infinity" else int(begun[2]),
        _whole(_SAMPLES, line, begun.end()),
        micros,
        micros_off,
        speed,
        speed_off,
        kind,
        _whole(_BATCH, line, begun.end()),
        _loss(loss[1] if loss else None),
        _whole(_SKIPPED, line, begun.end()) or 0,
        _whole(_NAN, line, begun.end()) or 0,
        begun.start(),
    )


def _whole(pattern: re.Pattern[bytes], line: bytes, start: int) -> int | None:
    found = pattern.search(line, start)
    return int(found[1]) if found else None


def _scaled(text: bytes, digits: int) -> tuple[int, int]:
    """Return the decimal times 10^digits, and half a unit of its last place, both whole numbers.

    Places beyond `digits` are cut off.
    """
    point = text.find(b".")
    if point < 0:
        return int(text) * 10**digits, 10**digits // 2
    places = len(text) - point - 1
    if places > digits:
        text, places = text[: point + 1 + digits], digits
    unit = 10 ** (digits - places)
    return int(text[:point] + text[point + 1 :]) * unit, unit // 2


def _loss(text: bytes | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
