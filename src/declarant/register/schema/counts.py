"""The ways to count a part of a run, and the files that a machine wrote of it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    model_validator,
)

from declarant.compute.ledger import Method
from declarant.register.schema.fields import (
    Amount,
    File,
    Operations,
    Part,
    Ratio,
    Zone,
)


class Recorded(Part):
    """Files that a machine wrote: one log in its order, one store, or one export."""

    files: tuple[File, ...] = Field(min_length=1, description="files, or one folder of a store")
    format: str | None = Field(default=None, description="left out: found from the content")
    run: str | None = Field(
        default=None, description="whose work to take of it, as the files name it; left out: all"
    )
    zone: Zone | None = Field(
        default=None, description="of moments that the files write without one; left out: UTC"
    )


class Architecture(Part):
    """Count a part from the model's configuration and its tokens."""

    method: Literal[Method.ARCHITECTURE]
    sequence_length: int | None = Field(default=None, gt=0)
    recompute: Literal["none", "full", "unknown"] = "unknown"


class ShortForm(Part):
    """Count a part as 6 x active parameters x tokens."""

    method: Literal[Method.SHORT_FORM]


class Utilisation(Part):
    """Share of the dense peak that was used, known within bounds."""

    low: Ratio
    best: Ratio | None = None
    high: Ratio
    source: str = Field(min_length=1)


class ChipTime(Part):
    """Count a part as devices x hours x peak x utilisation.

    Devices and hours are stated, or come from what a scheduler recorded (`recorded`).
    """

    method: Literal[Method.CHIP_TIME]
    device: str | None = Field(
        default=None, description="left out: as the scheduler's records name it"
    )
    devices: int | None = Field(default=None, gt=0)
    hours: Amount | None = Field(default=None, description="hours that each device was in use")
    recorded: Recorded | None = Field(default=None, description="such as `sacct -P` output")
    utilisation: Utilisation | None = Field(
        default=None, description="left out: calibrated on this register's finished runs"
    )
    evidence: tuple[File, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        stated = (self.device is not None, self.devices is not None, self.hours is not None)
        if self.recorded is None and not all(stated):
            raise ValueError("give `device`, `devices` and `hours`, or `recorded`")
        if self.recorded is not None and any(stated[1:]):
            raise ValueError("devices and hours are stated or recorded, not both")
        return self


class TrainerLog(Part):
    """Take the trainer's own figure from the part's log, converted from its convention."""

    method: Literal[Method.TRAINER_LOG]


class _Figures(Part):
    model_operations: Operations | None = None
    executed_operations: Operations | None = None
    uncertainty: Ratio | None = Field(default=None, description="relative, either way")
    convention: str | None = Field(
        default=None, min_length=1, description="what the figure includes and leaves out"
    )
    evidence: tuple[File, ...] = ()

    @property
    def is_stated(self) -> bool:
        """Whether the register itself gives a figure."""
        return self.model_operations is not None or self.executed_operations is not None

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.is_stated and self.convention is None:
            raise ValueError("a stated figure says its `convention`")
        return self


class Stated(_Figures):
    """Take a figure that somebody gives, with what it rests on."""

    method: Literal[Method.STATED]
    convention: str = Field(min_length=1, description="what the figure includes and leaves out")


class Counter(_Figures):
    """Take what a counter recorded: a tracker's ledger, metered telemetry; or its stated figure."""

    method: Literal[Method.FRAMEWORK_COUNTER, Method.HARDWARE_COUNTER]
    recorded: Recorded | None = Field(
        default=None, description="the tracker's ledger, or what `declarant meter` wrote"
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.recorded is None) is not self.is_stated:
            raise ValueError("give `recorded`, or state the operations, and not both")
        return self


Count = Annotated[
    Architecture | ShortForm | ChipTime | TrainerLog | Counter | Stated,
    Field(discriminator="method"),
]
