"""A utilisation that hardly any run reaches deserves a question."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place, Severity

LOWEST, HIGHEST = Fraction(5, 100), Fraction(65, 100)


def utilisation_outside(context: RunContext) -> Iterator[Finding]:
    """plausibility.utilisation_outside: model operations over capacity outside 5 to 65 %.

    Compares each capacity with every segment of the same piece of work counted in another way, and
    with the segment's own figure.
    """
    for segment in context.ledger.segments:
        capacity = segment.capacity
        if capacity is None or not capacity.best:
            continue
        for other in context.ledger.segments:
            operations = other.model_operations
            if other.work != segment.work or operations is None or not operations.best:
                continue
            share = operations.best / capacity.best
            if not LOWEST <= share <= HIGHEST:
                yield Finding(
                    "plausibility.utilisation_outside",
                    f"{other.method.value} over the devices' time gives a utilisation of "
                    f"{float(share):.1%}; runs reach between {float(LOWEST):.0%} and "
                    f"{float(HIGHEST):.0%}.",
                    Place(field=other.id),
                    "Check devices, hours, and that the peak is dense and of the format used.",
                    Severity.ERROR if share > 1 else Severity.WARNING,
                    effect="one of the two figures cannot be true"
                    if share > 1
                    else "one of the two figures is doubtful",
                )
