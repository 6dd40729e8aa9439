"""The methods for each part of a ledger, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from declarant.compute.ledger import Ledger
from declarant.compute.reconcile.choice import Choice, choose
from declarant.compute.reconcile.comparison import Comparison, comparisons
from declarant.compute.reconcile.figures import Figure, figures_of, part_of
from declarant.compute.reconcile.reasons import likely_reasons


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several methods say of one part of a run.

    Attributes:
        part: RUN/PART.
        figures: by method, in the order of the register.
        comparisons: every two figures in the columns that mean the same.
        choice: what the totals rely on, and why.
        reasons: what may explain each disagreement, the likeliest first.
    """

    part: str
    figures: tuple[Figure, ...]
    comparisons: tuple[Comparison, ...]
    choice: Choice
    reasons: tuple[str, ...]

    @property
    def agree(self) -> bool | None:
        """Whether every comparison has a common value; None when there is none."""
        return self.choice.agree

    @property
    def disagreements(self) -> tuple[Comparison, ...]:
        """The comparisons without a common value."""
        return tuple(item for item in self.comparisons if not item.agree)

    def as_json(self) -> dict[str, Any]:
        """Return the published form (`declarant count --json`)."""
        return {
            "part": self.part,
            "agree": self.agree,
            "used": self.choice.method.value,
            "why": self.choice.why,
            "figures": [
                {
                    "method": figure.method.value,
                    "model_operations": figure.model.as_json() if figure.model else None,
                    "executed_operations": figure.executed.as_json() if figure.executed else None,
                    "includes": figure.includes,
                }
                for figure in self.figures
            ],
            "comparisons": [
                {
                    "methods": [item.one.value, item.other.value],
                    "column": item.column,
                    "agree": item.agree,
                    "ratio": None if item.ratio is None else f"{float(item.ratio):.4f}",
                }
                for item in self.comparisons
            ],
            "reasons": list(self.reasons),
        }


def reconcile(ledger: Ledger) -> tuple[Agreement, ...]:
    """Return the agreement of each part of the ledger, in its order."""
    return tuple(_agreements(ledger))


def _agreements(ledger: Ledger) -> Iterator[Agreement]:
    for part in dict.fromkeys(part_of(segment) for segment in ledger.segments):
        figures = figures_of(part, ledger.segments)
        preferred = next((item.method for item in figures if item.segment.preferred), None)
        choice = choose(figures)
        if choice is not None and preferred is not None and choice.method is not preferred:
            choice = choose(figures, preferred)
        if choice is None:
            continue
        by_method = {item.method: item for item in figures}
        made = comparisons(figures)
        reasons = dict.fromkeys(
            reason
            for item in made
            if not item.agree
            for reason in likely_reasons(item, by_method[item.one], by_method[item.other])
        )
        yield Agreement(part, figures, made, choice, tuple(reasons))
