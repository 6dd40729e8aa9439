"""`scontrol show node`, as text (many lines a node, or one with -o).

Source: scontrol(1). Free text (OS=, Comment=, Reason=) may hold anything, so only the first of
each key counts, and the keys used here stand before those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarant.clusters.observation import Observation
from declarant.clusters.readers.guarded_text import as_text
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.readers.slurm_inventory import SlurmInventory
from declarant.formats import Sample

_NODE = re.compile(r"^NodeName=(\S*)", re.MULTILINE)
_FIELD = re.compile(r"(?:^|\s)(Gres|State|CfgTRES)=(\S*)")
_SIGN = re.compile(r"^NodeName=\S", re.MULTILINE)


def _is_nodes(sample: Sample) -> bool:
    # slurm.conf has lines that begin so, too, but never this key
    return _SIGN.search(sample.head) is not None and "CPUTot=" in sample.head


@reader("slurm-nodes", shows="scontrol show node", suffixes=(".txt",), sniff=_is_nodes)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one machine for each node.

    Raises:
        BadInput: when there is no node, a node has no name, or a Gres cannot be read.
    """
    inventory = SlurmInventory(context)
    for line, name, text in _nodes(as_text(content), context):
        fields: dict[str, str] = {}
        for match in _FIELD.finditer(text):
            fields.setdefault(match[1], match[2])
        inventory.add(
            name,
            gres=fields.get("Gres", ""),
            tres=fields.get("CfgTRES", ""),
            state=fields.get("State", ""),
            line=line,
        )
    return inventory.observation()


def _nodes(text: str, context: ReadContext) -> Iterator[tuple[int, str, str]]:
    """Yield (line, name, everything up to the next node)."""
    starts = list(_NODE.finditer(text))
    line, counted = 1, 0
    for index, match in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield line, match[1], text[match.end() : end]
        if context.advance is not None:
            context.advance(end, len(text))
