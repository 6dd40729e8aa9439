"""The registry of file formats: a reader is a small module here with a registered name.

To add a format, write a module in this folder; it is found by being there. It holds one function:

    @reader("slurm-topology", shows="Slurm topology.conf", suffixes=(".conf",), sniff=_is_topology)
    def read(content: bytes, context: ReadContext) -> Observation:
        ...
        return context.observation(nodes=nodes, links=links, findings=findings)

`sniff` looks at a `Sample` of the file and says whether it is in this format; it must be strict,
since a file that two readers claim is refused. `content` is never empty and never binary; UTF-16
has been turned into UTF-8 and a byte order mark removed. A reader raises `BadInput` when it cannot
go on, and otherwise says in findings what it passed over, with the line.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from declarant.clusters.observation import Links, Machines, Nodes, Observation
from declarant.formats import FormatRegistry, Sniff
from declarant.problems import Finding, Place, Severity

Advance = Callable[[int, int], None]
"""Called as advance(done, total), in bytes or rows."""


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader is told beside the bytes.

    Attributes:
        file: the path as people gave it, for every message.
        sha256: of the file's bytes, lower-case hexadecimal; "" while it is being worked out, in
            which case `read_file` puts it into the observation afterwards.
        format: the registered name under which the reader runs.
        node_names: GUID (16 lower-case hexadecimal digits) -> name, from a node-name map.
        advance: optional; tells how far the reading is.
    """

    file: str
    sha256: str
    format: str
    node_names: Mapping[str, str] = field(default_factory=dict)
    advance: Advance | None = None

    def place(self, line: int | None = None, field: str | None = None) -> Place:
        """Return a place in this file; lines count from 1."""
        return Place(self.file, line, field)

    def finding(
        self,
        code: str,
        what: str,
        *,
        mend: str,
        line: int | None = None,
        field: str | None = None,
        severity: Severity = Severity.WARNING,
        effect: str = "",
    ) -> Finding:
        """Return a finding about this file; `code` reads `FORMAT.SUBJECT`."""
        return Finding(code, what, self.place(line, field), mend, severity, effect)

    def observation(
        self,
        *,
        machines: Machines | None = None,
        nodes: Nodes | None = None,
        links: Links | None = None,
        findings: tuple[Finding, ...] = (),
        speeds_known: bool = True,
    ) -> Observation:
        """Return what was read, with this file's path, digest and format."""
        return Observation(
            self.file,
            self.sha256,
            self.format,
            machines or Machines(),
            nodes or Nodes(),
            links or Links(),
            findings,
            speeds_known,
        )


Content = bytes | mmap.mmap
"""Bytes of a file. What both offer: length, slices (which are bytes), `find` and `rfind`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One registered format: its name, what it is called among people, and its functions.

    `takes_map` says that `read` takes any `Content`, so that a large file need not be copied.
    """

    name: str
    shows: str
    suffixes: tuple[str, ...]
    sniff: Sniff
    read: Callable[[Any, ReadContext], Observation]
    takes_map: bool = False


FORMATS = FormatRegistry[Reader]("declarant.clusters.readers")


Decorated = TypeVar("Decorated", bound=Callable[[Any, ReadContext], Observation])


def reader(
    name: str,
    *,
    shows: str,
    sniff: Sniff,
    suffixes: tuple[str, ...] = (),
    takes_map: bool = False,
) -> Callable[[Decorated], Decorated]:
    """Register the decorated function as the reader of format `name`.

    `suffixes` (lower case, with the dot) decide only between readers that both claim a file.
    """

    def register(read: Decorated) -> Decorated:
        FORMATS.add(Reader(name, shows, suffixes, sniff, read, takes_map), read.__module__)
        return read

    return register


def readers() -> Mapping[str, Reader]:
    """Return every reader of this folder by its name, in order of name."""
    return FORMATS.all()
