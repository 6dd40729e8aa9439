"""What a forecast says, in the form that is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from declarant.compute.forecast import Chances, Course, Crossing
from declarant.determination.forecast.notice import Notice
from declarant.determination.forecast.totals import QUANTILES, Drawn
from declarant.problems import Finding
from declarant.quantities import Comparison, Interval

_NAMES = {0.1: "p10", 0.5: "p50", 0.9: "p90"}


@dataclass(frozen=True, slots=True)
class Chance:
    """Whether a limit is passed by the end of a day.

    Attributes:
        day: the day.
        by_plan: the plan's total that day against the limit.
        low: share of paths above it when the operations are counted at their lower bound.
        best: at their best value.
        high: at their upper bound. Each None without paths, or where the count has no such value.
    """

    day: date
    by_plan: Comparison
    low: float | None
    best: float | None
    high: float | None

    @classmethod
    def of(cls, day: date, by_plan: Comparison, drawn: Drawn | None) -> Chance:
        """Return the chance of a day."""

        def share(chances: Chances | None) -> float | None:
            return None if chances is None else chances.by(day)

        if drawn is None:
            return cls(day, by_plan, None, None, None)
        return cls(day, by_plan, share(drawn.low), share(drawn.best), share(drawn.high))

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "day": self.day.isoformat(),
            "by_plan": self.by_plan.value,
            "probability": {"low": self.low, "best": self.best, "high": self.high},
        }


@dataclass(frozen=True, slots=True)
class QuarterChance:
    """The chances at a quarterly date, and at the end of the look-ahead of its notification."""

    quarter: str
    due: Chance
    window_end: Chance

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "quarter": self.quarter,
            "due": self.due.as_json(),
            "window_end": self.window_end.as_json(),
        }


@dataclass(frozen=True, slots=True, eq=False)
class SumForecast:
    """One sum against one limit.

    Attributes:
        id: the runs' ids, joined by "+".
        basis: "done", "plan", "history and plan", "history", or "unknown".
        now: operations at the end of the day of evaluation, by the plan.
        at_end: all operations, planned ones included.
        crossing: by the plan, exact.
        drawn: by the runs' logs; None without any.
        notices: what is due because of it; `no_notice` says why when there are none.
        course: the plan itself, for pictures.
    """

    id: str
    name: str
    runs: tuple[str, ...]
    regime: str
    law: str
    activity: str
    effect: str
    status: str
    covered: bool | None
    limit: Interval
    citation: str
    basis: str
    now: Interval
    at_end: Interval
    crossing: Crossing
    drawn: Drawn | None
    quarters: tuple[QuarterChance, ...]
    notices: tuple[Notice, ...]
    no_notice: str
    course: Course

    def next_notice(self, as_of: date) -> Notice | None:
        """Return the notice due next, else the one whose day passed last; None when all are sent.

        Only quarterly notifications are known to have been sent: the register holds no others.
        """
        dated = [(notice.due, notice) for notice in self.notices if notice.due and not notice.sent]
        ahead = [item for item in dated if item[0] >= as_of]
        if ahead:
            return min(ahead, key=lambda item: item[0])[1]
        return max(dated, key=lambda item: item[0])[1] if dated else None

    def has_passed(self, day: date) -> bool:
        """Return whether the limit is passed for certain by the end of `day`, by the plan."""
        return isinstance(self.crossing.latest, date) and self.crossing.latest <= day

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "id": self.id,
            "name": self.name,
            "runs": list(self.runs),
            "regime": self.regime,
            "activity": self.activity,
            "effect": self.effect,
            "status": self.status,
            "covered": self.covered,
            "limit": self.limit.as_json(),
            "citation": self.citation,
            "basis": self.basis,
            "now": self.now.as_json(),
            "at_end": self.at_end.as_json(),
            "crosses_by_plan": self.crossing.as_json(),
            "crosses_by_history": None if self.drawn is None else _drawn_json(self.drawn),
            "quarters": [quarter.as_json() for quarter in self.quarters],
            "notices": [notice.as_json() for notice in self.notices],
            "no_notice": self.no_notice,
        }


def _drawn_json(drawn: Drawn) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, chances in drawn.columns():
        document[name] = (
            None
            if chances is None
            else {label: str(chances.quantile(share)) for share, label in _NAMES.items()}
            | {"ever": float((chances.first < len(chances.days)).mean())}
        )
    bands = drawn.bands
    document["bands"] = None
    if bands is not None:
        document["bands"] = {
            "days": [day.isoformat() for day in bands.days],
            "quantiles": {str(share): list(bands.values[share]) for share in QUANTILES},
        }
    return document


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """When each sum passes each limit, as of a day; `quarterly` names the rule of the quarters."""

    as_of: date
    law_as_of: date
    paths: int
    seed: int
    quarterly: str
    sums: tuple[SumForecast, ...]
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form (`declarant forecast --json`)."""
        return {
            "as_of": self.as_of.isoformat(),
            "law_as_of": self.law_as_of.isoformat(),
            "paths": self.paths,
            "seed": self.seed,
            "quarterly_dates_of": self.quarterly,
            "sums": [item.as_json() for item in self.sums],
            "findings": [finding.as_json() for finding in self.findings],
        }
