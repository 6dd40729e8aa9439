"""The machines of all inventories together: which devices each holds, where, in what status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.disagreement import Content, settle_inventories
from declarant.clusters.evidence import Evidence
from declarant.clusters.machine_names import Numbering
from declarant.clusters.observation import Status
from declarant.clusters.text_column import as_series
from declarant.problems import Finding

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
        named_in: of each of `kinds`, the files that name it.
        choices: what a machine may hold where inventories disagree; `kind` counts them after the
            kinds, and `count` is 1.
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
    named_in: tuple[str, ...] = ()
    choices: tuple[tuple[Content, ...], ...] = ()
    findings: tuple[Finding, ...] = ()


def gather(evidence: Sequence[Evidence], numbering: Numbering) -> Inventory:
    """Return the inventories of all evidence as one.

    Rows of one file add up. Where several files describe a machine, `disagreement` says what
    counts.
    """
    rows = pl.concat(
        [
            _rows(number, each, machine)
            for number, (each, machine) in enumerate(zip(evidence, numbering.rows, strict=True))
        ]
    )
    kinds = rows.select("naming", "device").unique(maintain_order=True)
    names = tuple(kinds.iter_rows())
    numbered = rows.join(
        kinds.with_row_index("kind"), on=["naming", "device"], how="left", maintain_order="left"
    ).with_columns(pl.col("kind").cast(pl.Int64))
    settled = settle_inventories(numbered, names, evidence, numbering)
    about = rows.group_by("machine").agg(
        pl.col("presence").max(),
        pl.col("site").filter(pl.col("site") != "").first().fill_null(""),
        pl.col("date").filter(pl.col("date") != "").first().fill_null(""),
    )
    about = about.sort("machine")
    return Inventory(
        settled.rows["machine"].to_numpy(),
        settled.rows["kind"].to_numpy(),
        settled.rows["count"].to_numpy(),
        names,
        about["machine"].to_numpy(),
        pl.Series([status.value for status in _PRESENCE])[about["presence"]],
        about["site"],
        about["date"],
        _named_in(numbered, evidence),
        settled.choices,
        settled.findings,
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


def _named_in(rows: pl.DataFrame, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the files that name each kind of device, in order of kind."""
    pairs = rows.select("kind", "file").unique().sort("kind", "file")
    files = pairs.group_by("kind", maintain_order=True).agg("file")["file"].to_list()
    return tuple(
        ", ".join(evidence[number].observation.path for number in numbers) for numbers in files
    )
