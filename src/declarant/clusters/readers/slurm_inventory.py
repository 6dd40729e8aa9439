"""Slurm's nodes as machines, whichever way Slurm printed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from declarant.clusters.observation import Observation
from declarant.clusters.readers.columns import MachineRows
from declarant.clusters.readers.registry import ReadContext
from declarant.clusters.readers.slurm_gres import read_gres
from declarant.clusters.readers.slurm_state import is_empty_slot, status_of, words_of
from declarant.clusters.readers.tally import Tally
from declarant.problems import BadInput, Finding, Severity, bad_input

_MOST_PROBLEMS = 20
_MACHINES = ("machine", "machines")


@dataclass(slots=True)
class SlurmInventory:
    """Collects the nodes of one file; a node without a resource becomes a row of no devices."""

    context: ReadContext
    rows: MachineRows = field(default_factory=MachineRows)
    seen: set[str] = field(default_factory=set)
    problems: list[Finding] = field(default_factory=list)
    twice: Tally = field(default_factory=Tally)
    untyped: Tally = field(default_factory=Tally)
    sliced: Tally = field(default_factory=Tally)
    slots: Tally = field(default_factory=Tally)
    stateless: Tally = field(default_factory=Tally)
    other: dict[str, Tally] = field(default_factory=dict)

    def add(
        self, name: str, *, gres: str, tres: str, state: str | Iterable[str], line: int | None
    ) -> None:
        """Take one node in."""
        if not name:
            self._problem("no_name", "a node has no name.", "Take the file again.", line)
            return
        if name in self.seen:
            self.twice.add(name, line)
            return
        self.seen.add(name)
        words = words_of(state)
        status = status_of(words)
        if is_empty_slot(words):
            self.slots.add(name, line)
        elif not words:
            self.stateless.add(name, line)
        resources = read_gres(gres, tres)
        if resources.unreadable:
            what = f"node {name!r} has a resource {resources.unreadable!r} that cannot be read."
            self._problem("gres", what, "Write it like gpu:h100:8.", line)
        for resource in resources.passed_over:
            self.other.setdefault(resource, Tally()).add(name, line)
        if resources.slices:
            self.sliced.add(name, line)
        if "" in resources.devices:
            self.untyped.add(name, line)
        for device, count in resources.devices.items():
            self.rows.add(name, device, count, status=status)
        if not resources.devices:
            self.rows.add(name, "", 0, status=status)

    def observation(self) -> Observation:
        """Return what was read.

        Raises:
            BadInput: when something could not be read, or there was no node.
        """
        if self.problems:
            raise BadInput(tuple(self.problems[:_MOST_PROBLEMS]))
        if not self.seen:
            raise bad_input(
                f"{self.context.format}.no_nodes",
                "holds no node.",
                mend="Write it again where the scheduler answers: scontrol show node.",
                file=self.context.file,
            )
        return self.context.observation(
            machines=self.rows.machines("slurm"), findings=tuple(self._findings())
        )

    def _problem(self, subject: str, what: str, mend: str, line: int | None) -> None:
        self.problems.append(
            self.context.finding(
                f"{self.context.format}.{subject}",
                what,
                mend=mend,
                line=line,
                severity=Severity.ERROR,
            )
        )

    def _findings(self) -> list[Finding]:
        context = self.context
        found = [
            *self.untyped.told(
                context,
                "no_type",
                "with devices of no type (gpu:8)",
                _MACHINES,
                mend="Name the devices in a list of machines (CSV), or set Type= in gres.conf.",
                effect="the peak has no upper bound",
            ),
            *self.sliced.told(
                context,
                "slices",
                "with MIG slices in place of devices",
                _MACHINES,
                mend="Give these machines' devices from nvidia-smi -q -x, or in a list (CSV).",
                effect="the number of devices is not known",
            ),
            *self.slots.told(
                context,
                "cloud_slots",
                "cloud nodes for which no instance runs",
                ("node", "nodes"),
                mend="Leave out those that are never started, or say which are rented.",
                effect="whether there is a machine is not known",
            ),
            *self.stateless.told(
                context,
                "no_state",
                "without a state",
                _MACHINES,
                mend="Take the file again with scontrol show node.",
            ),
            *self.twice.told(
                context,
                "twice",
                "listed more than once, the first kept",
                _MACHINES,
                mend="Write each node once.",
            ),
        ]
        for resource, tally in list(self.other.items())[:_MOST_PROBLEMS]:
            found += tally.told(
                context,
                "other_resource",
                f"resource {resource[:40]!r} is not counted as an accelerator",
                _MACHINES,
                mend="If it is one, name it in a list of machines (CSV).",
                severity=Severity.NOTE,
            )
        return found
