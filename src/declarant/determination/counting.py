"""What a regime counts on a day: each treatment settled by the text, or by the reading it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from declarant.determination.verdict import Choices
from declarant.law import Regime
from declarant.law.counting import TreatmentRule

YES = frozenset({"counts", "sum"})


@dataclass(frozen=True, slots=True)
class Counted:
    """Treatments of purposes, of recomputation, and of stages (whether they add up)."""

    purposes: Mapping[str, TreatmentRule]
    recomputation: TreatmentRule
    stages: TreatmentRule

    @classmethod
    def under(cls, regime: Regime, law_as_of: date) -> Counted:
        """Return what `regime` counted under the law of that day."""
        rules: dict[str, TreatmentRule] = {
            str(rule.purpose): rule for rule in regime.counting if rule.holds_on(law_as_of)
        }
        return cls(rules, regime.recomputation_rule, regime.stages_rule)

    def purpose_counts(self, purpose: str, choices: Choices) -> bool:
        """Return whether work of this purpose counts. A purpose without a rule counts: cautious."""
        rule = self.purposes.get(purpose)
        return rule is None or settled(rule, choices)

    def recomputation_counts(self, choices: Choices) -> bool:
        """Return whether operations done again to save memory count."""
        return settled(self.recomputation, choices)

    def stages_add_up(self, choices: Choices) -> bool:
        """Return whether the stages of one model are summed."""
        return settled(self.stages, choices)


def settled(rule: TreatmentRule, choices: Choices) -> bool:
    """Return the answer of the text, or of the reading when the text is open (cautious: yes)."""
    if rule.treatment != "open" or rule.reading is None:
        return rule.treatment == "in"
    return choices.get(rule.reading, "counts") in YES
