"""Which of several figures for one part of a run the totals rely on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.ledger import Method
from declarant.compute.reconcile.comparison import comparisons
from declarant.compute.reconcile.figures import Figure

PREFERENCE = (
    Method.ARCHITECTURE,
    Method.FRAMEWORK_COUNTER,
    Method.TRAINER_LOG,
    Method.HARDWARE_COUNTER,
    Method.CHIP_TIME,
    Method.STATED,
    Method.SHORT_FORM,
)
"""Among figures that agree, from the one that assumes least about machines and conventions on."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The method that totals rely on.

    Attributes:
        method: the chosen one.
        agree: whether every two figures that can be compared have a common value; None when no
            two can be compared.
        why: the rule that chose, for people.
    """

    method: Method
    agree: bool | None
    why: str


def choose(figures: Sequence[Figure], said: Method | None = None) -> Choice | None:
    """Choose among the figures of one part; None when there are none.

    The register's own word decides. Else, among figures that agree, the first in the order of
    preference; where they disagree, the greatest, since a threshold that may have been crossed is
    the one to be told of (cautious). A figure without model operations is chosen only when none
    has them.
    """
    if not figures:
        return None
    made = comparisons(figures)
    agree = all(item.agree for item in made) if made else None
    if said is not None and any(item.method is said for item in figures):
        return Choice(said, agree, "the register says so")
    usable = [item for item in figures if item.model is not None] or list(figures)
    if agree is False:
        greatest = max(usable, key=_weight)
        among = "" if len(usable) == len(figures) else " of those that know model operations"
        why = f"the figures disagree; it is the greatest{among} (cautious)"
        return Choice(greatest.method, False, why)
    surest = min(usable, key=lambda item: PREFERENCE.index(item.method))
    if agree:
        return Choice(surest.method, True, "the figures agree; it assumes least")
    return Choice(surest.method, None, "no other figure can be compared with it")


def _weight(figure: Figure) -> tuple[Fraction, Fraction]:
    """Order figures by their best value (by their least where nobody knows it), then the least."""
    amount = figure.model or figure.executed
    if amount is None:
        return Fraction(-1), Fraction(-1)
    return (amount.low if amount.best is None else amount.best), amount.low
