"""Which machine, switch or other vertex each node of the evidence is.

Adapters of one host are one machine: a rail-only fabric would fall into as many pieces as a machine
has adapters otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.evidence import Evidence
from declarant.clusters.infiniband.host_names import PLACEHOLDERS
from declarant.clusters.inventory import Inventory
from declarant.clusters.machine_names import Numbering
from declarant.clusters.namesakes import tell_apart
from declarant.clusters.observation import NodeKind
from declarant.clusters.text_column import as_series, texts_at
from declarant.problems import Finding, Place, Severity


class VertexKind(IntEnum):
    """What a vertex that is no machine is."""

    SWITCH = 0
    NAMELESS = 1  # an adapter without a host name
    PLACEHOLDER = 2  # an adapter whose host name is one that many machines carry
    UNKNOWN = 3  # a name in a list of links that nothing else explains
    CLIQUE = 4  # a scale-up domain


@dataclass(frozen=True, slots=True)
class Group:
    """Vertices: machines 0 to M-1 in alphabetical order, then all others.

    Attributes:
        machines: names of all machines, canonical.
        assumed_by: of each machine that no inventory describes, the evidence whose assumption
            holds for it; -1 for others. Shape (M,).
        status, site, date: of each machine.
        labels: names of the other vertices, for people.
        kinds: `VertexKind` of the other vertices, int8.
        file_of: evidence that first names each of the other vertices.
        vertex_of: for each evidence, the vertex of each node, -1 for one left out (in-network
            computing of switches).
        clique_member, clique_of: machines in a scale-up domain, and the vertex of the domain.
        alike: pairs of vertices that may be one switch, shape (n, 2); the lower vertex first.
    """

    machines: pl.Series
    assumed_by: NDArray[np.int64]
    status: pl.Series
    site: pl.Series
    date: pl.Series
    labels: pl.Series
    kinds: NDArray[np.int8]
    file_of: NDArray[np.int64]
    vertex_of: tuple[NDArray[np.int32], ...]
    clique_member: NDArray[np.int32]
    clique_of: NDArray[np.int32]
    alike: NDArray[np.int32]
    findings: tuple[Finding, ...]

    @property
    def vertices(self) -> int:
        """How many vertices there are."""
        return len(self.machines) + len(self.labels)

    def name(self, vertex: int) -> str:
        """Return a vertex's name for people."""
        machines = len(self.machines)
        here = vertex < machines
        return str(self.machines[vertex] if here else self.labels[vertex - machines])


def machine_names(each: Evidence) -> tuple[pl.Series, NDArray[np.bool_]]:
    """Return the machine that each node is or belongs to, null for none, and where that is certain.

    The name of a node of unknown kind is a machine's only where something else says so.
    """
    nodes = each.observation.nodes
    host = as_series(nodes.host)
    kind = pl.Series(nodes.kind, dtype=pl.Int8)
    itself = kind.is_in([NodeKind.MACHINE, NodeKind.UNKNOWN])
    if not itself.any():
        attributed = (kind == NodeKind.ADAPTER) & (host != "") & ~_placeholder(host)
        return host.set(~attributed, None), np.ones(len(kind), np.bool_)
    frame = pl.select(
        pl.when(itself & (host == ""))
        .then(as_series(nodes.key))
        .when(itself | ((kind == NodeKind.ADAPTER) & (host != "") & ~_placeholder(host)))
        .then(host)
        .alias("machine")
    )
    return frame["machine"], (kind != NodeKind.UNKNOWN).to_numpy()


def _placeholder(host: pl.Series) -> pl.Series:
    return host.is_in([*PLACEHOLDERS, *(name.upper() for name in PLACEHOLDERS)])


def group(evidence: Sequence[Evidence], inventory: Inventory, numbering: Numbering) -> Group:
    """Return the vertices of all evidence."""
    machines = len(numbering.machines)
    others = [
        _others(number, each, machine, listed=len(inventory.described) > 0)
        for number, (each, machine) in enumerate(zip(evidence, numbering.nodes, strict=True))
    ]
    first_file = np.full(machines, -1, np.int64)
    for number in reversed(range(len(evidence))):
        named = numbering.nodes[number]
        first_file[named[named >= 0]] = number
    about = _about(evidence, inventory, first_file)
    told = tell_apart(pl.concat(others), numbering, about[1], evidence)
    every = told.others
    unique = every
    if every["file"].n_unique() > 1:  # in one file every key stands once
        unique = every.unique("key", keep="first", maintain_order=True)
        places = unique.select("key").with_row_index("place")
        every = every.join(places, on="key", how="left", maintain_order="left")
    else:
        every = every.with_row_index("place")
    assumed_by = first_file.copy()
    assumed_by[inventory.described] = -1
    cliques = _cliques(evidence, numbering)
    domain = machines + len(unique) + cliques["domain"].to_numpy()
    names = cliques.unique("domain").sort("domain")
    return Group(
        numbering.machines,
        assumed_by,
        *about,
        pl.concat([unique["label"], names["name"]]),
        np.concatenate([unique["other"].to_numpy(), np.full(len(names), VertexKind.CLIQUE)]).astype(
            np.int8
        ),
        np.concatenate([unique["file"].to_numpy(), names["file"].to_numpy()]),
        tuple(_vertices(every, number, numbering) for number in range(len(evidence))),
        cliques["machine"].to_numpy().astype(np.int32),
        domain.astype(np.int32),
        _places(told.alike, unique["key"], machines),
        (
            *_taken_for_switches(unique, evidence),
            *_unexplained(unique, evidence),
            *told.findings,
        ),
    )


