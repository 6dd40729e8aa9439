"""Kubernetes Node objects as machines, whichever way they were written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from declarant.clusters.observation import Observation, Status
from declarant.clusters.readers.columns import MachineRows
from declarant.clusters.readers.kubernetes_devices import devices_of
from declarant.clusters.readers.registry import ReadContext
from declarant.clusters.readers.tally import Tally
from declarant.problems import BadInput, Finding, Severity, bad_input

_ZONE = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_MOST_PROBLEMS = 20
_NODES = ("node", "nodes")


@dataclass(slots=True)
class KubernetesInventory:
    """Collects the nodes of one file; a node without accelerators becomes a row of no devices."""

    context: ReadContext
    rows: MachineRows = field(default_factory=MachineRows)
    seen: set[str] = field(default_factory=set)
    problems: list[Finding] = field(default_factory=list)
    other_kinds: dict[str, Tally] = field(default_factory=dict)
    twice: Tally = field(default_factory=Tally)
    unnamed: Tally = field(default_factory=Tally)
    sliced: Tally = field(default_factory=Tally)
    unknown: Tally = field(default_factory=Tally)
    inferred: Tally = field(default_factory=Tally)
    not_ready: Tally = field(default_factory=Tally)

    def add(self, node: Any, line: int) -> None:
        """Take one object in; an object that is no Node is counted and passed over."""
        if not isinstance(node, Mapping):
            self._problem("shape", "an entry is no object.", line)
            return
        kind = node.get("kind")
        if kind != "Node":
            shown = kind[:60] if isinstance(kind, str) and kind else "an object without a kind"
            self.other_kinds.setdefault(shown, Tally()).add(shown, line)
            return
        metadata, status = _mapping(node, "metadata"), _mapping(node, "status")
        name = metadata.get("name")
        if not isinstance(name, str) or not name:
            self._problem("no_name", "a Node has no metadata.name.", line)
            return
        if name in self.seen:
            self.twice.add(name, line)
            return
        self.seen.add(name)
        labels = _texts(_mapping(metadata, "labels"))
        held = devices_of(labels, _texts(_mapping(status, "capacity")))
        if held.unreadable:
            self._problem("count", f"node {name!r} has {held.unreadable!r} for a count.", line)
        for tally, holds in (
            (self.unnamed, held.unnamed),
            (self.sliced, held.sliced),
            (self.inferred, held.from_instance_type),
        ):
            if holds:
                tally.add(name, line)
        if held.unknown_resource:
            self.unknown.add(f"{held.unknown_resource[:60]} on {name}", line)
        state = _status(status)
        if state is Status.INSTALLED:
            self.not_ready.add(name, line)
        site = next((labels[key] for key in _ZONE if labels.get(key)), "")
        for device, count in held.rows or [("", 0)]:
            self.rows.add(name, device, count, status=state, site=site, clique=held.clique)

    def observation(self) -> Observation:
        """Return what was read.

        Raises:
            BadInput: when something had another shape, or there was no Node.
        """
        if self.problems:
            raise BadInput(tuple(self.problems[:_MOST_PROBLEMS]))
        if not self.seen:
            kinds = ", ".join(
                f"{t.number} {kind}" for kind, t in list(self.other_kinds.items())[:5]
            )
            raise bad_input(
                "kubernetes-nodes.no_nodes",
                f"holds no Node{f' (it holds {kinds})' if kinds else ''}.",
                mend="Write it with kubectl get nodes -o json.",
                file=self.context.file,
            )
        return self.context.observation(
            machines=self.rows.machines("kubernetes"), findings=tuple(self._findings())
        )

    def _problem(self, subject: str, what: str, line: int) -> None:
        self.problems.append(
            self.context.finding(
                f"kubernetes-nodes.{subject}",
                what,
                mend="Write the file again with kubectl get nodes -o json.",
                line=line,
                severity=Severity.ERROR,
            )
        )

    def _findings(self) -> list[Finding]:
        context = self.context
        found = [
            *self.unnamed.told(
                context,
                "no_device_name",
                "with accelerators of no name",
                _NODES,
                mend="Run GPU feature discovery, or name the devices in a list of machines (CSV).",
                effect="the peak has no upper bound",
            ),
            *self.sliced.told(
                context,
                "slices",
                "with slices or shares counted in place of devices",
                _NODES,
                mend="Give these machines' devices from nvidia-smi -q -x, or in a list (CSV).",
                effect="the number of devices is not known",
            ),
            *self.unknown.told(
                context,
                "unknown_resource",
                "with a resource that may be an accelerator and is not known here",
                _NODES,
                mend="Name the devices in a list of machines (CSV).",
                effect="devices and their number are not known",
            ),
            *self.inferred.told(
                context,
                "instance_type",
                "with devices taken from the catalogue of instance types",
                _NODES,
                mend="Nothing, when the label is right.",
                severity=Severity.NOTE,
            ),
            *self.not_ready.told(
                context,
                "not_ready",
                "that are not Ready, taken as installed",
                _NODES,
                mend="Say in a list of machines (CSV) which of them are gone.",
                severity=Severity.NOTE,
            ),
            *self.twice.told(
                context,
                "twice",
                "listed more than once, the first kept",
                _NODES,
                mend="Write each node once.",
            ),
        ]
        for kind, tally in list(self.other_kinds.items())[:_MOST_PROBLEMS]:
            found.append(
                context.finding(
                    "kubernetes-nodes.other_kind",
                    f"passed over, no Node: {tally.number} {kind}.",
                    mend="Nothing, when only nodes were meant.",
                    line=tally.line,
                    severity=Severity.NOTE,
                )
            )
        return found


def _status(status: Mapping[str, Any]) -> Status:
    """Return the machine's status: in place and out of service where it is not Ready.

    A cordoned node takes no new work and is in service.
    """
    conditions = status.get("conditions")
    for condition in conditions if isinstance(conditions, list) else ():
        if isinstance(condition, Mapping) and condition.get("type") == "Ready":
            return Status.IN_SERVICE if condition.get("status") == "True" else Status.INSTALLED
    return Status.UNKNOWN


def _mapping(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = of.get(key)
    return value if isinstance(value, Mapping) else {}


def _texts(of: Mapping[str, Any]) -> dict[str, str]:
    """Return the entries whose value is text or a whole number (capacity may be either)."""
    return {
        key: str(value)
        for key, value in of.items()
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    }
