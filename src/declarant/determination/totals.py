"""The same ledger through the filter of each regime: what each would count of each run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from declarant.determination.amounts import amount_of_run, stages_of
from declarant.determination.counting import Counted
from declarant.law import Regime
from declarant.quantities import Comparison, Interval
from declarant.register.facts import Facts


@dataclass(frozen=True, slots=True)
class RegimeTotal:
    """What a regime counts of a run under its default reading, planned work included.

    `status` says where the law stands: "never made final", "in force".
    """

    run: str
    regime: str
    activity: str
    amount: Interval
    limit: int
    comparison: Comparison
    status: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "run": self.run,
            "regime": self.regime,
            "activity": self.activity,
            "amount": self.amount.as_json(),
            "limit": str(self.limit),
            "comparison": self.comparison.value,
            "status": self.status,
        }


def totals_by_regime(
    facts: Facts, regimes: Iterable[Regime], law_as_of: date
) -> Iterator[RegimeTotal]:
    """Yield, for each run, its total under each activity of each regime that counts operations."""
    known = tuple(regimes)
    for run in facts.runs:
        for regime in known:
            law = regime.on(law_as_of)
            counted = Counted.under(law, law_as_of)
            cautious = {item.id: item.default.id for item in law.readings_of("training_run")}
            for activity in law.activities:
                if activity.kind != "training_run":
                    continue
                limit = activity.limit_on("operations", law_as_of).value
                amount = amount_of_run(
                    facts.ledger, run, stages_of(facts, run), counted, cautious, date.max
                )
                yield RegimeTotal(
                    run.id,
                    regime.id,
                    activity.id,
                    amount,
                    limit,
                    amount.compared_with(limit),
                    regime.status_on(law_as_of).name.en,
                )
