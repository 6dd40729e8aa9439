"""The meter: executed operations of training runs from the telemetry of their GPUs.

Operations = tensor-pipe activity x clock / reference clock x dense peak of the number format in
use x the time a sample stands for. The rules are in `rules`, the schema of what is kept in
`ledger_file`; `meter` does it all.
"""

from declarant.compute.meter.fields import Unit
from declarant.compute.meter.jobs import Job, Jobs, read_jobs
from declarant.compute.meter.ledger_file import (
    MeteredSegment,
    Metering,
    read_metered,
    write_metered,
)
from declarant.compute.meter.rates import number_format
from declarant.compute.meter.rules import FORMULA_VERSION, Known
from declarant.compute.meter.run import meter

__all__ = [
    "FORMULA_VERSION",
    "Job",
    "Jobs",
    "Known",
    "MeteredSegment",
    "Metering",
    "Unit",
    "meter",
    "number_format",
    "read_jobs",
    "read_metered",
    "write_metered",
]
