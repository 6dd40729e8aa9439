"""The fabric: machines, switches and links of all evidence together, before any reading of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from declarant.clusters.evidence import AssumedDevices, Evidence
from declarant.clusters.grouping import Group, group, machine_names
from declarant.clusters.inventory import Inventory, gather
from declarant.clusters.machine_names import number_machines
from declarant.clusters.observation import NodeKind, Observation
from declarant.clusters.text_column import as_series
from declarant.clusters.wiring import Wiring, wire
from declarant.problems import Finding


@dataclass(frozen=True, slots=True)
class InputSummary:
    """What one file contributed, as published under `inputs`."""

    path: str
    sha256: str
    format: str
    switches: int
    adapters: int
    aggregation_nodes: int
    adapters_without_host: int
    machines: int
    links: int

    def as_json(self) -> dict[str, str | int]:
        """Return the published form."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Fabric:
    """Vertices and edges. Vertices are machines first, then switches and whatever else is wired.

    Attributes:
        inventory: devices of the machines that an inventory describes.
        group: which vertex each node is, and what kind of vertex.
        wiring: edges between vertices.
        assumed: what machines that no inventory describes are said to hold, for each evidence.
        inputs: what each file contributed.
        findings: of all files and of putting them together.
    """

    inventory: Inventory
    group: Group
    wiring: Wiring
    assumed: tuple[AssumedDevices | None, ...]
    inputs: tuple[InputSummary, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def join(cls, evidence: Iterable[Evidence | Observation]) -> Fabric:
        """Return the fabric that all evidence describes together.

        Machines are joined across files by host name, switches by their key (GUID or name). A pair
        of nodes that two files link is linked once, as the file with the greater total has it.
        """
        held = tuple(
            each if isinstance(each, Evidence) else Evidence(each) for each in evidence
        ) or (Evidence(Observation("", "", "")),)
        named = [machine_names(each) for each in held]
        numbering = number_machines(
            [as_series(each.observation.machines.name) for each in held],
            [machine for machine, _ in named],
            [certain for _, certain in named],
        )
        inventory = gather(held, numbering)
        grouped = group(held, inventory, numbering)
        wiring = wire(held, grouped)
        findings = [finding for each in held for finding in each.observation.findings]
        findings += [*inventory.findings, *grouped.findings, *wiring.findings]
        return cls(
            inventory,
            grouped,
            wiring,
            tuple(each.assumed for each in held),
            tuple(_summary(each.observation) for each in held if each.observation.path),
            tuple(findings),
        )


def _summary(observation: Observation) -> InputSummary:
    kind = observation.nodes.kind
    without = (as_series(observation.nodes.host) == "").to_numpy()
    return InputSummary(
        observation.path,
        observation.sha256,
        observation.format,
        switches=int((kind == NodeKind.SWITCH).sum()),
        adapters=int(np.isin(kind, (NodeKind.ADAPTER, NodeKind.AGGREGATION)).sum()),
        aggregation_nodes=int((kind == NodeKind.AGGREGATION).sum()),
        adapters_without_host=int(((kind == NodeKind.ADAPTER) & without).sum()),
        machines=as_series(observation.machines.name).n_unique(),
        links=int(observation.links.count.sum(dtype=np.int64)),
    )
