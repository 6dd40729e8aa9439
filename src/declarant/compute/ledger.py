"""The ledger: every piece of evidence about computation, as segments that any regime can filter.

Two columns never mix: *model operations* (what the mathematics of the model needs) and *executed
operations* (what the machines did: recomputation, padding, lost steps).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from declarant.problems import Finding
from declarant.quantities import Interval


class Purpose(StrEnum):
    """What computation was spent for; the segments that laws include or leave out by name.

    After the annex on compute of the Commission's guidelines for providers of general-purpose AI
    models, C(2025) 5045, A.1, which has the finest division of the texts at hand.
    """

    PRE_TRAINING = "pre_training"
    MID_TRAINING = "mid_training"
    FINE_TUNING = "fine_tuning"
    REINFORCEMENT_LEARNING = "reinforcement_learning"
    SYNTHETIC_DATA = "synthetic_data"  # generating data that is not public, discarded data too
    PUBLIC_SYNTHETIC_DATA = "public_synthetic_data"
    EVALUATION = "evaluation"  # with red-teaming and diagnostics
    EXPERIMENT = "experiment"  # failed or purely exploratory
    TEACHER = "teacher"  # the parent model in distillation
    REWARD_MODEL = "reward_model"  # reward and value models
    MERGED_MODEL = "merged_model"  # models whose weights were merged in
    LOST_STEPS = "lost_steps"  # of the final run, lost to a crash or rolled back


class Method(StrEnum):
    """How a segment was counted."""

    ARCHITECTURE = "architecture"  # closed form from the configuration and the tokens seen
    SHORT_FORM = "short_form"  # 6 x active parameters x tokens
    TRAINER_LOG = "trainer_log"  # the trainer's own figure, converted from its own convention
    FRAMEWORK_COUNTER = "framework_counter"
    CHIP_TIME = "chip_time"  # devices x seconds x peak x utilisation
    HARDWARE_COUNTER = "hardware_counter"
    STATED = "stated"  # a figure somebody gives, with its evidence


class Share(StrEnum):
    """Whether a segment has happened (`done`) or is foreseen (`planned`)."""

    DONE = "done"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file that supports a figure: its path as the register names it, and its SHA-256 (hex)."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One counted piece of a training run.

    Attributes:
        id: unique in the ledger, stable between evaluations: run/part/method.
        run: id of the training run.
        model: id of the model the run trains.
        stage: the run's own word for this part ("pre-training, 8k context").
        purpose: what it was for, in the words regimes filter by.
        share: done or planned.
        start: first day, None when unknown.
        end: last day (included), None when unknown or still running.
        method: how it was counted.
        model_operations: what the model's mathematics needs; None when the method cannot tell.
        executed_operations: what the machines did; None when the method cannot tell.
        formula: the calculation in words and symbols, with the values put in.
        formula_version: identifies the code and convention behind the formula.
        evidence: the files the figure rests on.
        findings: what was noticed on the way, each with its effect on the total.
        number_format: format of the matrix arithmetic ("bf16"), None when unknown.
        preferred: several methods may count the same work; the one the totals use has True.
        capacity: for chip time, devices x seconds x peak (operations); None for other methods.
        includes: what the figure holds and leaves out, as its source says it; "" by the method.
    """

    id: str
    run: str
    model: str
    stage: str
    purpose: Purpose
    share: Share
    start: date | None
    end: date | None
    method: Method
    model_operations: Interval | None
    executed_operations: Interval | None
    formula: str
    formula_version: str
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    number_format: str | None = None
    preferred: bool = True
    capacity: Interval | None = None
    includes: str = ""

    @property
    def work(self) -> str:
        """Id of the piece of work this segment counts; other methods may count the same."""
        return self.id.rpartition("/")[0]

    def as_json(self) -> dict[str, Any]:
        """Return the published form (`declarant count --json`)."""
        model, executed = self.model_operations, self.executed_operations
        return {
            "id": self.id,
            "run": self.run,
            "model": self.model,
            "stage": self.stage,
            "purpose": self.purpose.value,
            "share": self.share.value,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "method": self.method.value,
            "preferred": self.preferred,
            "model_operations": model.as_json() if model else None,
            "executed_operations": executed.as_json() if executed else None,
            "formula": self.formula,
            "formula_version": self.formula_version,
            "number_format": self.number_format,
            "evidence": [{"path": item.path, "sha256": item.sha256} for item in self.evidence],
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """All segments of a register, in the order of its runs."""

    segments: tuple[Segment, ...]

    def of_run(self, run: str) -> Ledger:
        """Return the segments of one training run."""
        return self.where(lambda segment: segment.run == run)

    def where(self, keep: Callable[[Segment], bool]) -> Ledger:
        """Return the segments for which `keep` is true, order kept."""
        return Ledger(tuple(segment for segment in self.segments if keep(segment)))

    @property
    def preferred(self) -> Ledger:
        """The segments that totals are made of: each piece of work once."""
        return self.where(lambda segment: segment.preferred)

    def model_operations(self) -> Interval | None:
        """Return the sum of model operations; None when any preferred segment does not know them.

        An empty ledger sums to zero.
        """
        return _sum(segment.model_operations for segment in self.preferred.segments)

    def executed_operations(self) -> Interval | None:
        """Return the sum of executed operations; None when a preferred segment has none."""
        return _sum(segment.executed_operations for segment in self.preferred.segments)


def _sum(parts: Iterable[Interval | None]) -> Interval | None:
    total = Interval.exactly(0)
    for part in parts:
        if part is None:
            return None
        total = total + part
    return total
