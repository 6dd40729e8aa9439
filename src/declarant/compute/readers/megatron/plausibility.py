"""Whether the figure of a Megatron-LM log can be true, by what is known beside it."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.architecture import active_parameters
from declarant.compute.readers.capacity import dense_peak
from declarant.compute.readers.megatron.convention import Amounts
from declarant.compute.readers.registry import Given
from declarant.problems import Finding, Severity
from declarant.quantities import show_interval, show_operations, show_rate


def plausibility(kept: Amounts, given: Given, number_format: str | None) -> Iterator[Finding]:
    """Hold the figure against the device's peak and against the model's size."""
    seconds, model = kept.device_seconds, kept.model
    if seconds is not None and seconds.low and model is not None and given.device:
        peak = dense_peak(given.device, number_format or "")
        rate = model.low / seconds.low
        if peak is not None and peak.high and rate > peak.high:
            yield Finding(
                "megatron_log.above_peak",
                f"{show_rate(rate)} for each device is more than the dense peak in "
                f"{number_format}, {show_rate(peak.high)}: the throughput may be of all devices, "
                "or the device or its format another.",
                mend="Check the device, the number format and the number of devices.",
                severity=Severity.ERROR,
                effect=f"the total is at least {float(rate / peak.high):.3g} times too high",
            )
    if given.architecture is None or kept.tokens is None or model is None or not kept.tokens.low:
        return
    short = 6 * active_parameters(given.architecture) * kept.tokens.low
    if short and not (model.low <= short * 2 and (model.high is None or model.high * 2 >= short)):
        near = model.low / short
        yield Finding(
            "megatron_log.far_from_model",
            f"the lines come to {float(near):.3g} times 6 x active parameters x tokens of the "
            "configuration that is given.",
            mend="Check the number of devices, the configuration and the sequence length.",
            severity=Severity.ERROR,
            effect=f"the total {show_interval(model)} and {show_operations(short)} cannot both be "
            "right",
        )
