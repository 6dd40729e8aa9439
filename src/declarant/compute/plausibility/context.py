"""What the checks may know of a run beside its segments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from declarant.compute.ledger import Ledger
from declarant.quantities import Interval


@dataclass(frozen=True, slots=True)
class RunContext:
    """One training run and what is known around it.

    Attributes:
        run: its id.
        ledger: its segments, every method.
        as_of: the day of the check.
        cluster: name of the cluster it ran on, "" unknown.
        cluster_peak: of that cluster in the fastest format, operations per second; None unknown.
    """

    run: str
    ledger: Ledger
    as_of: date
    cluster: str = ""
    cluster_peak: Interval | None = None
