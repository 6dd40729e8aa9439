"""Slurm's topology.yaml (Slurm 25.05 and later): several topologies of the same machines.

Partitions may use different topologies; each is one view, and what any of them joins is joined.
Source: topology.yaml(5), https://slurm.schedmd.com/topology.yaml.html.
"""

from __future__ import annotations

import re
from typing import Any

from declarant.clusters.observation import Observation
from declarant.clusters.readers.guarded_yaml import LinedMapping, yaml_documents
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.readers.slurm_tree import Branch, Grouping, SchedulingTree
from declarant.formats import Sample
from declarant.host_lists import HostLists
from declarant.problems import BadInput, Finding, Severity, bad_input

_TOPOLOGY = re.compile(r"^[ \t]*-[ \t]+topology[ \t]*:", re.MULTILINE)
_LISTS = {"tree": ("switches", Grouping.SWITCH), "block": ("blocks", Grouping.BLOCK)}
_LISTS["ring"] = ("rings", Grouping.RING)
_OTHER_KEYS = {"topology", "cluster_default", "flat"}


def _is_topology(sample: Sample) -> bool:
    return _TOPOLOGY.search(sample.head) is not None


@reader(
    "slurm-topology-yaml",
    shows="Slurm topology.yaml",
    suffixes=(".yaml", ".yml"),
    sniff=_is_topology,
)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read the trees, blocks and rings of every topology in the file.

    Raises:
        BadInput: when it is not YAML, or a part has another shape than topology.yaml(5) gives it.
    """
    tree = SchedulingTree(context, HostLists(context))
    findings: list[Finding] = []
    for line, topologies in yaml_documents(content, context):
        if not isinstance(topologies, list):
            raise _misshapen(context, "is no list of topologies", line)
        for topology in topologies:
            if not isinstance(topology, LinedMapping):
                raise _misshapen(context, "holds a topology that is no mapping", line)
            findings.extend(_read_topology(topology, tree, context))
    return tree.observation(findings)


def _read_topology(
    topology: LinedMapping, tree: SchedulingTree, context: ReadContext
) -> list[Finding]:
    name = str(topology.get("topology") or "without a name")
    findings = []
    for kind, (list_key, grouping) in _LISTS.items():
        if kind in topology:
            parts = _listed(topology[kind], list_key, kind, topology.line, context)
            tree.add([_branch(part, grouping, context, topology.line) for part in parts])
    if str(topology.get("flat", "")).lower() == "true":
        findings.append(
            context.finding(
                "slurm-topology-yaml.flat",
                f"topology {name!r} is flat: it names no machines and keeps none apart.",
                mend="Read the fabric's own dump beside it.",
                line=topology.line,
                severity=Severity.NOTE,
            )
        )
    unread = [key for key in topology if key not in _LISTS and key not in _OTHER_KEYS]
    if unread:
        findings.append(
            context.finding(
                "slurm-topology-yaml.unread",
                f"topology {name!r} has {', '.join(map(repr, unread[:5]))}, which is not read.",
                mend="Check the spelling, or read the fabric's own dump beside it.",
                line=topology.line,
                effect="machines named there may be missing",
            )
        )
    return findings


def _listed(
    part: Any, list_key: str, kind: str, line: int, context: ReadContext
) -> list[LinedMapping]:
    listed = part.get(list_key) if isinstance(part, LinedMapping) else None
    if not isinstance(listed, list) or not all(isinstance(one, LinedMapping) for one in listed):
        raise _misshapen(context, f"has a {kind} without a list of {list_key}", line)
    return listed


def _branch(part: LinedMapping, grouping: Grouping, context: ReadContext, line: int) -> Branch:
    name = part.get(grouping.value)
    if not isinstance(name, str) or not name:
        raise _misshapen(context, f"has a {grouping.value} without a name", part.line or line)
    return Branch(
        grouping,
        name,
        _hosts(part, "children", context),
        _hosts(part, "nodes", context),
        part.line,
    )


def _hosts(part: LinedMapping, key: str, context: ReadContext) -> str:
    hosts = part.get(key, "")
    if isinstance(hosts, list) and all(isinstance(host, str) for host in hosts):
        return ",".join(hosts)
    if not isinstance(hosts, str):
        raise _misshapen(context, f"has {key} that are no host list", part.line)
    return hosts


def _misshapen(context: ReadContext, what: str, line: int) -> BadInput:
    return bad_input(
        "slurm-topology-yaml.shape",
        f"{what}.",
        mend="Write it as in topology.yaml(5): - topology: NAME, tree: switches: - switch: NAME.",
        file=context.file,
        line=line,
    )
