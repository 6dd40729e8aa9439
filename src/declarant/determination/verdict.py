"""What a determination says: three-valued verdicts, each with its trace.

The trace keeps inputs, parameters and citations, so that a reader can follow every step and a
later evaluation with the law of that day can be compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from declarant.problems import Finding
from declarant.quantities import Comparison, Interval


class Verdict(StrEnum):
    """Whether something must be reported under one reading of the law."""

    REPORTABLE = "reportable"
    NOT_REPORTABLE = "not_reportable"
    UNDETERMINED = "undetermined"  # the facts known leave both open

    @classmethod
    def of(cls, *conditions: bool | None) -> Verdict:
        """Return the verdict when every condition must hold; None is a condition nobody knows.

        One condition that fails decides, whatever is unknown besides.
        """
        if any(condition is False for condition in conditions):
            return cls.NOT_REPORTABLE
        if any(condition is None for condition in conditions):
            return cls.UNDETERMINED
        return cls.REPORTABLE


def exceeds(comparison: Comparison) -> bool | None:
    """Return whether a limit is exceeded: True, False, or None when the interval straddles it."""
    return {Comparison.ABOVE: True, Comparison.BELOW: False}.get(comparison)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the working-out, with the text of law it rests on ("" for a step of fact)."""

    text: str
    citation: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the published form."""
        return {"text": self.text, "citation": self.citation}


@dataclass(frozen=True, slots=True)
class ReadingVerdict:
    """The verdict under one reading.

    `choices` names the option taken in each dimension; `amount` is what was compared with the limit
    (operations of a run, operations per second of a cluster); `detail` holds what else the kind of
    activity publishes (machines, devices).
    """

    id: str
    choices: tuple[tuple[str, str], ...]
    verdict: Verdict
    amount: Interval
    comparison: Comparison
    detail: tuple[tuple[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form; the choices stand beside the id under their own names."""
        return {
            "id": self.id,
            **dict(self.choices),
            "verdict": self.verdict.value,
            "comparison": self.comparison.value,
            "amount": self.amount.as_json(),
            **dict(self.detail),
        }


@dataclass(frozen=True, slots=True)
class Flip:
    """What would change the default verdict: a reading, or a value at which it turns.

    `kind` is "reading" or "value"; `what` the id of the reading, or the value; `to` the verdict it
    leads to; `text` says it for people when `what` does not.
    """

    kind: str
    what: str
    to: Verdict
    text: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the published form."""
        return {
            "kind": self.kind,
            "what": self.what,
            "to": self.to.value,
            "text": self.text or self.what,
        }


@dataclass(frozen=True, slots=True)
class ActivityVerdict:
    """One training run or cluster under one activity the law names.

    Attributes:
        id: of the run or cluster in the register.
        kind: "training_run" or "cluster".
        activity: id of the activity in the regime.
        when: "current", "planned" or "outside" the period, or "unknown".
        amount: under the default reading.
        limit: what must be exceeded, strictly; operations, or operations per second.
        crosses: day on which the plan passes the limit, when that can be worked out.
    """

    id: str
    name: str
    kind: str
    activity: str
    verdict: Verdict
    when: str
    amount: Interval
    limit: int
    readings: tuple[ReadingVerdict, ...]
    flips: tuple[Flip, ...]
    why: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()
    crosses: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "activity": self.activity,
            "verdict": self.verdict.value,
            "when": self.when,
            "amount": self.amount.as_json(),
            "limit": str(self.limit),
            "crosses": self.crosses.isoformat() if self.crosses else None,
            "readings": [reading.as_json() for reading in self.readings],
            "flips": [flip.as_json() for flip in self.flips],
            "why": [reason.as_json() for reason in self.why],
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class CoverageVerdict:
    """Whether the regime covers the person; None when the register does not say."""

    covered: bool | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ClockVerdict:
    """One date that follows from the facts, and how it was worked out."""

    duty: str
    due: str
    about: str
    worked_out: tuple[str, ...]
    citation: str
    under_other_readings: tuple[tuple[str, str], ...] = ()
    overdue: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "duty": self.duty,
            "due": self.due,
            "about": self.about,
            "worked_out": list(self.worked_out),
            "citation": self.citation,
            "readings": dict(self.under_other_readings),
            "overdue": self.overdue,
        }


@dataclass(frozen=True, slots=True)
class Determination:
    """Facts under a regime on a day, with the law of `law_as_of`."""

    regime: str
    as_of: date
    law_as_of: date
    status: str
    in_force: bool
    coverage: CoverageVerdict
    activities: tuple[ActivityVerdict, ...]
    clocks: tuple[ClockVerdict, ...]
    inputs: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...] = ()

    @property
    def any_applicable(self) -> bool:
        """Whether some activity is reportable, or may be."""
        return any(item.verdict is not Verdict.NOT_REPORTABLE for item in self.activities)

    @property
    def reportable(self) -> tuple[ActivityVerdict, ...]:
        """The activities that must be reported under the default reading."""
        return tuple(item for item in self.activities if item.verdict is Verdict.REPORTABLE)

    def as_json(self) -> dict[str, Any]:
        """Return the published form (`declarant assess --json`)."""
        return {
            "regime": self.regime,
            "as_of": self.as_of.isoformat(),
            "law_as_of": self.law_as_of.isoformat(),
            "status": self.status,
            "in_force": self.in_force,
            "covered": self.coverage.covered,
            "covered_why": [reason.as_json() for reason in self.coverage.why],
            "activities": [activity.as_json() for activity in self.activities],
            "clocks": [clock.as_json() for clock in self.clocks],
            "inputs": dict(self.inputs),
            "findings": [finding.as_json() for finding in self.findings],
        }


Choices = Mapping[str, str]
"""The option taken in each dimension of reading, by dimension id."""
