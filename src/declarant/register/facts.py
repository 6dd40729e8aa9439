"""The facts: who reports, which models, training runs and clusters, and what they rest on.

Immutable values without a trace of files or screens; `declarant.register.loading` makes them from a
folder, and anything else that holds the same facts may make them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from declarant.clusters.observation import Observation, Status
from declarant.compute.ledger import Evidence, Ledger
from declarant.compute.progress import Progress
from declarant.problems import Finding, Place


class RunStatus(StrEnum):
    """Where a training run stands."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ABORTED = "aborted"


class ContactRole(StrEnum):
    """What a contact does for the filing."""

    CERTIFYING_OFFICER = "certifying_officer"
    PREPARER = "preparer"
    COUNSEL = "counsel"
    TECHNICAL = "technical"


class FilingKind(StrEnum):
    """What was sent for a quarter."""

    NOTIFICATION = "notification"
    AFFIRMATION = "affirmation"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The person's own answer whether a regime covers it: True, False, or None (unknown)."""

    answer: bool | None
    grounds: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who reports. `covered` is by regime id; a regime that is not named there is unknown."""

    name: str
    kind: str
    covered: dict[str, Coverage]
    address: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the agency can turn to."""

    name: str
    role: ContactRole
    title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """Where a message goes."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model that training runs train. `trained_from` names the model it modifies."""

    id: str
    name: str
    description: str | None = None
    trained_from: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Whole units of a currency (ISO 4217)."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How the planned work of a run is expected to go.

    Attributes:
        tokens_per_day: expected on a calendar day, downtime included, with the devices of the first
            period; None when not said.
        devices: at work from a day on, in order of days; empty: always the same.
        tokens: of each piece of work (RUN/PART) that names its tokens, done or planned.
    """

    tokens_per_day: Fraction | None = None
    devices: tuple[tuple[date, int], ...] = ()
    tokens: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A training run. Its computation stands in the ledger, under its id."""

    id: str
    name: str
    model: str
    status: RunStatus
    start: date | None
    end: date | None
    cluster: str | None = None
    number_format: str | None = None
    compute_cost: Cost | None = None
    plan: Plan = Plan()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more of it will be done."""
        return self.status in (RunStatus.COMPLETED, RunStatus.ABORTED)


@dataclass(frozen=True, slots=True)
class MachineGroup:
    """Machines of a cluster with one site, status and date, and what was observed of them.

    `devices_per_machine` and `device` describe machines that no inventory describes.
    """

    id: str
    site: str | None
    status: Status
    since: date | None
    observations: tuple[Observation, ...]
    owner: str | None = None
    device: str | None = None
    devices_per_machine: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Machines that may be one computing cluster under the law."""

    id: str
    name: str
    groups: tuple[MachineGroup, ...]
    location: str | None = None
    possession: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """Something already sent for a quarter, "2026Q3"."""

    quarter: str
    kind: FilingKind
    sent: date
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Something from the agency that started a clock; `on` is a day or a moment, as written."""

    duty: str
    on: str
    regime: str
    reference: str
    answered: date | None = None


Item = TypeVar("Item", Model, TrainingRun, Cluster)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a determination may look at.

    `places` says where each piece of work (RUN/PART) was written down, for those who have a file.
    `progress` holds, by run id, how far the run's logs say it was at moments, in order of time.
    """

    person: Person
    contacts: tuple[Contact, ...]
    agency: Agency | None
    models: tuple[Model, ...]
    runs: tuple[TrainingRun, ...]
    clusters: tuple[Cluster, ...]
    ledger: Ledger
    filings: tuple[Filing, ...] = ()
    received: tuple[Received, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: tuple[tuple[str, Place], ...] = ()
    progress: tuple[tuple[str, Progress], ...] = ()

    def progress_of(self, run_id: str) -> Progress | None:
        """Return how far the run's logs say it was at moments; None when no log is dated."""
        marks = [mark for run, held in self.progress if run == run_id for mark in held.marks]
        return Progress(tuple(sorted(marks, key=lambda mark: mark.moment))) if marks else None

    def model(self, model_id: str) -> Model:
        """Return the model of that id; KeyError when there is none."""
        return _by_id(self.models, model_id)

    def run(self, run_id: str) -> TrainingRun:
        """Return the training run of that id; KeyError when there is none."""
        return _by_id(self.runs, run_id)

    def cluster(self, cluster_id: str) -> Cluster:
        """Return the cluster of that id; KeyError when there is none."""
        return _by_id(self.clusters, cluster_id)


def _by_id(items: tuple[Item, ...], wanted: str) -> Item:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
