"""Series of Prometheus as rows of telemetry: labels, values, times; shared by both of its forms."""

from __future__ import annotations

from pathlib import Path

from declarant.compute.meter.fields import LABELS, Role, field, labels
from declarant.compute.meter.parts import left_out, part_of
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part
from declarant.compute.meter.stage import Stage
from declarant.problems import Finding, Place, Severity, bad_input

_COLUMNS = [Role.METRIC.value, *(role.value for role in LABELS)]
_MOST_SERIES = 200_000


class SeriesStage:
    """Takes samples of series; keeps those that the meter can use."""

    def __init__(self, folder: Path, shown: str) -> None:
        self._shown = shown
        self._stage = Stage(folder / "part.parquet", _COLUMNS, [Role.VALUE.value])
        self._rows: dict[str, tuple[str, ...]] = {}
        self.malformed = 0
        self.undated = 0

    def wants(self, metric: str) -> bool:
        """Whether a metric is of use."""
        return field(metric) is not None

    def series(self, key: str, metric: str, held: dict[str, str]) -> tuple[str, ...]:
        """Return the labels of a series in the order of the columns; `key` identifies it."""
        known = self._rows.get(key)
        if known is None:
            found = labels(tuple(held))
            known = (metric, *(held[found[role]] if role in found else "" for role in LABELS))
            if len(self._rows) < _MOST_SERIES:
                self._rows[key] = known
        return known

    def known(self, key: str) -> tuple[str, ...] | None:
        """Return the labels of a series seen before."""
        return self._rows.get(key)

    def add(self, row: tuple[str, ...], moment: int, value: float | None) -> None:
        """Take one sample; a value that is None is no reading."""
        self._stage.add(row, moment, *row, value)

    def part(self, known: Known) -> Part:
        """Return what was taken, written.

        Raises:
            BadInput: when nothing was.
        """
        self._stage.__exit__(None, None, None)
        if not self._stage.rows:
            raise bad_input(
                "meter.undated" if self.undated else "meter.no_activity",
                "its samples have no times, so that none says when it was."
                if self.undated
                else "holds no samples of tensor-pipe activity.",
                mend="Write the time of the scrape behind each value (ms since 1970), or export a "
                "range query."
                if self.undated
                else "Let dcgm-exporter's list of counters name DCGM_FI_PROF_PIPE_TENSOR_ACTIVE.",
                file=self._shown,
            )
        return part_of(self._stage.path, self._shown, known, self._findings())

    def _findings(self) -> tuple[Finding, ...]:
        found = left_out(
            self._shown,
            (
                ("meter.malformed", self.malformed, "samples cannot be read"),
                ("meter.undated", self.undated, "samples have no time"),
            ),
        )
        if not self._stage.out_of_order:
            return found
        late = Finding(
            "meter.out_of_order",
            f"{self._stage.out_of_order:,} samples come after a later one of their series.",
            Place(self._shown),
            severity=Severity.NOTE,
            effect="none: samples are put in the order of their own times",
        )
        return (*found, late)
