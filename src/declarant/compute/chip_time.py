"""Operations from devices and time: units x seconds x dense peak x utilisation.

The hardware method of the Commission's guidelines for general-purpose AI, C(2025) 5045, annex A.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from declarant.problems import bad_input
from declarant.quantities import Interval, show_rate

FORMULA_VERSION = "chip-time/1"
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class ChipTime:
    """What devices could do, and what they did.

    Attributes:
        capacity: devices x seconds x peak, operations.
        model_operations: capacity x model utilisation.
        formula: the calculation with its values.
    """

    capacity: Interval
    model_operations: Interval
    formula: str


def chip_time(devices: int, seconds: Fraction, peak: Interval, utilisation: Interval) -> ChipTime:
    """Return the model operations of devices over a time.

    Args:
        devices: how many.
        seconds: that each was in use.
        peak: dense rate of one device in the number format in use, operations per second.
        utilisation: model operations over the peak, above 0 and at most 1.

    Raises:
        BadInput: when an amount lies outside its bounds.
    """
    if devices < 1 or seconds <= 0:
        raise bad_input(
            "chip_time.amount",
            f"{devices} devices for {seconds} seconds are no chip time.",
            mend="Give at least one device and a time above zero.",
        )
    if utilisation.high is None or utilisation.high > 1:
        raise bad_input(
            "chip_time.utilisation",
            "a utilisation above 1 is more than the device can do.",
            mend="Give a share of the dense peak, such as 0.35.",
        )
    capacity = peak * (devices * seconds)
    hours = seconds / SECONDS_PER_HOUR
    best = "unknown" if peak.best is None else show_rate(peak.best, 5)
    return ChipTime(
        capacity,
        capacity * utilisation,
        f"{devices} devices x {float(hours):.6g} hours x {best} x {_percent(utilisation)}"
        f" ({utilisation.reason or 'as stated'})",
    )


def _percent(share: Interval) -> str:
    bounds = f"{float(share.low):.1%} to {float(share.high or 1):.1%}"
    return bounds if share.best is None else f"{float(share.best):.1%} ({bounds})"