def _places(alike: Sequence[tuple[str, str]], keys: pl.Series, machines: int) -> NDArray[np.int32]:
    if not alike:
        return np.empty((0, 2), np.int32)
    place = {key: machines + row for row, key in enumerate(keys.to_list())}
    pairs = np.array([(place[one], place[other]) for one, other in alike], np.int32)
    return np.sort(pairs, axis=1)


def _cliques(evidence: Sequence[Evidence], numbering: Numbering) -> pl.DataFrame:
    """Return machines in scale-up domains: `machine`, `domain` (a number), its `name`, `file`."""
    parts = [
        pl.DataFrame(
            {
                "machine": pl.Series(machine, dtype=pl.Int64),
                "name": as_series(each.observation.machines.clique),
                "file": pl.repeat(number, len(machine), dtype=pl.Int64, eager=True),
            }
        ).filter(pl.col("name") != "")
        for number, (each, machine) in enumerate(zip(evidence, numbering.rows, strict=True))
        if len(each.observation.machines.clique)
    ]
    nothing = {"machine": pl.Int64, "name": pl.String, "file": pl.Int64}
    every = pl.concat([pl.DataFrame(schema=nothing), *parts]).unique(["machine", "name"])
    domain = every["name"].rank("dense").cast(pl.Int64) - 1
    label = pl.format("scale-up domain {}", pl.col("name")).alias("name")
    return every.with_columns(domain.alias("domain"), label).sort("domain", "machine")


def _about(
    evidence: Sequence[Evidence], inventory: Inventory, first_file: NDArray[np.int64]
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return status, site and date of each machine: from the inventory, else from its evidence."""

    def column(told: Sequence[str], listed: pl.Series) -> pl.Series:
        made = pl.Series(told, dtype=pl.String)[np.maximum(first_file, 0)]
        return made.scatter(inventory.described, listed)

    return (
        column([each.status.value for each in evidence], inventory.status),
        column([each.site for each in evidence], inventory.site),
        column([each.date for each in evidence], inventory.date),
    )


def _others(
    number: int, each: Evidence, machine: NDArray[np.int64], *, listed: bool
) -> pl.DataFrame:
    """Return the nodes of one evidence that are no machines: `row`, `file`, `key`, `label`, ...

    `other` is their `VertexKind`. Beside an inventory of machines, a name that is not in it is
    taken for a switch.
    """
    nodes = each.observation.nodes
    rows = np.flatnonzero((machine < 0) & (nodes.kind != NodeKind.AGGREGATION))
    kind = nodes.kind[rows]
    key, label, host = (texts_at(column, rows) for column in (nodes.key, nodes.label, nodes.host))
    other = np.full(len(rows), VertexKind.SWITCH if listed else VertexKind.UNKNOWN)
    other[kind == NodeKind.SWITCH] = VertexKind.SWITCH
    adapter = kind == NodeKind.ADAPTER
    other[adapter] = VertexKind.PLACEHOLDER
    other[adapter & (host == "").to_numpy()] = VertexKind.NAMELESS
    unlabelled = (label == "").arg_true()
    if len(unlabelled):
        label = label.clone().scatter(unlabelled, key[unlabelled])
    return pl.DataFrame(
        {
            "row": pl.Series(rows, dtype=pl.Int64),
            "file": pl.repeat(number, len(rows), dtype=pl.Int64, eager=True),
            "key": key,
            "label": label,
            "kind": pl.Series(kind, dtype=pl.Int8),
            "other": pl.Series(other, dtype=pl.Int8),
        }
    )


def _vertices(others: pl.DataFrame, number: int, numbering: Numbering) -> NDArray[np.int32]:
    vertex = numbering.nodes[number].astype(np.int32)
    own = others.filter(pl.col("file") == number)
    vertex[own["row"].to_numpy()] = len(numbering.machines) + own["place"].to_numpy()
    return vertex


def _taken_for_switches(others: pl.DataFrame, evidence: Sequence[Evidence]) -> tuple[Finding, ...]:
    taken = others.filter(
        (pl.col("kind") == NodeKind.UNKNOWN) & (pl.col("other") == VertexKind.SWITCH)
    )
    if not len(taken):
        return ()
    return (
        Finding(
            "cluster.taken_for_switches",
            f"{len(taken)} names in links stand in no inventory, {taken['label'][0]} among them; "
            "they are taken for switches.",
            Place(evidence[int(taken["file"][0])].observation.path),
            "Add those that are machines to the inventory.",
            Severity.NOTE,
        ),
    )


def _unexplained(others: pl.DataFrame, evidence: Sequence[Evidence]) -> tuple[Finding, ...]:
    unknown = others.filter(pl.col("other") == VertexKind.UNKNOWN)
    if not len(unknown):
        return ()
    return (
        Finding(
            "cluster.unexplained_names",
            f"{len(unknown)} names in links may be machines or switches, {unknown['label'][0]} "
            "among them.",
            Place(evidence[int(unknown["file"][0])].observation.path),
            "Give an inventory of the machines, or columns a_kind and b_kind that say machine or "
            "switch.",
            Severity.WARNING,
            "no upper bound of the peak",
        ),
    )
