"""The text of an ibnetdiscover dump as columns: one row a node section, one row a port line.

A campus prints four million lines, so the text is not walked line by line: line ends and quotation
marks are found for a whole block at once, and every field is read for all lines together.

Form of the text: `out_switch_port` and `out_ca_port` in rdma-core, infiniband-diags/ibnetdiscover.c;
ibdiagnet writes the same lines, with signalling rates in place of names and without some blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.guids import DIGITS, read_guids
from declarant.clusters.infiniband.rate_columns import read_rates
from declarant.clusters.readers.registry import Advance

BLOCK = 4 << 20  # bytes looked at together: small enough for the processor's cache
LONGEST_PORT = 254  # InfiniBand Architecture Specification: port numbers are 1 to 254
_NEWLINE, _QUOTE, _RETURN, _SPACE, _TAB = 10, 34, 13, 32, 9
_KINDS = np.frombuffer(b"SCR", np.uint8)
_PEERS = np.frombuffer(b"SHR", np.uint8)

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sections:
    """Node sections, shape (n,) each: where the head line stands and what it says."""

    line: Int  # from 1
    kind: NDArray[np.uint8]  # the letter of its id: S switch, H channel adapter, R router
    guid: NDArray[np.uint64]
    name_from: Int  # the quoted description, as positions in the text
    name_to: Int


@dataclass(frozen=True, slots=True)
class Ports:
    """Port lines, shape (n,) each, in the order of the text."""

    line: Int
    section: Int  # row in `Sections`; -1 before the first
    port: Int
    peer_kind: NDArray[np.uint8]
    peer_guid: NDArray[np.uint64]
    peer_port: Int
    rate: Int  # nominal bit/s, `UNKNOWN_RATE` where the line names none that is known
    name_from: Int  # the peer's description
    name_to: Int


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole dump. `odd_lines` are the lines that are in no known form; `system_at` are the
    positions after `sysimgguid=0x`, with the row of the section that follows each.
    """  # noqa: D205, D209

    sections: Sections
    ports: Ports
    odd_lines: Int
    system_at: Int
    system_section: Int
    lines: int


Column = TypeVar("Column", Sections, Ports)


def scan(text: NDArray[np.uint8], advance: Advance | None = None) -> Scan:
    """Read the text of a dump.

    Args:
        text: its bytes; the last line need not be ended.
        advance: optional; called with the bytes done and their total.
    """
    sections: list[Sections] = []
    ports: list[Ports] = []
    odd: list[Int] = []
    system_at: list[Int] = []
    system_section: list[Int] = []
    lines_before = sections_before = 0
    for lines in _blocks(text):
        found = lines.sections(lines_before)
        sections.append(found)
        ports.append(lines.ports(lines_before, sections_before))
        odd.append(lines.odd() + lines_before + 1)
        at, following = lines.systems()
        system_at.append(at)
        system_section.append(following + sections_before)
        lines_before += len(lines.start)
        sections_before += len(found.line)
        if advance is not None:
            advance(int(lines.end[-1]), len(text))
    return Scan(
        _joined(sections, Sections),
        _joined(ports, Ports),
        np.concatenate(odd),
        np.concatenate(system_at),
        np.concatenate(system_section),
        lines_before,
    )
