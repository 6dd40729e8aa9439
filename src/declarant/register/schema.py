"""What a `register.yaml` may say. Published as JSON Schema; unknown keys are refused.

Amounts are text ("15.6e12") or whole numbers, read exactly by `declarant.quantities`; dates are
ISO 8601 days. A field left out is unknown, and stays so.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from declarant.clusters.observation import Status
from declarant.compute.ledger import Method, Purpose, Share
from declarant.problems import BadInput
from declarant.quantities import (
    parse_bits_per_second,
    parse_number,
    parse_operations,
)
from declarant.register.facts import ContactRole, FilingKind, RunStatus

SCHEMA_VERSION = 1


def _reading(parse: Any) -> BeforeValidator:
    def read(value: Any) -> Any:
        if isinstance(value, Fraction):
            return value
        try:
            return parse(value)
        except BadInput as error:
            finding = error.findings[0]
            raise ValueError(f"{finding.what} {finding.mend}") from None

    return BeforeValidator(read)


def _share_of_peak(value: Any) -> Fraction:
    ratio = parse_number(value)
    if not 0 < ratio <= 1:
        raise ValueError("a utilisation lies above 0 and at most at 1")
    return ratio


def _written_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and len(value) == len("2026-12-15")):
        return value
    raise ValueError("a day is written like 2026-12-15")  # a number is never a day


Day = Annotated[date, BeforeValidator(_written_day)]
_AMOUNT_SCHEMA = WithJsonSchema({"type": ["string", "integer"], "examples": ["15.6e12"]})
Amount = Annotated[Any, _reading(parse_number), _AMOUNT_SCHEMA]
Operations = Annotated[Any, _reading(parse_operations), _AMOUNT_SCHEMA]


def _link_rate(value: Any) -> int:
    rate = parse_bits_per_second(value)
    if not 0 < rate < 10**18:
        raise ValueError("a link rate lies above 0 and below 1,000,000 Tbit/s")
    return rate


Rate = Annotated[
    Any,
    _reading(_link_rate),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["400 Gbit/s"]}),
]
Ratio = Annotated[Any, _reading(_share_of_peak), WithJsonSchema({"type": "string"})]


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"there is no time zone {str(value)[:40]!r}, such as America/New_York"
        ) from None


Zone = Annotated[str, BeforeValidator(_zone)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
File = Annotated[str, Field(min_length=1, description="path inside the register's folder")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dated(_Part):
    """Something that begins and ends."""

    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it starts on {self.start}")
        return self


class Covered(_Part):
    """Whether a regime covers the person, and why."""

    answer: Literal["yes", "no", "unknown"]
    grounds: tuple[str, ...] = ()
    why: str = Field(min_length=1)


class Person(_Part):
    """Who reports."""

    name: str = Field(min_length=1)
    kind: Literal["legal", "natural"]
    address: str | None = None
    identifiers: dict[str, str] = Field(default_factory=dict)
    covered: dict[str, Covered] = Field(description="by regime id")


class Contact(_Part):
    """Somebody the agency can turn to."""

    name: str = Field(min_length=1)
    role: ContactRole
    title: str | None = None
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    phone: str | None = None


class Agency(_Part):
    """Where a message goes."""

    name: str
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")


class Model(_Part):
    """A model that runs train."""

    id: Id
    name: str
    description: str | None = None
    trained_from: Id | None = Field(default=None, description="the model it is a modification of")


class Recorded(_Part):
    """Files that a machine wrote: one log in its order, one store, or one export."""

    files: tuple[File, ...] = Field(min_length=1, description="files, or one folder of a store")
    format: str | None = Field(default=None, description="left out: found from the content")
    run: str | None = Field(
        default=None, description="whose work to take of it, as the files name it; left out: all"
    )
    zone: Zone | None = Field(
        default=None, description="of moments that the files write without one; left out: UTC"
    )


class Architecture(_Part):
    """Count a part from the model's configuration and its tokens."""

    method: Literal[Method.ARCHITECTURE]
    sequence_length: int | None = Field(default=None, gt=0)
    recompute: Literal["none", "full", "unknown"] = "unknown"


