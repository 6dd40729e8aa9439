"""Edges of the fabric: which vertices are linked, how fast, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.evidence import Evidence
from declarant.clusters.grouping import Group
from declarant.clusters.observation import UNKNOWN_RATE, LinkKind
from declarant.problems import Finding, Place, Severity, bad_input

MOST_CAPACITY = 4 * 10**18
"""bit/s of all links together: more does not fit the arithmetic, and no machine room either."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Links between vertices, shape (n,) each; `low` < `high` are the ends.

    `active` and `supported` are bit/s of one link, `UNKNOWN_RATE` unknown; `count` parallel links;
    `kind` values of `LinkKind`.
    """

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    active: NDArray[np.int64]
    supported: NDArray[np.int64]
    count: NDArray[np.int32]
    kind: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.low)

    def where(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Edges:
        """Return some of the edges."""
        return Edges(*(getattr(self, each.name)[rows] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Wiring:
    """All edges. `incomplete` when a file shows that more belongs to the fabric than it holds."""

    edges: Edges
    incomplete: bool
    findings: tuple[Finding, ...]


def wire(evidence: Sequence[Evidence], group: Group) -> Wiring:
    """Return the edges that all evidence describes together.

    Raises:
        BadInput: when the rates add up to more than can be counted.
    """
    findings: list[Finding] = []
    parts = [_edges(each, vertex) for each, vertex in zip(evidence, group.vertex_of, strict=True)]
    _check_capacity(parts, evidence)
    linked = [number for number, part in enumerate(parts) if len(part)]
    if len(linked) > 1:
        findings += _drop_repeats(parts, linked, evidence)
    incomplete = any(
        bool(each.observation.links.one_ended.any())
        or any(finding.code.endswith(".truncated") for finding in each.observation.findings)
        for each in evidence
    )
    if len(group.clique_member):
        parts.append(_ties(group.clique_member, group.clique_of, LinkKind.SCALE_UP))
    if len(group.alike):
        parts.append(_ties(group.alike[:, 0], group.alike[:, 1], LinkKind.SCALE_OUT))
    return Wiring(_joined(parts), incomplete, tuple(findings))


def _ties(low: NDArray[np.int32], high: NDArray[np.int32], kind: LinkKind) -> Edges:
    """Return ties that no file gives a rate for: to scale-up domains, of switches of one name."""
    unknown = np.full(len(low), UNKNOWN_RATE, np.int64)
    ones = np.ones(len(low), np.int32)
    return Edges(low, high, unknown, unknown, ones, np.full(len(low), kind, np.int8))


def _edges(each: Evidence, vertex: NDArray[np.int32]) -> Edges:
    links = each.observation.links
    a, b = vertex[links.a], vertex[links.b]
    active, supported = links.active, links.supported
    if not each.observation.speeds_known:
        active = supported = np.full(len(links), UNKNOWN_RATE, np.int64)
    elif supported is not active and (supported == UNKNOWN_RATE).any():
        supported = np.where(supported == UNKNOWN_RATE, active, supported)
    edges = Edges(np.minimum(a, b), np.maximum(a, b), active, supported, links.count, links.kind)
    kept = (edges.low >= 0) & (edges.low != edges.high)
    return edges if kept.all() else edges.where(kept)


def _check_capacity(parts: Sequence[Edges], evidence: Sequence[Evidence]) -> None:
    for part, each in zip(parts, evidence, strict=True):
        total = float(np.maximum(part.supported, part.active).astype(np.float64) @ part.count)
        if total > MOST_CAPACITY:
            raise bad_input(
                "cluster.capacity",
                f"the links add up to {total:.1e} bit/s.",
                mend="Correct rates and counts: a link of 400 Gbit/s is written 400 in gbit_s.",
                file=each.observation.path,
            )


def _joined(parts: Sequence[Edges]) -> Edges:
    if len(parts) == 1:
        return parts[0]
    return Edges(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Edges))
    )


def _drop_repeats(
    parts: list[Edges], linked: Sequence[int], evidence: Sequence[Evidence]
) -> list[Finding]:
    """Keep each pair of vertices from one file: the one that gives it the greatest capacity."""
    frame = pl.concat(
        [
            pl.DataFrame(
                {
                    "file": np.full(len(parts[number]), number),
                    "low": parts[number].low,
                    "high": parts[number].high,
                    "capacity": np.maximum(parts[number].supported, 0) * parts[number].count,
                }
            )
            for number in linked
        ]
    )
    pairs = frame.group_by("low", "high", "file").agg(pl.sum("capacity"))
    repeated = pairs.filter(pl.len().over("low", "high") > 1)
    if not len(repeated):
        return []
    winner = repeated.sort(["capacity", "file"], descending=[True, False]).unique(
        ["low", "high"], keep="first", maintain_order=True
    )
    losing = repeated.join(
        winner.select("low", "high", "file"), on=["low", "high", "file"], how="anti"
    )
    for number in linked:
        lost = losing.filter(pl.col("file") == number)
        rows = frame.filter(pl.col("file") == number).select("low", "high")
        rows = rows.with_row_index("row").join(lost, on=["low", "high"], how="anti").sort("row")
        parts[number] = parts[number].where(rows["row"].to_numpy().astype(np.int64))
    paths = sorted({evidence[number].observation.path for number in repeated["file"].to_list()})
    return [
        Finding(
            "cluster.linked_twice",
            f"{len(winner)} pairs of nodes are linked in more than one file.",
            Place(", ".join(paths)),
            "Nothing, when the files show one fabric; each pair counts from one file.",
            Severity.NOTE,
            "each pair counts as in the file that gives it the greater total",
        )
    ]
