"""What the text of a dump is turned into: columns of node sections and of port lines.

Narrow columns: a campus has two million port lines, and touching memory is what costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.guids import GuidTexts

RATE_UNIT = 500_000_000
"""Rates in columns count half gigabits per second: every nominal rate is a multiple."""


@dataclass(frozen=True, slots=True)
class Sections:
    """Node sections, shape (n,) each.

    Attributes:
        at: place of the node's id in the text.
        kind: the letter of that id: S switch, H channel adapter, R router.
        text: the digits in that id. guid: the number they are.
        names: the quoted descriptions, each ended by a newline; bytes, shape (m,).
    """

    at: NDArray[np.int64]
    kind: NDArray[np.uint8]
    text: GuidTexts
    guid: NDArray[np.uint64]
    names: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Ports:
    """Port lines of one block, shape (n,) each, in the order of the text.

    Attributes:
        at: place of the peer's id, in the block.
        section: section that the line stands under, among those of the block; -1 before the first.
        port, peer_port: port numbers.
        peer_kind, peer: the node at the other end; what stands there need not be digits.
        rate: nominal, in `RATE_UNIT`; `UNKNOWN_RATE` where the line names none that is known.
    """

    at: NDArray[np.int32]
    section: NDArray[np.int32]
    port: NDArray[np.uint8]
    peer_kind: NDArray[np.uint8]
    peer: GuidTexts
    peer_port: NDArray[np.uint8]
    rate: NDArray[np.int16]