class ShortForm(_Part):
    """Count a part as 6 x active parameters x tokens."""

    method: Literal[Method.SHORT_FORM]


class Utilisation(_Part):
    """Share of the dense peak that was used, known within bounds."""

    low: Ratio
    best: Ratio | None = None
    high: Ratio
    source: str = Field(min_length=1)


class ChipTime(_Part):
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


class TrainerLog(_Part):
    """Take the trainer's own figure from the part's log, converted from its convention."""

    method: Literal[Method.TRAINER_LOG]


class _Figures(_Part):
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


class RunPart(_Dated):
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


class Cost(_Part):
    """What the computation of a run costs, in whole units of a currency."""

    amount: int = Field(ge=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Capacity(_Part):
    """Devices at work from a day on, until the next period; 0 for a planned stop."""

    since: Day
    devices: int = Field(ge=0, le=10_000_000)


def _some(value: Fraction) -> Fraction:
    if value <= 0:
        raise ValueError("a pace lies above 0; leave it out when it is not known")
    return value


class Plan(_Part):
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


class Run(_Dated):
    """A training run. Its `end` is planned, unless the run has ended."""

    id: Id
    name: str
    model: Id
    status: RunStatus
    cluster: Id | None = None
    number_format: str | None = None
    configuration: File | None = Field(default=None, description="the model's config.json")
    compute_cost: Cost | None = None
    plan: Plan | None = None
    parts: tuple[RunPart, ...] = ()


class DeclaredLink(_Part):
    """The links of each machine of a declared group towards its fabric."""

    count: int = Field(gt=0, le=100_000)
    rate: Rate


class Declared(_Part):
    """Machines without an inventory or a fabric file: what is known of them."""

    machines: int = Field(gt=0, le=2_000_000)
    device: str
    devices_per_machine: int = Field(gt=0, le=1_000_000)
    links: DeclaredLink | None = None
    fabric: str | None = Field(default=None, description="groups that name one fabric are joined")


class MachineGroup(_Part):
    """Machines of a cluster that share a site, a status and a date."""

    id: Id
    site: str | None = None
    status: Status
    date: Day | None = Field(default=None, description="since when, or from when")
    owner: str | None = None
    inventory: tuple[File, ...] = ()
    fabric: tuple[File, ...] = ()
    node_names: File | None = None
    device: str | None = Field(default=None, description="of machines that no inventory describes")
    devices_per_machine: int | None = Field(default=None, gt=0, le=1_000_000)
    declared: Declared | None = None

    @model_validator(mode="after")
    def _described(self) -> MachineGroup:
        if not (self.inventory or self.fabric or self.declared):
            raise ValueError("a group names its machines: by inventory, fabric or declared")
        return self


class Cluster(_Part):
    """Machines that may be one computing cluster."""

    id: Id
    name: str
    location: str | None = None
    possession: Literal["acquiring", "developing", "in_possession"] | None = None
    groups: tuple[MachineGroup, ...] = Field(min_length=1)


class Filing(_Part):
    """Something already sent to the agency."""

    quarter: str = Field(pattern=r"^\d{4}Q[1-4]$")
    kind: FilingKind
    sent: Day
    document: File | None = None


class Received(_Part):
    """Something that came from the agency and started a clock."""

    duty: str
    on: str = Field(description="a day, or a moment with its zone")
    regime: str
    reference: str
    answered: Day | None = None


class RegisterFile(_Part):
    """The whole of a `register.yaml`."""

    version: Literal[1] = Field(alias="register", description="version of this schema")
    person: Person
    contacts: tuple[Contact, ...] = ()
    agency: Agency | None = None
    models: tuple[Model, ...] = ()
    runs: tuple[Run, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    filings: tuple[Filing, ...] = ()
    received: tuple[Received, ...] = ()
