"""What devices could have done in a time: device seconds x dense peak of the format in use."""

from __future__ import annotations

from declarant.hardware import match_device
from declarant.quantities import WRITTEN, FormatClass, Interval

WIDTHS = {item.value: item for item in (FormatClass.BITS_16, FormatClass.BITS_8)}
"""Widths to compare with: the fastest format of that width, "16-bit" and "8-bit"."""


def dense_peak(device: str, number_format: str) -> Interval | None:
    """Return the dense peak of one device, operations per second, without sparsity.

    Args:
        device: its name; an ambiguous one gives an interval over every device it may be.
        number_format: as trainers write it, or a key of WIDTHS.

    Returns:
        None when the device, the format or its rate is not known, or the name is of a slice.
    """
    match = match_device(device)
    if not match.devices or match.is_part:
        return None
    if number_format in WIDTHS:
        peak = match.peak(WIDTHS[number_format])
    elif number_format in WRITTEN:
        offered = [item.peaks.get(WRITTEN[number_format]) for item in match.devices]
        rates = [peak.interval for peak in offered if peak is not None and peak.rate_is_known]
        if not rates or len(rates) < len(offered):
            return None
        peak = Interval.hull(rates) * match.per_name
    else:
        return None
    return peak if peak.low > 0 and peak.high is not None else None


def dense_capacity(
    device: str | None, number_format: str | None, device_seconds: Interval | None
) -> Interval | None:
    """Return what the devices could have done, in operations, without sparsity.

    None when the device, its peak, the format or the time is not known.
    """
    if not device or device_seconds is None or number_format is None:
        return None
    peak = dense_peak(device, number_format)
    return None if peak is None else device_seconds * peak
