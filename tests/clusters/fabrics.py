"""Small fabrics as observations, for tests of what is done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from declarant.clusters import Fabric, Limits, Observation
from declarant.clusters.evidence import Evidence
from declarant.clusters.observation import (
    UNKNOWN_RATE,
    LinkKind,
    Links,
    Machines,
    NodeKind,
    Nodes,
    Status,
)

GBIT = 10**9
LIMITS = Limits(operations_per_second=10**20, link_bits_per_second=300 * GBIT)

Link = tuple[str, str, int | None] | tuple[str, str, int | None, int]


def links(
    rows: Iterable[Link],
    *,
    kinds: dict[str, NodeKind] | None = None,
    scale_up: bool = False,
    path: str = "links",
    speeds_known: bool = True,
) -> Observation:
    """Return links (a, b, Gbit/s or None, count); names that begin with `s` or `l` are switches."""
    held = [(*row, 1)[:4] for row in rows]
    names = list(dict.fromkeys(name for row in held for name in row[:2]))
    place = {name: number for number, name in enumerate(names)}
    kind = [
        (kinds or {}).get(name, NodeKind.SWITCH if name[0] in "sl" else NodeKind.MACHINE)
        for name in names
    ]
    rate = np.array(
        [UNKNOWN_RATE if row[2] is None else int(row[2] * GBIT) for row in held], np.int64
    )
    return Observation(
        path,
        "0" * 64,
        "test",
        nodes=Nodes(tuple(names), ("",) * len(names), tuple(names), np.array(kind, np.int8)),
        links=Links(
            np.array([place[row[0]] for row in held], np.int32),
            np.array([place[row[1]] for row in held], np.int32),
            rate,
            rate,
            np.array([row[3] for row in held], np.int32),
            np.full(len(held), LinkKind.SCALE_UP if scale_up else LinkKind.SCALE_OUT, np.int8),
            np.zeros(len(held), np.bool_),
        ),
        speeds_known=speeds_known,
    )


def inventory(
    names: Sequence[str],
    device: str | Sequence[str] = "H100 SXM",
    count: int | Sequence[int] = 8,
    *,
    status: str | Sequence[str] = Status.IN_SERVICE,
    site: str | Sequence[str] = "",
    clique: str | Sequence[str] = "",
    date: Sequence[str] = (),
    path: str = "machines",
) -> Observation:
    """Return an inventory; a single value stands for every machine."""

    def each(value: str | Sequence[str]) -> tuple[str, ...]:
        return (value,) * len(names) if isinstance(value, str) else tuple(value)

    counts = [count] * len(names) if isinstance(count, int) else list(count)
    return Observation(
        path,
        "1" * 64,
        "test",
        Machines(
            tuple(names),
            each(device),
            "csv",
            np.array(counts, np.int64),
            each(site),
            each(status),
            each(""),
            each(clique),
            tuple(date),
        ),
    )


def fabric(*evidence: Observation | Evidence) -> Fabric:
    return Fabric.join(evidence)


def star(machines: int, gbit: int | None = 400, count: int = 8, hub: str = "leaf") -> list[Link]:
    return [(f"n{number}", hub, gbit, count) for number in range(machines)]


def named(machines: int) -> list[str]:
    return [f"n{number}" for number in range(machines)]
