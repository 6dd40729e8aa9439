"""Two figures held against each other, in the columns that mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from declarant.compute.ledger import Method
from declarant.compute.reconcile.figures import Figure
from declarant.quantities import Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two methods in one column.

    Attributes:
        one: a method.
        other: another.
        column: "model" or "executed".
        left: what the one says, operations.
        right: what the other says, operations.
    """

    one: Method
    other: Method
    column: str
    left: Interval
    right: Interval

    @property
    def agree(self) -> bool:
        """Whether some value lies in both."""
        return self.left.overlaps(self.right)

    @property
    def ratio(self) -> Fraction | None:
        """The one's best value over the other's; None when either is unknown or zero."""
        if self.left.best is None or not self.right.best:
            return None
        return self.left.best / self.right.best


def comparisons(figures: Iterable[Figure]) -> tuple[Comparison, ...]:
    """Return every comparison that means something, in the order of the figures."""
    return tuple(made for one, other in combinations(figures, 2) for made in _compared(one, other))


def _compared(one: Figure, other: Figure) -> Iterator[Comparison]:
    """Model operations as they are; executed ones with lost steps where one sees only machines."""
    if one.model is not None and other.model is not None:
        yield Comparison(one.method, other.method, "model", one.model, other.model)
    left, right = one.executed, other.executed
    if one.tells_apart is not other.tells_apart:
        left, right = one.executed_in_all, other.executed_in_all
    if left is not None and right is not None:
        yield Comparison(one.method, other.method, "executed", left, right)
