"""From jobs to the pieces of a recording, with what their devices could have done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from declarant.compute.readers.registry import Given
from declarant.compute.readers.slurm.attempts import Attempt, Sum
from declarant.compute.recording import Piece, added
from declarant.hardware import DeviceMatch, match_device
from declarant.problems import Finding
from declarant.quantities import WRITTEN, Interval, NumberFormat

INCLUDES = (
    "the time nodes were held: start-up, checkpoints, evaluation, idling and failed steps as well "
    "as training; nothing of how busy the devices were"
)


class Capacities:
    """What devices could do: seconds x dense peak in the format given.

    Attributes:
        unknown: names that are in no catalogue, with the device-seconds that stand under them.
    """

    def __init__(self, given: Given) -> None:
        self._device = given.device or ""
        self._format = WRITTEN.get((given.number_format or "").lower())
        self.unknown: dict[str, int] = {}

    def of(self, by_type: Mapping[str, int], used: Interval) -> Interval | None:
        """Return the capacity, operations; None when a device or the format is not known.

        Args:
            by_type: type as Slurm names it ("" without) -> device-seconds.
            used: device-seconds together; where it is wider than their sum, so is the answer.
        """
        if self._format is None or not by_type:
            return None
        parts: list[Interval | None] = []
        for type_, seconds in by_type.items():
            name = type_ or self._device
            match = match_device(name, "slurm")
            if not match.devices:
                self.unknown[name] = self.unknown.get(name, 0) + seconds
            peak = _peak(match, self._format)
            if peak is not None and len(by_type) == 1:
                return peak * used
            parts.append(None if peak is None else peak * seconds)
        whole = added(parts)
        if whole is not None and used.high is None:
            return Interval.at_least(whole.low, used.reason)
        return whole

    def findings(self) -> Iterator[Finding]:
        """Yield what keeps capacities unknown."""
        for name, seconds in self.unknown.items():
            yield Finding(
                "sacct.device_unknown",
                match_device(name, "slurm").why + ".",
                mend="Name the device as its maker does (--device).",
                effect=f"{seconds:,} device-seconds have no peak, and their operations no bound",
            )


def _peak(match: DeviceMatch, number_format: NumberFormat) -> Interval | None:
    """Return the dense peak of one device; None of a slice, or where a rate is not known."""
    offered = [device.peaks.get(number_format) for device in match.devices]
    rates = [peak.interval for peak in offered if peak is not None and peak.rate_is_known]
    if match.is_part or not rates or len(rates) < len(offered):
        return None
    return Interval.hull(rates) * match.per_name


def pieces(
    attempts: Iterable[Attempt], sums: Iterable[Sum], given: Given, capacities: Capacities
) -> Iterator[Piece]:
    """Yield a piece a job, then a piece for each sum of small jobs."""
    for job, group in groupby(attempts, key=lambda attempt: attempt.job):
        yield _of_job(job, list(group), given, capacities)
    for item in sums:
        capacity = capacities.of(item.by_type, item.used)
        yield Piece(
            f"small/{item.name}" if item.name else "small",
            start=item.start,
            end=item.end,
            device_seconds=item.used,
            devices=item.devices or None,
            device=_named(item.by_type, given),
            capacity=capacity,
            formula=f"sum over {item.jobs:,} jobs of devices x seconds held",
            includes=INCLUDES,
            run=item.name,
        )


def _of_job(job: str, attempts: list[Attempt], given: Given, capacities: Capacities) -> Piece:
    starts = [attempt.start for attempt in attempts if attempt.start]
    ends = [attempt.end for attempt in attempts if attempt.end]
    is_open = any(attempt.end is None for attempt in attempts)
    end = None if is_open else max(ends, default=None)
    start = min(starts, default=None)
    by_type: dict[str, int] = {}
    for attempt in attempts:
        for name, count in attempt.devices.types:
            by_type[name] = by_type.get(name, 0) + count * attempt.held
    used = Interval.total(attempt.used for attempt in attempts)
    return Piece(
        job,
        start=start,
        end=end if end is None or start is None or end >= start else None,
        device_seconds=used,
        devices=max(attempt.devices.most for attempt in attempts) or None,
        device=_named(by_type, given),
        capacity=capacities.of(by_type, used),
        formula=" + ".join(_product(attempt) for attempt in attempts[:8])
        + (f" + {len(attempts) - 8} more" if len(attempts) > 8 else ""),
        includes=INCLUDES,
        run=attempts[-1].name,
    )


def _product(attempt: Attempt) -> str:
    number = "unknown" if attempt.devices.number is None else str(attempt.devices.most)
    less = f" (of {attempt.held + attempt.stopped} elapsed)" if attempt.stopped else ""
    return f"{number} devices x {attempt.held} seconds{less}"


def _named(by_type: Mapping[str, int], given: Given) -> str:
    names = [name for name in by_type if name]
    return ", ".join(sorted(names)) or (given.device or "")
