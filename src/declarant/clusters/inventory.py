"""The machines of all inventories together: which devices each holds, where, in what status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.evidence import Evidence
from declarant.clusters.machine_names import Numbering
from declarant.clusters.observation import Status
from declarant.clusters.text_column import as_series
from declarant.problems import Finding, Place, Severity

# where inventories disagree, the status that makes more of a machine counts
_PRESENCE = (
    Status.RETIRED,
    Status.UNKNOWN,
    Status.PLANNED,
    Status.ON_ORDER,
    Status.INSTALLED,
    Status.RENTED,
    Status.IN_SERVICE,
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Rows of devices, and what is known of each machine that an inventory describes.

    Attributes:
        machine, kind, count: one row a kind of device in a machine; count -1 unknown.
        kinds: (naming, device as printed), which `kind` counts.
        described: machines of any inventory, ascending; what follows is of these, in this order.
        status: a value of `Status`.
        site, date: "" unknown.
    """

    machine: NDArray[np.int64]
    kind: NDArray[np.int64]
    count: NDArray[np.int64]
    kinds: tuple[tuple[str, str], ...]
    described: NDArray[np.int64]
    status: pl.Series
    site: pl.Series
    date: pl.Series
    findings: tuple[Finding, ...] = ()


def gather(evidence: Sequence[Evidence], numbering: Numbering) -> Inventory:
    """Return the inventories of all evidence as one.

    Rows of one file add up. Of a machine that several files describe, the first file counts that
    names its devices and their number.
    """
    rows = pl.concat(
        [
            _rows(number, each, machine)
            for number, (each, machine) in enumerate(zip(evidence, numbering.rows, strict=True))
        ]
    )
    chosen = rows
    if rows["file"].n_unique() > 1:
        vague = pl.col("device").eq("") | pl.col("count").lt(0)
        rank = pl.col("file") + vague.any().over("file", "machine").cast(pl.Int64) * len(evidence)
        chosen = rows.filter(rank == rank.min().over("machine"))
    kinds = chosen.select("naming", "device").unique(maintain_order=True)
    numbered = chosen.join(
        kinds.with_row_index("kind"), on=["naming", "device"], how="left", maintain_order="left"
    )
    about = rows.group_by("machine").agg(
        pl.col("presence").max(),
        pl.col("site").filter(pl.col("site") != "").first().fill_null(""),
        pl.col("date").filter(pl.col("date") != "").first().fill_null(""),
    )
    about = about.sort("machine")
    return Inventory(
        numbered["machine"].to_numpy(),
        numbered["kind"].cast(pl.Int64).to_numpy(),
        numbered["count"].to_numpy(),
        tuple(kinds.iter_rows()),
        about["machine"].to_numpy(),
        pl.Series([status.value for status in _PRESENCE])[about["presence"]],
        about["site"],
        about["date"],
        _disagreements(rows, evidence, numbering),
    )


def _rows(number: int, each: Evidence, machine: NDArray[np.int64]) -> pl.DataFrame:
    machines = each.observation.machines
    count = len(machines)
    presence = {status.value: rank for rank, status in enumerate(_PRESENCE)}
    unknown = presence[Status.UNKNOWN.value]
    status = as_series(machines.status).replace(Status.UNKNOWN.value, each.status.value)
    return pl.DataFrame(
        {
            "file": pl.repeat(number, count, dtype=pl.Int64, eager=True),
            "machine": pl.Series(machine, dtype=pl.Int64),
            "naming": pl.repeat(machines.naming, count, dtype=pl.String, eager=True),
            "device": as_series(machines.device),
            "count": pl.Series(machines.count, dtype=pl.Int64),
            "presence": status.replace_strict(presence, default=unknown, return_dtype=pl.Int64),
            "site": _filled(machines.site, count, each.site),
            "date": _filled(machines.date, count, each.date),
        }
    )


def _filled(values: Sequence[str], count: int, otherwise: str) -> pl.Series:
    if not len(values):
        return pl.repeat(otherwise, count, dtype=pl.String, eager=True)
    texts = as_series(values)
    return texts.replace("", otherwise) if otherwise else texts


def _disagreements(
    rows: pl.DataFrame, evidence: Sequence[Evidence], numbering: Numbering
) -> tuple[Finding, ...]:
    """Return a finding when two files count different numbers of devices for one machine."""
    if rows["file"].n_unique() < 2:
        return ()
    per_file = rows.filter(pl.col("count") >= 0).group_by("machine", "file").agg(pl.sum("count"))
    unequal = per_file.filter(pl.col("count").n_unique().over("machine") > 1)
    if not len(unequal):
        return ()
    machines = unequal["machine"].unique().sort()
    files = sorted(set(unequal["file"].to_list()))
    return (
        Finding(
            "cluster.inventories_disagree",
            f"{len(machines)} machines hold different numbers of devices in different files, "
            f"{numbering.machines[machines[0]]} among them.",
            Place(", ".join(evidence[number].observation.path for number in files)),
            "Correct the file that is out of date; the first that names devices counts.",
            Severity.WARNING,
        ),
    )
