"""Tallies by run, day and kind of device; segments made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from declarant.compute.meter.devices import Gpu
from declarant.compute.meter.ledger_file import MeteredSegment
from declarant.compute.meter.periods import SHARED, Period
from declarant.compute.meter.rates import Rate, rate
from declarant.compute.meter.rules import DAY_MS, NO_RUN, Known
from declarant.compute.meter.tally import Rates, Tally, operations
from declarant.quantities import Interval, NumberFormat

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).date()
Key = tuple[str, int, str, str]
"""Run (or several that share a host), days since 1970, model, part."""


@dataclass(slots=True)
class Book:
    """The tallies, and the rates that were looked up."""

    known: Known
    is_split: bool
    tallies: dict[Key, Tally] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    _rates: dict[tuple[str, str, NumberFormat | None], Rate] = field(default_factory=dict)

    def tally(self, run: str, day: int, model: str, part: str) -> Tally:
        """Return the tally of a key, begun when there is none."""
        return self.tallies.setdefault((run, day, model, part), Tally())

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Add the sums of the engine."""
        for row in rows:
            self.tally(self._run(row["run"]), row["day"], row["model"], row["part"]).add(row)

    def add_gaps(self, rows: Iterable[dict[str, Any]]) -> None:
        """Add the gaps between samples, each day's share to its day."""
        for row in rows:
            run = self._run(row["run"] or "")
            if row["to_ms"] < 0:
                day = row["from_ms"] // DAY_MS
                self.tally(run, day, row["model"], row["part"]).missing_ms += row["gap_ms"]
                continue
            for day, length in _days(row["from_ms"], row["to_ms"]):
                missing = length * row["times"]
                self.tally(run, day, row["model"], row["part"]).missing_ms += missing

    def expect_seen(self, gpus: Iterable[Gpu]) -> None:
        """Expect each GPU from its first sample to the end of its last."""
        due: dict[Key, int] = {}
        for gpu in gpus:
            for day, length in _days(gpu.first, gpu.until):
                key = (self._run(""), day, gpu.model, gpu.part)
                due[key] = due.get(key, 0) + length
        self._expect(due)

    def expect_jobs(self, held: Iterable[Period], gpus: Iterable[Gpu]) -> None:
        """Expect every GPU of a host while runs had it; outside jobs, while it was seen."""
        by_host: dict[str, list[Gpu]] = {}
        for gpu in gpus:
            by_host.setdefault(gpu.host, []).append(gpu)
        due: dict[Key, int] = {}
        with_jobs = set()
        for period in held:
            with_jobs.add(period.host)
            seen = by_host.get(period.host, [])
            for gpu in seen:
                length = period.end - period.start
                if not period.run:
                    length = min(period.end, gpu.until) - max(period.start, gpu.first)
                if length > 0:
                    key = (period.run, period.day, gpu.model, gpu.part)
                    due[key] = due.get(key, 0) + length
            if period.run:
                self._expect_unseen(period, seen, due)
        for host, seen in by_host.items():
            if host not in with_jobs:
                for gpu in seen:
                    for day, length in _days(gpu.first, gpu.until):
                        key = (NO_RUN, day, gpu.model, gpu.part)
                        due[key] = due.get(key, 0) + length
        self._expect(due)

    def _expect_unseen(self, period: Period, seen: list[Gpu], due: dict[Key, int]) -> None:
        """Expect the GPUs of a job that telemetry does not show; how many may not be known."""
        if seen and (period.gpus is None or period.gpus <= len(seen)):
            return
        if not seen:
            self.unseen.add(period.host)
        count = (period.gpus or 1) - len(seen)
        model = seen[0].model if seen else (self.known.device or "")
        if not seen and period.gpus is None:
            model = ""  # how many there are is not known, so nothing bounds them
        key = (period.run, period.day, model, "")
        due[key] = due.get(key, 0) + count * (period.end - period.start)

    def _expect(self, due: dict[Key, int]) -> None:
        for key, length in due.items():
            tally = self.tallies.setdefault(key, Tally())
            tally.missing_ms += max(0, length - tally.measured_ms - tally.carried_ms)

    def _run(self, label: str) -> str:
        if self.known.run is not None:
            return self.known.run
        if self.known.run_of_label is not None and SHARED not in label:
            return self.known.run_of_label.get(label, NO_RUN)
        return label

    def rates(self, run: str, model: str, part: str) -> Rates:
        """Return the rates of a kind of device for a run."""
        pipes = (NumberFormat.INT8, NumberFormat.FP64) if self.is_split else ()
        int8, fp64 = (self._rate(model, part, item) for item in pipes) if pipes else (None, None)
        return Rates(self._rate(model, part, self.known.format_of(run)), int8, fp64)

    def _rate(self, model: str, part: str, item: NumberFormat | None) -> Rate:
        key = (model, part, item)
        if key not in self._rates:
            self._rates[key] = rate(model, part, item, self.known)
        return self._rates[key]

    def segments(self) -> tuple[MeteredSegment, ...]:
        """Return the segments of every run, work of none last."""
        found = [item for key, tally in self.tallies.items() for item in self._of(key, tally)]
        return tuple(sorted(found, key=_place))

    def _of(self, key: Key, tally: Tally) -> Iterator[MeteredSegment]:
        runs, day, model, part = key
        sharers = runs.split(SHARED)
        for run in sharers:
            rates = self.rates(run, model, part)
            amount = operations(tally, rates)
            shared = tuple(other for other in sharers if other != run)
            if shared:
                reason = f"on hosts shared with {', '.join(shared)}: any part of it"
                amount = Interval.between(0, amount.high, reason=reason)
            counts = Tally() if shared and run != sharers[0] else tally
            yield MeteredSegment(
                run,
                _EPOCH + timedelta(days=day),
                model,
                part,
                rates.run.devices,
                tuple(item.value for item in rates.run.formats),
                amount,
                counts.samples,
                counts.expected_samples,
                counts.duplicates,
                counts.measured_ms,
                counts.carried_ms,
                counts.missing_ms,
                counts.cycles
                + counts.cycles_carried
                + counts.imma_cycles
                + counts.imma_carried
                + counts.dfma_cycles
                + counts.dfma_carried,
                counts.interval_ms,
                shared,
            )

    def worth(self, key: Key, kilocycles: int) -> Fraction | None:
        """Return the operations of so many cycles at most, None without an upper bound."""
        run, _, model, part = key
        high = self.rates(run.split(SHARED)[0], model, part).run.per_kilocycle.high
        return None if high is None else high * kilocycles


def _place(item: MeteredSegment) -> tuple[object, ...]:
    return (not item.run, item.run, item.day, item.model, item.part, item.shared_with)


def _days(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield each day (since 1970) that a time touches, and for how many ms."""
    while start < end:
        day = start // DAY_MS
        stop = min(end, (day + 1) * DAY_MS)
        yield day, stop - start
        start = stop
