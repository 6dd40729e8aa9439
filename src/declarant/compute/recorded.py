"""What a recording says beside what is known otherwise: closed form and utilisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from declarant.compute.architecture import Estimate, Recompute, estimate
from declarant.compute.ledger import Purpose
from declarant.compute.readers.capacity import WIDTHS, dense_capacity
from declarant.compute.readers.registry import Given
from declarant.compute.recording import Piece, Recording, added
from declarant.problems import NOWHERE, BadInput, Finding, Severity
from declarant.quantities import WRITTEN, Interval

_SAID = {"None": Recompute.NONE, "full": Recompute.FULL}
"""Recomputation as a log's own arguments say it; of "selective", the amount is not known."""


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Model operations over what the devices could have done, in one number format.

    Attributes:
        number_format: whose dense peak it is held against; "16-bit" and "8-bit" for comparison.
        ratio: model operations / (device seconds x dense peak).
        capacity: device seconds x dense peak, operations.
        in_use: whether this is the format of the run; None when that is not known.
    """

    number_format: str
    ratio: Interval
    capacity: Interval
    in_use: bool | None


def training(recording: Recording) -> tuple[Piece, ...]:
    """Return the pieces of training that were kept: neither lost nor evaluation."""
    apart = (Purpose.LOST_STEPS, Purpose.EVALUATION)
    return tuple(piece for piece in recording.pieces if piece.purpose not in apart)


def closed_form(recording: Recording, given: Given) -> tuple[Estimate | None, tuple[Finding, ...]]:
    """Return the closed form over the tokens of the kept training, None when it cannot be had."""
    tokens = added(piece.tokens for piece in training(recording))
    if given.architecture is None or tokens is None or tokens.best is None or tokens.best < 1:
        return None, ()
    architecture, recompute = given.architecture, given.recompute
    if recompute is Recompute.UNKNOWN:
        said = dict(recording.facts).get("recompute_granularity")
        recompute = _SAID.get(said or "", Recompute.UNKNOWN)
    length = given.sequence_length or _length(recording)

    def of(amount: Fraction) -> Estimate:
        return estimate(
            architecture, max(1, round(amount)), sequence_length=length, recompute=recompute
        )

    try:
        result = of(tokens.best)
        if not tokens.is_exact:
            least, most = of(tokens.low), None if tokens.high is None else of(tokens.high)
            result = replace(
                result,
                model_operations=_between(result, least, most, "model_operations"),
                executed_operations=_between(result, least, most, "executed_operations"),
            )
    except BadInput as refused:
        return None, tuple(
            Finding(item.code, item.what, item.where, item.mend, Severity.WARNING, "no closed form")
            for item in refused.findings
        )
    return result, result.findings


def _between(best: Estimate, least: Estimate, most: Estimate | None, column: str) -> Interval:
    middle: Interval = getattr(best, column)
    high: Interval | None = None if most is None else getattr(most, column)
    low: Interval = getattr(least, column)
    return Interval(low.low, middle.best, None if high is None else high.high, middle.reason)


def utilisations(
    recording: Recording, given: Given, model_operations: Interval | None
) -> tuple[tuple[Utilisation, ...], tuple[Finding, ...]]:
    """Hold model operations of the kept training against the devices' dense peaks.

    The format in use comes first, if it is known; the others are there for comparison only.
    """
    pieces = training(recording)
    seconds = added(piece.device_seconds for piece in pieces)
    device = given.device or next((piece.device for piece in pieces if piece.device), None)
    if seconds is None or model_operations is None or device is None:
        return (), ()
    used = recording.number_format or given.number_format
    found: list[Utilisation] = []
    for name in (used, *WIDTHS) if used in WRITTEN else WIDTHS:
        capacity = dense_capacity(device, name, seconds)
        if capacity is None or capacity.low == 0 or capacity.high is None:
            continue
        if any(capacity == item.capacity for item in found):  # the width of the format in use
            continue
        in_use = None if used is None else name == used
        found.append(Utilisation(name, _ratio(model_operations, capacity), capacity, in_use))
    if not found:
        note = Finding(
            "recording.peak_unknown",
            f"no dense peak is known for {device!r}.",
            NOWHERE,
            "Name the device as the catalogue does (declarant hardware list).",
            Severity.WARNING,
            "utilisation is not known",
        )
        return (), (note,)
    impossible = tuple(
        Finding(
            "recording.above_peak",
            f"{float(item.ratio.low):.0%} of the dense peak in {item.number_format} is more than "
            "the devices can do.",
            NOWHERE,
            "Check the device, the number of devices, the number format and the configuration.",
            Severity.ERROR,
            "one of the figures is wrong",
        )
        for item in found
        if item.in_use and item.ratio.low > 1
    )
    return tuple(found), impossible


def _ratio(operations: Interval, capacity: Interval) -> Interval:
    best = None
    if operations.best is not None and capacity.best:
        best = operations.best / capacity.best
    high = None if operations.high is None else operations.high / capacity.low
    return Interval.between(
        operations.low / (capacity.high or Fraction(1)), high, best, operations.reason
    )


def _length(recording: Recording) -> int | None:
    for name, value in recording.facts:
        if name in ("seq_length", "max_sequence_length") and value.isdigit() and len(value) < 10:
            return int(value) or None
    return None
