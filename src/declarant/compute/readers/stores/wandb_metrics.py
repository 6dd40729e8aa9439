"""System metrics of Weights & Biases: which GPUs, over which time, how often, with which gaps.

What they say of work is in `gpu.N.pipeTensorActive` and `gpu.N.smClock`, which the meter turns into
operations. `gpu.N.gpu` is the share of time in which any kernel ran: no measure of operations.
Source: https://docs.wandb.ai/ref/python/experiments/system-metrics.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from declarant.problems import Finding, Place, Severity

_GPU = re.compile(r"(?:system\.)?gpu\.(?:process\.)?(\d{1,4})\.(\w{1,60})(?:/l:(.{1,200}))?", re.A)
_MOST_GPUS = 100_000


def gpm_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that the meter can turn into operations, in the order given.

    Those are tensor activity and the clock of the multiprocessors, by the names under which Weights
    & Biases logs NVML's GPU performance monitoring.
    """
    from declarant.compute.meter.fields import gpm_column

    return tuple(name for name in names if gpm_column(name) is not None)


@dataclass(slots=True)
class SystemMetrics:
    """Takes samples in any number, in any order; keeps a bounded summary.

    Attributes:
        samples: rows with a GPU in them.
        gpus: (host, index) seen; "" where the host is not named.
        columns: names of GPU columns of the first GPU of each kind of reading.
        first, last: moments in seconds.
        backward: rows that stand before the row above them.
        repeated: rows at the same moment as the row above them.
    """

    samples: int = 0
    gpus: set[tuple[str, str]] = field(default_factory=set)
    columns: dict[str, str] = field(default_factory=dict)
    first: float | None = None
    last: float | None = None
    backward: int = 0
    repeated: int = 0
    busy: float = 0.0
    busy_samples: int = 0
    busiest: float = 0.0
    _previous: float | None = None
    _gaps: Counter[int] = field(default_factory=Counter)
    _long: list[float] = field(default_factory=list)

    def add(self, moment: float | None, values: Mapping[str, float]) -> None:
        """Take one row: readings by column name, at a moment in seconds."""
        seen = False
        for name, value in values.items():
            match = _GPU.fullmatch(name)
            if match is None:
                continue
            seen = True
            if len(self.gpus) < _MOST_GPUS:
                self.gpus.add((match[3] or "", match[1]))
            self.columns.setdefault(match[2], name)
            if match[2] == "gpu":
                self.busy += value
                self.busy_samples += 1
                self.busiest = max(self.busiest, value)
        if not seen:
            return
        self.samples += 1
        if moment is not None:
            self._follow(moment)

    @property
    def period(self) -> int | None:
        """Seconds between samples, as they mostly are; None with fewer than two."""
        return max(self._gaps, key=lambda gap: (self._gaps[gap], -gap), default=None)

    @property
    def missing(self) -> float:
        """Seconds in gaps longer than two periods, less one period each."""
        period = self.period or 0
        return sum(gap - period for gap in self._long if gap > 2 * period)

    @property
    def gaps(self) -> int:
        """How many gaps are longer than two periods."""
        return sum(1 for gap in self._long if gap > 2 * (self.period or 0))

    @property
    def span(self) -> float:
        """Seconds from the first sample to the last."""
        return 0.0 if self.first is None or self.last is None else self.last - self.first

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield what people compare."""
        if not self.samples:
            return
        hosts = {host for host, _ in self.gpus if host}
        on = f" on {len(hosts):,} hosts" if hosts else ""
        yield ("GPUs in the system metrics", f"{len(self.gpus):,}{on}")
        if self.period:
            yield ("seconds between samples", f"{self.period:,}")
        yield ("readings of a GPU", ", ".join(sorted(self.columns)[:30]))
        if self.busy_samples:
            mean = self.busy / self.busy_samples
            yield ("mean of gpu.N.gpu (time in which a kernel ran, no operations)", f"{mean:.4g}")

    def findings(self, format: str, file: str) -> Iterator[Finding]:
        """Yield what the samples lack, and how operations are got from them."""
        if not self.samples:
            return
        place = Place(file)
        gpm = gpm_columns(self.columns.values())
        if gpm:
            yield Finding(
                f"{format}.use_meter",
                f"Tensor activity and clocks are here ({', '.join(gpm[:4])}).",
                place,
                "Turn them into operations with `declarant meter` on the exported metrics.",
                Severity.NOTE,
                "no operations are counted from them by this reader",
            )
        else:
            yield Finding(
                f"{format}.no_tensor_activity",
                "The system metrics hold no tensor activity (gpu.N.pipeTensorActive).",
                place,
                "Hopper and later GPUs log it; for others use device hours.",
                effect="operations are unknown: gpu.N.gpu is the time in which any kernel ran, and "
                "not work",
            )
        if self.gaps:
            share = f"{100 * self.missing / self.span:.1f} %" if self.span else "all"
            yield Finding(
                f"{format}.gaps",
                f"Gaps longer than two periods of {self.period:,} s: {self.gaps:,}.",
                place,
                "Expected where a run was stopped; otherwise look for samples that were lost.",
                effect=f"{self.missing * len(self.gpus):,.0f} device-seconds ({share}) have no "
                "sample",
            )
        if self.backward or self.repeated:
            yield Finding(
                f"{format}.out_of_order",
                f"Rows that go back in time: {self.backward:,}; that repeat a moment: "
                f"{self.repeated:,}.",
                place,
                severity=Severity.NOTE,
                effect="nothing here; several hosts in one export look so as well",
            )
        if self.busy_samples and 0 < self.busiest <= 1:
            yield Finding(
                f"{format}.percent_or_ratio",
                f"gpu.N.gpu is at most {self.busiest:.3g}; it is documented in percent.",
                place,
                "Check whether the export turned percentages into shares.",
                effect="a factor of 100 in activities; this reader's totals do not rest on them",
            )

    def _follow(self, moment: float) -> None:
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)
        previous, self._previous = self._previous, moment
        if previous is None:
            return
        gap = moment - previous
        if gap < 0:
            self.backward += 1
        elif gap == 0:
            self.repeated += 1
        elif gap < 1e9:
            rounded = max(round(gap), 1)
            if len(self._gaps) < 256 or rounded in self._gaps:
                self._gaps[rounded] += 1
            period = self.period
            if period is not None and gap > 2 * period and len(self._long) < 100_000:
                self._long.append(gap)
