"""How a table of telemetry is laid out: a column for each reading (wide), or a row (long)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from declarant.compute.meter.fields import ACTIVITIES, Field, Role, field, labels
from declarant.problems import BadInput, bad_input


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column says what.

    Attributes:
        labels: column of each role that identifies a sample.
        readings: column of each reading and what it holds; empty in the long layout.
    """

    labels: Mapping[Role, str]
    readings: Mapping[str, Field]

    @property
    def is_long(self) -> bool:
        """Whether each reading is a row, named in a column of its own."""
        return not self.readings


def layout(columns: tuple[str, ...], shown: str) -> Layout:
    """Return the layout of a table with these columns; `shown` is its path for messages.

    Raises:
        BadInput: when it holds no tensor activity, no time, or nothing that names a GPU.
    """
    readings = {name: held for name in columns if (held := field(name)) is not None}
    names = labels(tuple(name for name in columns if name not in readings))
    found = Layout(names, readings)
    if found.is_long and not {Role.METRIC, Role.VALUE} <= names.keys():
        raise _missing(
            shown,
            "no column of tensor-pipe activity",
            "Export DCGM_FI_PROF_PIPE_TENSOR_ACTIVE (field 1004), or name the column so.",
            columns,
        )
    if readings and not usable({item.role for item in readings.values()}):
        raise _missing(
            shown,
            "clocks or counters, and no tensor-pipe activity",
            "Export DCGM_FI_PROF_PIPE_TENSOR_ACTIVE (field 1004) with them.",
            columns,
        )
    if Role.TIME not in names:
        raise _missing(shown, "no column of times", "Name it `timestamp`.", columns)
    if not names.keys() & {Role.UUID, Role.INDEX}:
        raise _missing(
            shown, "no column that names the GPU", "Keep the labels `gpu` and `UUID`.", columns
        )
    return found


def usable(roles: set[Role]) -> bool:
    """Whether readings of these roles tell how active the tensor pipe was."""
    return bool(roles & set(ACTIVITIES)) or {Role.ACTIVE_CYCLES, Role.ELAPSED_CYCLES} <= roles


def _missing(shown: str, what: str, mend: str, columns: tuple[str, ...]) -> BadInput:
    held = ", ".join(name[:40] for name in columns[:12]) or "none"
    more = f" and {len(columns) - 12} more" if len(columns) > 12 else ""
    return bad_input(
        "meter.columns", f"holds {what}; its columns are {held}{more}.", mend=mend, file=shown
    )
