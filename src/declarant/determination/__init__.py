"""Facts under a regime and its readings: verdicts with reasons, and the clocks that follow."""

from declarant.determination.determine import determine
from declarant.determination.verdict import (
    ActivityVerdict,
    ClockVerdict,
    CoverageVerdict,
    Determination,
    Flip,
    ReadingVerdict,
    Reason,
    Verdict,
)

__all__ = [
    "ActivityVerdict",
    "ClockVerdict",
    "CoverageVerdict",
    "Determination",
    "Flip",
    "ReadingVerdict",
    "Reason",
    "Verdict",
    "determine",
]
