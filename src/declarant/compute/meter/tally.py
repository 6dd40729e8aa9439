"""What was measured of one run, day and kind of device, and the operations that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from declarant.compute.meter.rates import Rate
from declarant.compute.meter.rules import LEAST_MEASURED
from declarant.quantities import Interval


@dataclass(slots=True)
class Tally:
    """Sums in whole numbers: samples, ms of device time, thousands of active cycles.

    Attributes:
        samples: that count.
        duplicates: that do not, as another of the same time does.
        measured_ms: within one interval behind a sample.
        carried_ms: behind that, up to the rules' limit.
        missing_ms: without a sample.
        cycles: active, in the measured time; of every pipe but those below.
        cycles_carried: the same in the carried time.
        imma_cycles, imma_carried, dfma_cycles, dfma_carried: of INT8 and FP64 pipes.
        cycles_differing: by which duplicates differ.
        cycles_above: taken off since a clock was above the highest of the device.
        cycles_at_border: within one interval of a border of a job.
        active_us_without_clock: microseconds of activity whose clock is not known.
        above, without_clock: samples of these kinds.
        highest_clock: MHz, seen.
        interval_ms: between samples; 0 where there are none.
    """

    samples: int = 0
    duplicates: int = 0
    measured_ms: int = 0
    carried_ms: int = 0
    missing_ms: int = 0
    cycles: int = 0
    cycles_carried: int = 0
    imma_cycles: int = 0
    imma_carried: int = 0
    dfma_cycles: int = 0
    dfma_carried: int = 0
    cycles_differing: int = 0
    cycles_above: int = 0
    cycles_at_border: int = 0
    active_us_without_clock: int = 0
    above: int = 0
    without_clock: int = 0
    highest_clock: float = 0.0
    interval_ms: int = 0

    @property
    def expected_ms(self) -> int:
        """Device time that samples should cover."""
        return self.measured_ms + self.carried_ms + self.missing_ms

    @property
    def expected_samples(self) -> int:
        """Samples that should be there; those that are, at the least."""
        if not self.interval_ms:
            return self.samples
        return max(self.samples, -(-self.expected_ms // self.interval_ms))

    def add(self, row: dict[str, Any]) -> None:
        """Add the sums of a row of `totals`."""
        for item in fields(self):
            value = row.get(item.name)
            if value is None:
                continue
            if item.name in ("highest_clock", "interval_ms"):
                setattr(self, item.name, max(getattr(self, item.name), value))
            else:
                setattr(self, item.name, getattr(self, item.name) + int(value))


@dataclass(frozen=True, slots=True)
class Rates:
    """What a device does at the run's format, and in the pipes that telemetry tells apart."""

    run: Rate
    int8: Rate | None = None
    fp64: Rate | None = None

    @property
    def all(self) -> tuple[Rate, ...]:
        """Those that there are."""
        return tuple(item for item in (self.run, self.int8, self.fp64) if item is not None)


def operations(tally: Tally, rates: Rates) -> Interval:
    """Return the executed operations of a tally, by the rules of the meter."""
    low = _at_least(tally, rates)
    high = _at_most(tally, rates)
    best = _likeliest(tally, rates)
    if best is not None:
        best = max(best, low) if high is None else min(max(best, low), high)
    return Interval(low, best, high, "; ".join(_reasons(tally, rates)))


def clock_for_gaps(tally: Tally, rates: Rates) -> int | None:
    """Return the MHz at which missing time is bounded; None when nothing bounds it.

    The device's highest clock; where the catalogue has none, the highest seen in the run, which
    needs a rate that is known.
    """
    if rates.run.most_mhz is not None:
        return rates.run.most_mhz
    if rates.run.per_kilocycle.high is None or not tally.highest_clock:
        return None
    return -int(-tally.highest_clock // 1)


def _measured(tally: Tally, rates: Rates) -> list[tuple[int, int, Rate]]:
    held = [(tally.cycles, tally.cycles_carried, rates.run)]
    if rates.int8 is not None:
        held.append((tally.imma_cycles, tally.imma_carried, rates.int8))
    if rates.fp64 is not None:
        held.append((tally.dfma_cycles, tally.dfma_carried, rates.fp64))
    return held


def _at_least(tally: Tally, rates: Rates) -> Fraction:
    held = [item.per_kilocycle.low * cycles for cycles, _, item in _measured(tally, rates)]
    doubtful = min(tally.cycles_differing, tally.cycles) * rates.run.per_kilocycle.low
    return sum(held, Fraction(0)) - doubtful


def _at_most(tally: Tally, rates: Rates) -> Fraction | None:
    highs = [item.per_kilocycle.high for item in rates.all]
    if any(high is None for high in highs):
        is_nothing = tally.expected_ms == 0
        return Fraction(0) if is_nothing else None
    total = Fraction(0)
    for cycles, _, item in _measured(tally, rates):
        total += (item.per_kilocycle.high or 0) * cycles
    idle_ms = Fraction(tally.carried_ms + tally.missing_ms)
    idle_ms += Fraction(tally.active_us_without_clock, 1000)
    if idle_ms == 0:
        return total
    clock = clock_for_gaps(tally, rates)
    if clock is None:
        return None
    return total + idle_ms * clock * max(high for high in highs if high is not None)


def _likeliest(tally: Tally, rates: Rates) -> Fraction | None:
    known_ms = tally.measured_ms + tally.carried_ms
    if tally.without_clock or (tally.missing_ms and known_ms < LEAST_MEASURED * tally.expected_ms):
        return None
    total = Fraction(0)
    for cycles, carried, item in _measured(tally, rates):
        if cycles + carried:
            if item.per_kilocycle.best is None:
                return None
            total += item.per_kilocycle.best * (cycles + carried)
    return total * Fraction(tally.expected_ms, known_ms) if known_ms else total


def _reasons(tally: Tally, rates: Rates) -> list[str]:
    reasons = [item.why for item in rates.all if item.why]
    if tally.carried_ms or tally.missing_ms:
        clock = clock_for_gaps(tally, rates)
        which = (
            "without an upper bound"
            if clock is None
            else f"or everything at the device's highest clock, {clock} MHz"
            if rates.run.most_mhz is not None
            else f"or everything at the highest clock seen, {clock} MHz"
        )
        hours = (tally.carried_ms + tally.missing_ms) / 3_600_000
        reasons.append(f"{hours:.4g} device hours without a sample: nothing ran, {which}")
    if tally.without_clock:
        reasons.append("samples without a clock")
    if tally.cycles_differing:
        reasons.append("samples of one time that differ")
    return list(dict.fromkeys(reasons))
