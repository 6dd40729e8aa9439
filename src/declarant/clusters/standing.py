"""Which machines count, by their status and the day on which it begins."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.fabric import Fabric
from declarant.clusters.observation import Status

_PRESENT = (Status.IN_SERVICE, Status.RENTED, Status.UNKNOWN)
_IN_PLACE = (*_PRESENT, Status.INSTALLED)
_COMING = (Status.ON_ORDER, Status.PLANNED)


def counted_machines(fabric: Fabric, standing: str, horizon: str | None) -> NDArray[np.bool_]:
    """Return which machines count, shape (machines,).

    Args:
        fabric: all evidence.
        standing: "held_or_coming" (all but retired ones), "in_place" (installed or in service), or
            "in_service". A machine whose status nobody knows counts.
        horizon: ISO date; what comes later than it does not count. None counts everything to come;
            so does a machine whose date is not known.
    """
    status, date = fabric.group.status, fabric.group.date
    if standing == "in_service":
        return _among(status, _PRESENT)
    if standing == "in_place":
        return _among(status, _IN_PLACE)
    counted = ~_among(status, (Status.RETIRED,))
    if horizon is not None:
        counted &= ~(_among(status, _COMING) & (date > horizon).to_numpy())
    return counted


def _among(status: pl.Series, wanted: tuple[Status, ...]) -> NDArray[np.bool_]:
    return status.is_in([item.value for item in wanted]).to_numpy().astype(np.bool_)
