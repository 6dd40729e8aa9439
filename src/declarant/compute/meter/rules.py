"""What the meter goes by: the time a sample stands for, and what people know beside the telemetry.

The rules, in the order they are applied to the samples of each GPU:

1. A GPU is its UUID (and MIG instance); without one, its host and index.
2. Samples are put in the order of their own times, whatever order they came in: late and
   out-of-order ones need nothing else. A value that is blank, negative or no number is no sample.
3. Of samples of one GPU at one time, one counts: the greatest. What the others would take away is
   taken from the lower bound, and said.
4. The scrape interval of a GPU is the median distance of its samples, to 10 ms. With fewer than
   three distances it is that of the whole telemetry.
5. A sample stands for the time to the next one. For one interval that is measured; up to
   `CARRIED_INTERVALS` it is carried on into the best value, while the lower bound counts nothing
   there and the upper bound full activity at the highest clock.
6. Longer gaps are missing coverage: nothing ran (low), or everything at the highest clock (high).
   The best value fills them with the mean of the measured time, where at least half is measured.
7. A field is a rate over the time since the last reading, so a restart of its exporter subtracts
   nothing. Of fields that count up (cycles), differences are taken; where one goes back, the
   exporter was restarted, and that stretch is missing coverage.
8. Hosts are never compared with each other: clocks that differ move work over the borders of jobs
   and days only. The work within one interval of a job's border is said.
9. A clock above the highest of the device is counted as the highest. A sample without a clock ran
   at some clock between none and the highest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from declarant.compute.meter.fields import Unit
from declarant.quantities import NumberFormat

FORMULA_VERSION = "meter/1"
CARRIED_INTERVALS = 2
INTERVAL_STEP_MS = 10
LEAST_DISTANCES = 3
LEAST_MEASURED = 0.5
"""Share of the expected time that must be measured before a best value is given."""
DAY_MS = 86_400_000
NO_RUN = ""
"""The run of work that belongs to none."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the telemetry; None and empty where nothing is.

    Attributes:
        formats: number format by run; the key "" stands for every other run.
        device: name of the devices where telemetry lacks it.
        reference_clock_mhz: at which the device's dense peak holds, where the catalogue lacks it.
        interval_ms: the scrape interval, instead of the one found.
        units: of activities, by column name or "activity".
        zone: of times that are written without one; UTC is taken, and said, when None.
        run: to which all work belongs.
        run_label: label whose value names the run ("pod", "namespace", "container", "run").
        run_of_label: run by value of that label; values that are not in it belong to no run.
    """

    formats: Mapping[str, NumberFormat] = field(default_factory=dict)
    device: str | None = None
    reference_clock_mhz: int | None = None
    interval_ms: int | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    zone: tzinfo | None = None
    run: str | None = None
    run_label: str | None = None
    run_of_label: Mapping[str, str] | None = None

    def format_of(self, run: str) -> NumberFormat | None:
        """Return the number format of a run, None when nobody said."""
        return self.formats.get(run, self.formats.get(""))
