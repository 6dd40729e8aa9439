"""What was seen and could not be attributed, each with examples and what it does to the bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from declarant.clusters.assessment import Unattributed
from declarant.clusters.fabric import Fabric
from declarant.clusters.grouping import VertexKind
from declarant.clusters.holdings import Holdings
from declarant.clusters.observation import UNKNOWN_RATE

MOST_EXAMPLES = 5
_NO_BOUND = "no upper bound of the peak"


def unattributed(fabric: Fabric, held: Holdings) -> tuple[Unattributed, ...]:
    """Return everything that the bounds of a peak are wide for."""
    return (
        *_machines(fabric, held),
        *_devices(fabric, held),
        *_adapters(fabric),
        *_links(fabric),
    )


def _machines(fabric: Fabric, held: Holdings) -> Iterator[Unattributed]:
    names = fabric.group.machines
    if len(held.unlisted):
        yield Unattributed(
            "machines_without_inventory",
            len(held.unlisted),
            "machines stand in a fabric and in no inventory: what they hold is not known",
            _some(names[held.unlisted].to_list()),
            _NO_BOUND,
        )
    edges = fabric.wiring.edges
    linked = np.zeros(fabric.group.vertices, np.bool_)
    linked[edges.low] = True
    linked[edges.high] = True
    loose = np.flatnonzero(~linked[: len(names)])
    if len(loose):
        yield Unattributed(
            "machines_without_links",
            len(loose),
            "machines have no link in any file: whether they are transitively connected is not "
            "known",
            _some(names[loose].to_list()),
            "they add to the upper bound",
        )


def _devices(fabric: Fabric, held: Holdings) -> Iterator[Unattributed]:
    vague = [number for number, kind in enumerate(held.kinds) if not kind.known]
    rows = np.isin(held.kind, vague) & (held.count != 0)
    if rows.any():
        used = np.unique(held.kind[rows]).tolist()
        yield Unattributed(
            "unknown_devices",
            int(held.count[rows].clip(min=0).sum()),
            f"devices are not in the catalogue, in {len(np.unique(held.machine[rows]))} machines",
            _some([held.kinds[number].name or "(no name)" for number in used]),
            _NO_BOUND,
        )
    uncounted = np.flatnonzero(held.count < 0)
    if len(uncounted):
        yield Unattributed(
            "uncounted_devices",
            len(uncounted),
            "machines hold devices whose number no file says",
            _some(fabric.group.machines[held.machine[uncounted]].to_list()),
            _NO_BOUND,
        )


def _adapters(fabric: Fabric) -> Iterator[Unattributed]:
    group = fabric.group
    assumed = any(each is not None for each in fabric.assumed)
    effect = "each may be one more machine, in the upper bound" if assumed else _NO_BOUND
    for kind, code, what in (
        (VertexKind.NAMELESS, "adapters_without_host", "adapters carry no host name"),
        (
            VertexKind.PLACEHOLDER,
            "adapters_with_placeholder",
            "adapters carry a host name that many machines share",
        ),
        (
            VertexKind.UNKNOWN,
            "unexplained_names",
            "names in links are machines or switches, and no file says which",
        ),
    ):
        rows = np.flatnonzero(group.kinds == kind)
        if len(rows):
            yield Unattributed(code, len(rows), what, _some(group.labels[rows].to_list()), effect)


def _links(fabric: Fabric) -> Iterator[Unattributed]:
    edges = fabric.wiring.edges
    # ties to scale-up domains have no rate either, and are no links of a file
    domain = np.isin(edges.high, fabric.group.clique_of)
    unknown = np.flatnonzero((edges.active == UNKNOWN_RATE) & ~domain)
    if len(unknown):
        name = fabric.group.name
        shown = [
            f"{name(int(edges.low[row]))} - {name(int(edges.high[row]))}"
            for row in unknown[:MOST_EXAMPLES]
        ]
        yield Unattributed(
            "links_without_speed",
            int(edges.count[unknown].sum()),
            "links have no known speed",
            tuple(shown),
            "they join nothing in the lower bound and everything in the upper",
        )


def _some(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(names))[:MOST_EXAMPLES])
