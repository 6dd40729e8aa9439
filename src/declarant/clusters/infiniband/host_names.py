"""Which machine an adapter belongs to, from the description that it carries in the fabric.

Linux sets it to "host device" (`rdma-ndd`, rdma-core: `NODE_DESC_FORMAT "%h %d"`); adapters without
it carry the text of their firmware, and the in-network computing of a switch names itself.
"""

from __future__ import annotations

import re

import polars as pl

_DEVICE = re.compile(
    r"(HCA-?\d+|mlx\d+_\S+|mthca\d+|qib\d+|hfi\d+_\d+|ib\w*\d\w*|roce\w+|bnxt_re\S+|irdma\S*|"
    r"rxe\d+|efa\S*|rdma\S+|\w*bond\S*)(\s|$)"
)
_FIRMWARE = re.compile(
    r"\bMT\d{4,}|Mellanox|NVIDIA|ConnectX|BlueField|InfiniHost|Infiniscale|Technologies|QLogic|"
    r"Intel|Omni-Path",
    re.IGNORECASE,
)
_AGGREGATION = re.compile(r"Aggregation Node|SHArP", re.IGNORECASE)

PLACEHOLDERS = frozenset(
    ("localhost", "localhost.localdomain", "ubuntu", "debian", "centos", "rocky", "linux", "host")
) | frozenset(("(none)", "none", "unknown", "default"))
"""Names that a system carries before anybody gives it one: several machines may share them."""


def is_aggregation(description: str) -> bool:
    """Return whether an adapter is the in-network computing of a switch, and no machine's."""
    return _AGGREGATION.search(description) is not None


def host_in(description: str) -> str:
    """Return the machine's name in an adapter's description, "" when it names none."""
    first, _, rest = description.strip().partition(" ")
    if rest and _DEVICE.match(rest.lstrip()):
        return "" if _FIRMWARE.match(first) else first
    return "" if _FIRMWARE.search(description) or is_aggregation(description) else first


def hosts_in(descriptions: pl.Series) -> pl.Series:
    """Return `host_in` of each.

    Nearly all are "host device" with one of a few devices, so these are split as a column.
    """
    words = descriptions.str.splitn(" ", 2)
    first, rest = words.struct.field("field_0"), words.struct.field("field_1")
    devices = [text for text in rest.unique().to_list() if text and _DEVICE.match(text)]
    plain = rest.is_in(devices).fill_null(value=False)
    plain &= (first != "") & ~first.str.contains(r"^\s|^MT\d{4,}")
    others = (~plain).arg_true()
    if not len(others):
        return first
    found = [host_in(text) for text in descriptions[others].to_list()]
    return first.scatter(others, pl.Series(found, dtype=pl.String))
