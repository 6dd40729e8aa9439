"""What a notification says of each applicable activity: a training run or a computing cluster."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from declarant.compute.ledger import Method, Purpose, Share
from declarant.filing.parts import (
    Amount,
    Confirmation,
    Count,
    EvidenceFile,
    Identifier,
    Line,
    Part,
    Prose,
    Reason,
    Remark,
    WholeNumber,
)
from declarant.law.text import Day
from declarant.quantities import Comparison

Verdict = Literal["reportable", "not_reportable", "undetermined"]
When = Literal["current", "planned", "outside", "unknown"]
Standing = Literal["first", "not_compared", "new", "changed", "same"]


class Limit(Part):
    """What must be exceeded, strictly."""

    value: WholeNumber
    unit: Literal["operations", "operations_per_second"]
    citation: Line | None


class ChosenReading(Part):
    """The option taken where the law is open: the cautious default, or another with its reason."""

    dimension: Identifier
    question: Prose
    option: Identifier
    title: Line
    citation: Line | None
    because: Confirmation | None = Field(
        description="why this option was chosen in the place of the cautious default, by whom and "
        "when; null for the default"
    )


class Reading(Part):
    """The verdict under one reading, named by the option taken in each dimension."""

    id: Line
    title: Line
    choices: dict[str, str]
    verdict: Verdict
    amount: Amount
    comparison: Comparison
    flips: StrictBool = Field(description="whether it leads to another verdict than the one taken")
    default: StrictBool = Field(
        description="whether it is the cautious default of every question, in the place of which "
        "another was chosen"
    )
    machines: Count | None
    devices: Count | None


class Segment(Part):
    """One counted piece of a training run."""

    id: Line
    run: Identifier
    stage: Line
    purpose: Purpose
    share: Share
    begins: Day | None
    ends: Day | None
    method: Method
    model_operations: Amount | None
    executed_operations: Amount | None
    formula: Prose
    formula_version: Line
    preferred: StrictBool = Field(
        description="whether totals use it; others count the same work again"
    )
    evidence: tuple[Line, ...] = Field(description="paths of the files it rests on")


class MachineGroup(Part):
    """Machines of a cluster that share a site and a status."""

    id: Line
    site: Line | None
    status: Line
    since: Day | None
    owner: Line | None


class Change(Part):
    """One field that differs from the former filing, as text; null where it was absent."""

    field: Line
    before: Prose | None
    after: Prose | None


class _Activity(Part):
    id: Identifier
    name: Line
    activity: Identifier = Field(description="id of the activity in the law's data")
    activity_title: Line
    activity_citation: Line | None
    verdict: Verdict
    when: When
    amount: Amount
    comparison: Comparison
    limit: Limit
    crosses: Day | None = Field(
        description="day on which the limit is passed under the cautious default, when worked out"
    )
    chosen: tuple[ChosenReading, ...] = Field(
        description="the reading that verdict, amount and comparison take, question by question"
    )
    readings: tuple[Reading, ...] = Field(description="every reading but the one taken")
    turns_at: tuple[Prose, ...] = Field(
        description="values and readings at which the verdict turns"
    )
    why: tuple[Reason, ...]
    evidence: tuple[EvidenceFile, ...]
    remarks: tuple[Remark, ...]
    standing: Standing = Field(
        description="against the former filing; `first` when there is none, `not_compared` when "
        "its document was not at hand"
    )
    changes: tuple[Change, ...]

    @property
    def chosen_otherwise(self) -> tuple[ChosenReading, ...]:
        """The options that somebody chose in the place of the cautious default."""
        return tuple(item for item in self.chosen if item.because is not None)

    @property
    def under_default(self) -> Reading | None:
        """The cautious default reading; None when it is the one taken."""
        return next((item for item in self.readings if item.default), None)


class TrainingRun(_Activity):
    """A training run of a model."""

    kind: Literal["training_run"]
    model: Line
    status: Literal["planned", "in_progress", "completed", "aborted"]
    begins: Day | None
    ends: Day | None
    cluster: Line | None
    segments: tuple[Segment, ...]


class Cluster(_Activity):
    """A computing cluster: acquired, being developed, or in possession."""

    kind: Literal["cluster"]
    location: Line | None
    possession: Literal["acquiring", "developing", "in_possession"] | None
    groups: tuple[MachineGroup, ...]


Activity = Annotated[TrainingRun | Cluster, Field(discriminator="kind")]
