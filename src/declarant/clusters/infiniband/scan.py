"""The text of an ibnetdiscover dump as columns: one row a node section, one row a port line.

A campus prints four million lines, so the text is not walked line by line: line ends and quotation
marks are found for a whole block at once, and every field is read for all its lines together.

Form of the text: `out_switch_port` and `out_ca_port` in infiniband-diags/ibnetdiscover.c of
rdma-core; ibdiagnet writes the same lines, some with the lane's rate in place of its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import Ports, Sections
from declarant.clusters.infiniband.guids import joined
from declarant.clusters.infiniband.lines import Lines
from declarant.clusters.readers.registry import Advance, Content

BLOCK = 1 << 23  # bytes: large, so that threads seldom wait for each other between two steps
THREADS = 2  # numpy lets go of the interpreter's lock for most of the work; more bring little


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a dump: it begins at `begin` of the text, after `sections_before` sections."""

    begin: int
    sections_before: int
    ports: Ports


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole dump.

    Attributes:
        sections: its nodes.
        blocks: its port lines, block by block.
        odd_at: places in the text at which lines in no known form begin.
    """

    sections: Sections
    blocks: tuple[Block, ...]
    odd_at: NDArray[np.int64]

    def places(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where the peers' ids of some port lines stand; lines count through all blocks."""
        ends = np.cumsum([len(block.ports.at) for block in self.blocks])
        which = np.searchsorted(ends, rows, "right")
        return np.array(
            [
                self.blocks[k].begin + int(self.blocks[k].ports.at[row - ends[k]])
                for k, row in zip(which.tolist(), rows.tolist(), strict=True)
            ],
            np.int64,
        )


def scan(text: Content, advance: Advance | None = None) -> Scan:
    """Read the text of a dump.

    Args:
        text: at least one byte; the last line need not be ended.
        advance: optional; called with the bytes done and their total.
    """
    bounds = list(_blocks(text))
    sections: list[Sections] = []
    blocks: list[Block] = []
    odd: list[NDArray[np.int64]] = []
    before = 0
    with ThreadPoolExecutor(THREADS) as threads:
        read = threads.map(lambda bound: _read_block(text, *bound), bounds)
        for (begin, stop), (found, ports, odd_at) in zip(bounds, read, strict=True):
            blocks.append(Block(begin, before, ports))
            sections.append(found)
            odd.append(odd_at)
            before += len(found.at)
            if advance is not None:
                advance(stop, len(text))
    every = Sections(
        np.concatenate([found.at for found in sections]),
        np.concatenate([found.kind for found in sections]),
        joined([found.text for found in sections]),
        np.concatenate([found.guid for found in sections]),
        np.concatenate([found.names for found in sections]),
    )
    return Scan(every, tuple(blocks), np.concatenate(odd))


def _blocks(text: Content) -> Iterator[tuple[int, int]]:
    """Yield the bounds of blocks that end where a line ends."""
    begin = 0
    while begin < len(text):
        stop = len(text)
        if stop - begin > BLOCK:
            newline = text.find(b"\n", begin + BLOCK)
            stop = newline + 1 if newline >= 0 else stop
        yield begin, stop
        begin = stop


def _read_block(text: Content, begin: int, stop: int) -> tuple[Sections, Ports, NDArray[np.int64]]:
    lines = Lines(np.frombuffer(text, np.uint8), begin, stop)
    sections = lines.sections()
    ports = lines.ports()
    sections.at[:] += begin
    return sections, ports, lines.odd() + begin
