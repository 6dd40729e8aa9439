"""One part of a run counted by one method."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.architecture import Architecture, Recompute, active_parameters, estimate
from declarant.compute.architecture.estimate import FORMULA_VERSION as CLOSED_FORM_VERSION
from declarant.compute.chip_time import FORMULA_VERSION as CHIP_TIME_VERSION
from declarant.compute.chip_time import SECONDS_PER_HOUR, chip_time
from declarant.compute.short_form import FORMULA_VERSION as SHORT_FORM_VERSION
from declarant.compute.short_form import short_form
from declarant.hardware import DeviceMatch, match_device
from declarant.problems import Finding, Severity, bad_input
from declarant.quantities import WRITTEN, FormatClass, Interval, show_operations
from declarant.register import schema

STATED_VERSION = "stated/1"
ATTENTION = Fraction(7, 100)
AT_LENGTH = 8192
"""What the short form leaves out at 8,192 tokens of context: 3.5 to 7 %; more beyond."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a method says: operations, how they were worked out, and what was noticed."""

    model: Interval | None
    executed: Interval | None
    formula: str
    version: str
    findings: tuple[Finding, ...] = ()
    capacity: Interval | None = None
    includes: str = ""


def by_architecture(architecture: Architecture, tokens: int, count: schema.Architecture) -> Counted:
    """Count in closed form from the model's configuration."""
    result = estimate(
        architecture,
        tokens,
        sequence_length=count.sequence_length,
        recompute=Recompute(count.recompute),
    )
    return Counted(
        result.model_operations,
        result.executed_operations,
        result.formula,
        CLOSED_FORM_VERSION,
        result.findings,
    )


def by_short_form(architecture: Architecture, tokens: int) -> Counted:
    """Count as 6 x active parameters x tokens; it knows no attention, so it is a lower figure.

    At the longest context that the configuration allows, attention may be far more than it is at
    8,192 tokens: the closed form at that length is the upper bound, and none is known without it.
    """
    active = active_parameters(architecture)
    amount = short_form(active, tokens)
    high: Fraction | None = amount * (1 + ATTENTION)
    length = architecture.context.trained or architecture.context.longest
    if length is None:
        high = None
    elif length > AT_LENGTH:
        longest = estimate(architecture, tokens, sequence_length=length).model_operations.high
        high = None if longest is None or high is None else max(high, longest)
    model = Interval.between(amount, high, amount, "the short form leaves attention out")
    formula = f"6 x {active} active parameters x {tokens} tokens"
    return Counted(model, None, formula, SHORT_FORM_VERSION)


def by_statement(count: schema.Stated | schema.Counter) -> Counted:
    """Take the figure that is stated, as wide as its uncertainty says.

    Raises:
        BadInput: when neither model nor executed operations are stated.
    """
    if count.model_operations is None and count.executed_operations is None:
        raise bad_input(
            "count.nothing_stated",
            "neither model nor executed operations are stated.",
            mend="Give `model_operations`, `executed_operations`, or both.",
        )
    stated, done = count.model_operations, count.executed_operations
    if stated is not None and done is not None and stated > done:
        raise bad_input(
            "count.model_exceeds_executed",
            "more model operations than executed ones are stated, which cannot be.",
            mend="Check whether the two are exchanged, or leave out the one that is not known.",
        )
    findings: tuple[Finding, ...] = ()
    if count.uncertainty is None:
        findings = (
            Finding(
                "count.uncertainty",
                "the figure is stated without an uncertainty.",
                mend="Say how far off it may be, such as uncertainty: 0.1.",
                severity=Severity.NOTE,
                effect="it is taken as exact",
            ),
        )
    width = count.uncertainty or Fraction(0)

    def around(amount: Fraction | None) -> Interval | None:
        if amount is None:
            return None
        return Interval.between(amount * (1 - width), amount * (1 + width), amount, "as stated")

    amounts = (count.model_operations, count.executed_operations)
    shown = " and ".join(show_operations(amount) for amount in amounts if amount is not None)
    return Counted(
        around(count.model_operations),
        around(count.executed_operations),
        f"stated: {shown}; {count.convention}",
        STATED_VERSION,
        findings,
        includes=count.convention or "",
    )


def stated_utilisation(count: schema.ChipTime) -> Interval | None:
    """Return the utilisation that the register states for a chip time; None when it states none.

    Raises:
        BadInput: when its bounds are out of order.
    """
    said = count.utilisation
    if said is None:
        return None
    if not said.low <= (said.best or said.low) <= said.high:
        raise bad_input(
            "count.utilisation",
            "the utilisation's low, best and high are out of order.",
            mend="Give them from the least to the greatest.",
        )
    return Interval(said.low, said.best, said.high, said.source)


def by_chip_time(
    count: schema.ChipTime, number_format: str | None, utilisation: Interval
) -> Counted:
    """Count from stated devices and hours.

    Raises:
        BadInput: when the number format is not known, or no device could do that much.
    """
    device, devices, hours = count.device, count.devices, count.hours
    if device is None or devices is None or hours is None:  # the schema asks for them, or records
        raise bad_input(
            "count.chip_time",
            "devices and hours are not given.",
            mend="Give `device`, `devices` and `hours`, or `recorded`.",
        )
    peak, findings = peak_in_format(match_device(device), number_format)
    made = chip_time(devices, hours * SECONDS_PER_HOUR, peak, utilisation)
    executed = Interval(
        made.model_operations.low, None, made.capacity.high, "at least the model's, at most all"
    )
    return Counted(
        made.model_operations,
        executed,
        made.formula,
        CHIP_TIME_VERSION,
        findings,
        made.capacity,
    )


def peak_in_format(
    match: DeviceMatch, number_format: str | None
) -> tuple[Interval, tuple[Finding, ...]]:
    """Return the peak of a named device in a format; over every format when it is not known."""
    findings = []
    if len(match.devices) != 1:
        findings.append(
            Finding(
                "count.device",
                f"{match.why}.",
                mend="Give the device's full name; `declarant hardware list` shows the known ones.",
                effect="the peak has no upper bound" if not match.devices else "the peak is wider",
            )
        )
    if number_format is None:
        findings.append(
            Finding(
                "count.number_format",
                "the number format of the run is not given.",
                mend="Give the run's `number_format`, such as bf16.",
                effect="the peak spans every format the device offers",
            )
        )
        offered = [
            match.peak(formats)
            for formats in FormatClass
            if any(device.peak(formats) is not None for device in match.devices)
        ]
        peak = Interval.hull(offered) if offered else Interval.at_least(0)
        return peak, tuple(findings)
    written = WRITTEN.get(number_format.lower())
    if written is None:  # plain fp32, the only other word a register takes
        findings.append(
            Finding(
                "count.number_format",
                f"no dense matrix rate is known for {number_format}.",
                mend="If its matrix products ran as TF32, write tf32.",
                effect="the peak is not known",
            )
        )
        return Interval.at_least(0, f"no dense rate of {number_format}"), tuple(findings)
    return match.peak(FormatClass.of(written)), tuple(findings)
