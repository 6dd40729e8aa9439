"""A scheduler's picture of the network as nodes and links, whichever file it came from.

Slurm's trees, blocks and rings say which machines it may put into one job, not which links there
are or how fast: LinkSpeed "is currently not used" (topology.conf(5)). So every link here has an
unknown rate, and what hangs together in the result is the most that may hang together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from declarant.clusters.observation import NodeKind, Observation
from declarant.clusters.readers.columns import FabricRows
from declarant.clusters.readers.registry import ReadContext
from declarant.clusters.readers.tally import Tally
from declarant.host_lists import HostLists
from declarant.problems import Finding, Severity, bad_input

_GUID = re.compile(r"0x[0-9a-fA-F]{12,16}")
_BRANCHES = ("switch or block", "switches or blocks")


class Grouping(StrEnum):
    """What a line of the file describes."""

    SWITCH = "switch"
    BLOCK = "block"
    RING = "ring"


@dataclass(frozen=True, slots=True)
class Branch:
    """One switch, block or ring: its name, and the host lists of what hangs below it."""

    grouping: Grouping
    name: str
    switches: str
    nodes: str
    line: int | None


@dataclass(slots=True)
class SchedulingTree:
    """Collects the branches of one file and turns them into an observation.

    `hosts` expands the host lists, within one bound for the whole file.
    """

    context: ReadContext
    hosts: HostLists
    rows: FabricRows = field(default_factory=FabricRows)
    own_line: dict[tuple[Grouping, str], int | None] = field(default_factory=dict)
    joined: dict[tuple[int, int], None] = field(default_factory=dict)
    named_below: dict[str, int | None] = field(default_factory=dict)
    twice: Tally = field(default_factory=Tally)
    loops: Tally = field(default_factory=Tally)
    childless: Tally = field(default_factory=Tally)
    adapters: Tally = field(default_factory=Tally)
    blocks: int = 0

    def add(self, branches: list[Branch]) -> None:
        """Take the branches in; the blocks of one call belong to one topology.

        Raises:
            BadInput: when a host list cannot be read.
        """
        for branch in branches:
            self._add(branch)
        blocks = [branch.name for branch in branches if branch.grouping is Grouping.BLOCK]
        self.blocks += len(blocks)
        if len(blocks) > 1:
            above = self.rows.node("slurm all blocks", NodeKind.SWITCH, label="what joins blocks")
            for name in blocks:
                self._join(above, self._row(Grouping.BLOCK, name))

    def observation(self, findings: list[Finding]) -> Observation:
        """Return what was read; `findings` are the reader's own.

        Raises:
            BadInput: when no machine is named.
        """
        if not any(kind in (NodeKind.MACHINE, NodeKind.ADAPTER) for kind in self.rows.kind):
            raise bad_input(
                f"{self.context.format}.no_machines",
                "names no machine below any switch or block.",
                mend="Take the file that the scheduler runs with: scontrol show topology.",
                file=self.context.file,
            )
        return self.context.observation(
            nodes=self.rows.nodes(),
            links=self.rows.links(),
            findings=(*findings, *self._findings()),
            speeds_known=False,
        )

    def _add(self, branch: Branch) -> None:
        known = (branch.grouping, branch.name)
        if known in self.own_line:
            self.twice.add(branch.name, branch.line)
        self.own_line.setdefault(known, branch.line)
        above = self._row(*known)
        below = self.hosts.expand(branch.switches, branch.line)
        for name in below:
            self.named_below.setdefault(name, branch.line)
            self._join(above, self._row(Grouping.SWITCH, name), branch)
        machines = self.hosts.expand(branch.nodes, branch.line)
        for name in machines:
            row = self._machine(name, branch.line)
            # `scontrol show topology` repeats under a switch the machines of the switches below
            if not below:
                self._join(above, row, branch)
        if not below and not machines:
            self.childless.add(branch.name, branch.line)

    def _row(self, grouping: Grouping, name: str) -> int:
        return self.rows.node(f"slurm {grouping.value} {name}", NodeKind.SWITCH, label=name)

    def _machine(self, name: str, line: int | None) -> int:
        if _GUID.fullmatch(name):
            self.adapters.add(name, line)
            return self.rows.node(name[2:].lower().zfill(16), NodeKind.ADAPTER, label=name)
        return self.rows.node(name, NodeKind.MACHINE, host=name)

    def _join(self, above: int, below: int, branch: Branch | None = None) -> None:
        if above == below or (below, above) in self.joined:
            self.loops.add(branch.name if branch else "", branch.line if branch else None)
        elif (above, below) not in self.joined:
            self.joined[above, below] = None
            self.rows.link(above, below)

    def _findings(self) -> list[Finding]:
        context = self.context
        undefined = Tally()
        for name, line in self.named_below.items():
            if (Grouping.SWITCH, name) not in self.own_line:
                undefined.add(name, line)
        found = [
            context.finding(
                f"{context.format}.no_speeds",
                "is a scheduler's picture of the network: it holds no link speeds and may join "
                "what no cable joins.",
                mend="Read the fabric's own dump beside it (ibnetdiscover, or the switches).",
                severity=Severity.NOTE,
                effect="connectivity is an upper bound",
            ),
            *undefined.told(
                context,
                "undefined_switch",
                "named below another switch, described nowhere",
                ("switch", "switches"),
                mend="Add the missing lines, or take the file again.",
                effect="machines below may be missing",
            ),
            *self.twice.told(
                context,
                "twice",
                "described more than once, all of it taken together",
                _BRANCHES,
                mend="Give each switch and block one line.",
            ),
            *self.loops.told(
                context,
                "loop",
                "above and below the same switch, which Slurm refuses; such a link counts once",
                ("switch", "switches"),
                mend="Take the file that the scheduler runs with: scontrol show topology.",
            ),
            *self.childless.told(
                context,
                "childless",
                "with nothing below",
                _BRANCHES,
                mend="Add Nodes= or Switches=.",
            ),
            *self.adapters.told(
                context,
                "adapters",
                "GUIDs of adapters in place of machine names",
                ("name", "names"),
                mend="Translate GUIDs into host names, or read the fabric's own dump.",
                effect="these adapters belong to no known machine",
            ),
        ]
        if self.blocks > 1:
            found.append(
                context.finding(
                    f"{context.format}.blocks_joined",
                    f"{self.blocks} blocks are taken as joined, since Slurm pairs blocks into "
                    "larger ones and the file does not say how they are wired.",
                    mend="Read the fabric's own dump to see what joins them.",
                    severity=Severity.NOTE,
                    effect="connectivity is an upper bound",
                )
            )
        return found
