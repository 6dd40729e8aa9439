"""Switches of one name in files about different sites: one switch, or two of one name.

A GUID is unique in the world; a name such as leaf-1 is so in its site at most. Where files whose
machines stand at different sites name a switch alike, each site gets a switch of its own, and a tie
of unknown speed between them: they join in the upper bound only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from declarant.clusters.evidence import Evidence
from declarant.clusters.machine_names import Numbering
from declarant.problems import Finding, Place, Severity

_GUID = r"^(?:[A-Za-z]-|0x)?[0-9A-Fa-f]{16}$"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Nodes with keys that tell switches of different sites apart.

    Attributes:
        others: as given, with `key` made different.
        alike: pairs of such keys that are one name.
    """

    others: pl.DataFrame
    alike: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()


def tell_apart(
    others: pl.DataFrame, numbering: Numbering, site: pl.Series, evidence: Sequence[Evidence]
) -> Namesakes:
    """Return `others` (with columns `file` and `key`), where switches of one name are told apart.

    Args:
        others: nodes that are no machines.
        numbering: the machines of each file.
        site: of each machine.
        evidence: all of it.
    """
    sites = {
        file: frozenset(site[np.unique(named[named >= 0])].to_list()) - {""}
        for file, named in enumerate(numbering.nodes)
    }
    placed = [file for file, found in sites.items() if found]
    if not any(sites[one].isdisjoint(sites[other]) for one, other in combinations(placed, 2)):
        return Namesakes(others)
    shared = others.filter(
        pl.col("file").n_unique().over("key") > 1, ~pl.col("key").str.contains(_GUID)
    )
    renamed: list[tuple[str, int, str]] = []
    alike: list[tuple[str, str]] = []
    files: set[int] = set()
    names: list[str] = []
    by_key = shared.group_by("key", maintain_order=True).agg("file")
    for key, found in by_key.iter_rows():
        first = next((file for file in found if sites[file]), found[0])
        new: dict[frozenset[str], str] = {}
        for file in found:
            if sites[file].isdisjoint(sites[first]) and sites[file]:
                apart = new.setdefault(sites[file], f"{key}\0{len(new)}")
                renamed.append((key, file, apart))
                files |= {first, file}
        alike += [(key, apart) for apart in new.values()]
        if new:
            names.append(key)
    if not renamed:
        return Namesakes(others)
    table = pl.DataFrame(renamed, schema=["key", "file", "apart"], orient="row").cast(
        {"file": others.schema["file"]}
    )
    told = others.join(table, on=["key", "file"], how="left", maintain_order="left")
    told = told.with_columns(pl.coalesce("apart", "key").alias("key")).drop("apart")
    all_sites = sorted({name for file in files for name in sites[file]})
    return Namesakes(
        told,
        tuple(alike),
        (
            Finding(
                "cluster.one_switch_two_sites",
                f"{len(names)} names of switches stand in links of different sites "
                f"({', '.join(all_sites)}): {', '.join(names[:_EXAMPLES])}.",
                Place(", ".join(evidence[file].observation.path for file in sorted(files))),
                "Write site and name (reno-leaf-1) where they are different switches; give one "
                "file for the whole fabric where they are one.",
                Severity.WARNING,
                "they join the sites in the upper bound only",
            ),
        ),
    )
