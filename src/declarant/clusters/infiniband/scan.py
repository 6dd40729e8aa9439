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

from declarant.clusters.infiniband.columns import Int, Ports, Sections, joined
from declarant.clusters.infiniband.lines import Lines
from declarant.clusters.readers.registry import Advance

BLOCK = 1 << 21  # bytes looked at together: small enough for the processor's cache
THREADS = 2  # numpy lets go of the interpreter's lock for most of the work; more bring little


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole dump, or a block of one.

    Attributes:
        sections, ports: its nodes and port lines.
        odd_at: positions in the text at which lines in no known form begin.
        lines: how many lines there are.
    """

    sections: Sections
    ports: Ports
    odd_at: Int
    lines: int


def scan(text: NDArray[np.uint8], advance: Advance | None = None) -> Scan:
    """Read the text of a dump.

    Args:
        text: its bytes, at least one; the last line need not be ended.
        advance: optional; called with the bytes done and their total.
    """
    parts: list[Scan] = []
    bounds = list(_blocks(text))
    with ThreadPoolExecutor(THREADS) as threads:
        for (_, stop), part in zip(
            bounds, threads.map(lambda bound: _block(text, *bound), bounds), strict=True
        ):
            parts.append(part)
            if advance is not None:
                advance(stop, len(text))
    return _assembled(parts)


def _blocks(text: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of blocks that end where a line ends."""
    raw = text.data
    begin = 0
    while begin < len(text):
        stop = min(begin + BLOCK, len(text))
        while stop < len(text):
            newline = bytes(raw[begin:stop]).rfind(b"\n")
            if newline >= 0:
                stop = begin + newline + 1
                break
            stop = min(stop + BLOCK, len(text))  # a line longer than a block
        yield begin, stop
        begin = stop


def _block(text: NDArray[np.uint8], begin: int, stop: int) -> Scan:
    lines = Lines(text, begin, stop)
    sections = lines.sections()
    ports = lines.ports()
    return Scan(sections, ports, lines.odd(), len(lines))


def _assembled(parts: list[Scan]) -> Scan:
    """Put blocks together; sections are counted through the whole text."""
    before = 0
    for part in parts:
        part.ports.section[:] += before
        before += len(part.sections.at)
    return Scan(
        joined([part.sections for part in parts]),
        joined([part.ports for part in parts]),
        np.concatenate([part.odd_at for part in parts]),
        sum(part.lines for part in parts),
    )
