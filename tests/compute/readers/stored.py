"""What a store's figure of operations proves, when its convention is not written."""

from fractions import Fraction

from declarant.compute.readers.stores.run_amounts import UNSETTLED
from declarant.quantities import Interval


def as_logged(amount: int) -> Interval:
    """Half of the figure to all of it, and no likeliest value."""
    return Interval.between(Fraction(amount, 2), amount, None, UNSETTLED)
