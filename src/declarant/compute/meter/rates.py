"""Operations for each active cycle: a device's dense peak over the clock at which it holds."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.meter.rules import Known
from declarant.hardware import Device, DeviceMatch, match_device
from declarant.problems import bad_input
from declarant.quantities import WRITTEN, Interval, NumberFormat


@dataclass(frozen=True, slots=True)
class Rate:
    """What a device does.

    Attributes:
        per_kilocycle: operations in a thousand active cycles, over every device and format it may
            be; without an upper bound where the device or its reference clock is not known.
        most_mhz: its highest clock, None when not known.
        devices: ids in the catalogue.
        formats: that were taken.
        why: what leaves the rate open, "" when nothing does.
    """

    per_kilocycle: Interval
    most_mhz: int | None
    devices: tuple[str, ...]
    formats: tuple[NumberFormat, ...]
    why: str


def number_format(text: str) -> NumberFormat:
    """Return the number format of that name.

    Raises:
        BadInput: when there is none.
    """
    found = WRITTEN.get(text.strip().lower())
    if found is None:
        raise bad_input(
            "meter.number_format",
            f"{text[:40]!r} is no number format of matrix arithmetic.",
            mend=f"Give one of: {', '.join(WRITTEN)}.",
        )
    return found


def understood(model: str) -> DeviceMatch:
    """Return what a model name of telemetry means: as nvidia-smi prints it, or as people write."""
    match = match_device(model, "nvidia-smi")
    return match if match.devices else match_device(model)


def highest_clock(model: str) -> int | None:
    """Return the highest clock of what a model may be, None when one of them has none known."""
    clocks = [device.clocks for device in understood(model).devices]
    known = [clock.most for clock in clocks if clock is not None]
    return max(known) if known and len(known) == len(clocks) else None


def rate(model: str, part: str, wanted: NumberFormat | None, known: Known) -> Rate:
    """Return what a device does in a format.

    Args:
        model: its name as telemetry gives it, "" unknown.
        part: its MIG profile, "" for a whole device.
        wanted: the run's number format, None unknown.
        known: for a reference clock that the catalogue lacks.
    """
    match = understood(model)
    if not match.devices:
        return Rate(Interval.at_least(0, match.why), None, (), (), match.why)
    reasons: list[str] = []
    found: list[Interval] = []
    formats: dict[NumberFormat, None] = {}
    if wanted is None:
        reasons.append("the number format is not known")
    for device in match.devices:
        offered = [wanted] if wanted in device.peaks else list(device.peaks)
        if wanted is not None and wanted not in device.peaks:
            reasons.append(f"{device.name} offers no {wanted.value}")
        for item in offered:
            if item is not None:
                formats[item] = None
                found.append(_of(device, item, known))
    if len(match.devices) > 1:
        reasons.append(match.why)
    if any(item.high is None for item in found):
        reasons.append("the clock at which the dense peak holds, or the peak itself, is not known")
    if part or match.is_part:
        reasons.append(f"a part of a device ({part or model}) does any share of it")
        found.append(Interval.exactly(0))
    amount = Interval.hull(found) * match.per_name
    why = "; ".join(dict.fromkeys(reasons))
    return Rate(
        amount.because(why),
        highest_clock(model),
        tuple(device.id for device in match.devices),
        tuple(formats),
        why or ("" if amount.is_exact else "sources differ on the peak or on its clock"),
    )


def _of(device: Device, item: NumberFormat, known: Known) -> Interval:
    peak = device.peaks[item].interval
    clock = device.reference_clock(item)
    if known.reference_clock_mhz is not None:
        clock = Interval.exactly(known.reference_clock_mhz)
    if clock is None or clock.high is None:
        return Interval.at_least(0)
    best = peak.low / (clock.low * 1000) if peak.is_exact and clock.is_exact else None
    return Interval.between(
        peak.low / (clock.high * 1000),
        None if peak.high is None else peak.high / (clock.low * 1000),
        best,
    )
