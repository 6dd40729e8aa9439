"""`scontrol show node --json`.

Source: Slurm's data parser; `state` is a list of words since 23.02, before that one word beside a
list `state_flags`.
"""

from __future__ import annotations

from typing import Any

from declarant.clusters.observation import Observation
from declarant.clusters.readers.guarded_text import json_members
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.readers.slurm_inventory import SlurmInventory
from declarant.formats import Sample
from declarant.problems import bad_input


def _is_nodes(sample: Sample) -> bool:
    begin = sample.head.lstrip()
    return begin.startswith("{") and '"nodes"' in begin and '"gres"' in begin


@reader("slurm-nodes-json", shows="scontrol show node --json", suffixes=(".json",), sniff=_is_nodes)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one machine for each node.

    Raises:
        BadInput: when it is not JSON, holds no node, or a node's Gres cannot be read.
    """
    inventory = SlurmInventory(context)
    for key, line, value in json_members(content, "nodes", context):
        if key != "nodes":
            continue
        if not isinstance(value, dict):
            raise bad_input(
                "slurm-nodes-json.shape",
                "has a node that is no object.",
                mend="Take the file again with scontrol show node --json.",
                file=context.file,
                line=line,
            )
        inventory.add(
            _text(value, "name"),
            gres=_text(value, "gres"),
            tres=_text(value, "tres"),
            state=(*_words(value, "state"), *_words(value, "state_flags")),
            line=line,
        )
    return inventory.observation()


def _text(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""


def _words(node: dict[str, Any], key: str) -> tuple[str, ...]:
    value = node.get(key)
    listed = value.split("+") if isinstance(value, str) else value
    if not isinstance(listed, list):
        return ()
    return tuple(word for word in listed if isinstance(word, str))
