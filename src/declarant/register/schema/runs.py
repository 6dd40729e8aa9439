"""Training runs, their parts and what is planned."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from declarant.compute.ledger import Method, Purpose, Share
from declarant.register.facts import RunStatus
from declarant.register.schema.counts import Count, Recorded
from declarant.register.schema.fields import Amount, Dated, Day, File, Format, Id, Part


class RunPart(Dated):
    """A piece of a training run that was for one purpose, in one stage."""

    id: Id
    stage: str
    purpose: Purpose
    share: Share
    tokens: Amount | None = Field(default=None, description="left out: as the part's log says")
    log: Recorded | None = Field(default=None, description="what the trainer wrote of the part")
    counts: tuple[Count, ...] = Field(min_length=1)
    use: Method | None = Field(default=None, description="the method that totals rely on")
    evidence: tuple[File, ...] = ()

    @model_validator(mode="after")
    def _each_method_once(self) -> Self:
        methods = [count.method.value for count in self.counts]
        twice = [name for number, name in enumerate(methods) if name in methods[:number]]
        if twice:
            raise ValueError(f"a part is counted by each method once; {twice[0]} stands twice")
        return self


class Cost(Part):
    """What the computation of a run costs, in whole units of a currency."""

    amount: int = Field(ge=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Capacity(Part):
    """Devices at work from a day on, until the next period; 0 for a planned stop."""

    since: Day
    devices: int = Field(ge=0, le=10_000_000)


def _some(value: Fraction) -> Fraction:
    if value <= 0:
        raise ValueError("a pace lies above 0; leave it out when it is not known")
    return value


class Plan(Part):
    """How the planned parts of a run are expected to go, for forecasts."""

    tokens_per_day: Annotated[Amount, AfterValidator(_some)] | None = Field(
        default=None,
        description="on a calendar day, downtime included, with the devices of the first period; "
        "dates the planned parts that have no end",
    )
    devices: tuple[Capacity, ...] = Field(
        default=(),
        description="by period, in order of days; the first number also stands for the time before",
    )

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        days = [period.since for period in self.devices]
        if days != sorted(set(days)):
            raise ValueError("the periods of devices are not in order of days")
        if self.devices and self.devices[0].devices == 0:
            raise ValueError("the first period has no devices to measure the others against")
        return self


class Run(Dated):
    """A training run. Its `end` is planned, unless the run has ended."""

    id: Id
    name: str
    model: Id
    status: RunStatus
    cluster: Id | None = None
    number_format: Format | None = None
    configuration: File | None = Field(default=None, description="the model's config.json")
    compute_cost: Cost | None = None
    plan: Plan | None = None
    parts: tuple[RunPart, ...] = ()
