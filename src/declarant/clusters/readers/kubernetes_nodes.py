"""`kubectl get nodes -o json` or `-o yaml`: a List, single Nodes, or a stream of them.

JSON is read node by node, so that a fleet's file needs little more memory than its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from declarant.clusters.observation import Observation
from declarant.clusters.readers.guarded_text import json_members
from declarant.clusters.readers.guarded_yaml import LinedMapping, yaml_documents
from declarant.clusters.readers.kubernetes_inventory import KubernetesInventory
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.formats import Sample

_YAML_VERSION = re.compile(r"^(?:- )?apiVersion:\s", re.MULTILINE)
_YAML_KIND = re.compile(r"^ *(?:- )?(?:kind|items):", re.MULTILINE)


def _is_kubernetes(sample: Sample) -> bool:
    head = sample.head.lstrip()
    if head.startswith("{"):
        return '"apiVersion"' in head and ('"kind"' in head or '"items"' in head)
    return bool(_YAML_VERSION.search(head) and _YAML_KIND.search(head))


@reader(
    "kubernetes-nodes",
    shows="kubectl get nodes -o json|yaml",
    suffixes=(".json", ".yaml", ".yml"),
    sniff=_is_kubernetes,
)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one machine for each Node, whatever other objects stand between.

    Raises:
        BadInput: when it is neither JSON nor YAML, holds no Node, or a Node has another shape.
    """
    inventory = KubernetesInventory(context)
    is_json = content.lstrip()[:1] == b"{"
    objects = _json_objects if is_json else _yaml_objects
    for line, document in objects(content, context):
        inventory.add(document, line)
    return inventory.observation()


def _json_objects(content: bytes, context: ReadContext) -> Iterator[tuple[int, Any]]:
    members: dict[str, Any] = {}
    listed, begun = False, 1
    for key, line, value in json_members(content, "items", context):
        if key == "items":
            listed = True
            yield line, _with_kind(value, members)
        elif key:
            begun = begun if members else line
            members[key] = value
        else:
            if not listed:
                yield begun, members
            members, listed = {}, False


def _yaml_objects(content: bytes, context: ReadContext) -> Iterator[tuple[int, Any]]:
    for line, document in yaml_documents(content, context):
        if document == "":  # nothing between two `---`
            continue
        above = document if isinstance(document, Mapping) else {}
        items = above.get("items") if above else document
        if isinstance(items, list):
            for item in items:
                place = item.line if isinstance(item, LinedMapping) else line
                yield place, _with_kind(item, above)
        else:
            yield line, document


def _with_kind(item: Any, above: Mapping[str, Any]) -> Any:
    """Return the entry, its kind taken from the list's where the interface leaves it out."""
    if isinstance(item, dict) and "kind" not in item and above.get("kind") == "NodeList":
        item["kind"] = "Node"
    return item
