"""What the text of a dump is turned into: columns of node sections and of port lines.

Narrow columns: a campus has two million port lines, and touching memory is what costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]

RATE_UNIT = 500_000_000
"""Rates in columns count half gigabits per second: every nominal rate is a multiple."""


@dataclass(frozen=True, slots=True)
class Sections:
    """Node sections, shape (n,) each.

    Attributes:
        at: position of the node's id in the text, int64.
        kind: the letter of that id: S switch, H channel adapter, R router.
        guid: the number in that id.
        names: the quoted descriptions, each ended by a newline; bytes, shape (m,).
    """

    at: Int
    kind: NDArray[np.uint8]
    guid: NDArray[np.uint64]
    names: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Ports:
    """Port lines, shape (n,) each, in the order of the text.

    Attributes:
        at: position of the peer's id in the text, int64.
        section: row in `Sections`; -1 before the first.
        port, peer_port: port numbers.
        peer_kind, peer_guid: the node at the other end.
        rate: nominal, in `RATE_UNIT`; `UNKNOWN_RATE` where the line names none that is known.
    """

    at: Int
    section: NDArray[np.int32]
    port: NDArray[np.uint8]
    peer_kind: NDArray[np.uint8]
    peer_guid: NDArray[np.uint64]
    peer_port: NDArray[np.uint8]
    rate: NDArray[np.int16]


Columns = TypeVar("Columns", Sections, Ports)


def joined(parts: Sequence[Columns]) -> Columns:
    """Return all parts, one after another; there is at least one."""
    made = type(parts[0])
    return made(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(made))
    )
