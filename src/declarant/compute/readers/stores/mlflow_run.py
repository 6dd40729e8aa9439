"""One run of an MLflow store, whichever form the store has."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.readers.registry import Given
from declarant.compute.readers.stores.run_scalars import RunScalars
from declarant.compute.readers.stores.tags import SEQUENCE_LENGTH, parameter

MOST_PARAMETERS = 2000


@dataclass(slots=True)
class StoredRun:
    """A run's scalars and what the store says about it.

    Attributes:
        scalars: its name, parameters and metrics.
        is_deleted: whether somebody deleted it, which leaves it in the store.
        is_running: whether the store knows no end.
        parent: id of the run it was logged within, "" none.
    """

    scalars: RunScalars
    is_deleted: bool = False
    is_running: bool = False
    parent: str = ""

    def settle(self, given: Given) -> None:
        """Work out what the points will need, once the parameters are there."""
        found = parameter(self.scalars.parameters, SEQUENCE_LENGTH)
        self.scalars.length = found or given.sequence_length


def new_run(name: str, identity: str, file: str) -> StoredRun:
    """Return a run without any points yet; a run without a name goes by its id."""
    return StoredRun(RunScalars(name.strip()[:200] or identity[:64], "mlflow", file))
