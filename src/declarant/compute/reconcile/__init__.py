"""Several methods for one piece of work, side by side: agreement, likely reasons, the choice."""

from declarant.compute.reconcile.agreement import Agreement, reconcile
from declarant.compute.reconcile.choice import Choice, choose
from declarant.compute.reconcile.comparison import Comparison
from declarant.compute.reconcile.figures import Figure, figures_of

__all__ = ["Agreement", "Choice", "Comparison", "Figure", "choose", "figures_of", "reconcile"]
