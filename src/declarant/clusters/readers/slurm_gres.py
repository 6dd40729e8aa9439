"""Slurm's generic resources: `gpu:h100:8(S:0-1),nic:mlx5:8` -> which devices, how many.

Source: gres.conf(5) and the Gres field of `scontrol show node`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from declarant.clusters.readers.columns import MOST_DEVICES, UNKNOWN_COUNT

_ACCELERATORS = {"gpu", "npu", "hpu", "tpu", "dcu", "mlu"}
_SHARES = {"shard", "mps"}  # parts of a gpu that is listed beside them
_COUNT = re.compile(r"(\d{1,12})([KkMmGgTt]?)")
_MULTIPLIER = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SOCKETS = re.compile(r"\([^)]*\)")
_SLICE = re.compile(r"(?:^|[_.-])(\d{1,2})g\.\d{1,4}gb(?:[+.\w]*)$", re.IGNORECASE)
_TRES = re.compile(r"gres/(\w+)(?::([^=,]+))?=(\d{1,12})(?:,|$)")


@dataclass(frozen=True, slots=True)
class Gres:
    """What one node's Gres says.

    Attributes:
        devices: type ("" when none is given) -> devices; -1 where only slices are counted.
        slices: the MIG slices behind every -1.
        passed_over: names of resources that are no accelerator known here.
        unreadable: an entry that is no resource, "" none.
    """

    devices: dict[str, int]
    slices: int = 0
    passed_over: tuple[str, ...] = ()
    unreadable: str = ""


def read_gres(gres: str, tres: str = "") -> Gres:
    """Read a Gres value; CfgTRES (`cpu=224,gres/gpu:h100=8`) stands in for what it leaves open.

    A type that names a MIG profile ("a100_1g.5gb") counts slices of devices, not devices; only a
    slice of four sevenths or more is sure to be alone on its device.
    """
    devices: dict[str, int] = {}
    passed_over: list[str] = []
    slices = 0
    for entry in _SOCKETS.sub("", "" if gres in ("(null)", "N/A") else gres).split(","):
        if not entry.strip():
            continue
        name, *rest = entry.strip().split(":")
        if name.lower() not in _ACCELERATORS:
            if name.lower() not in _SHARES:
                passed_over.append(name)
            continue
        type_, count = _type_and_count([part for part in rest if part != "no_consume"])
        if count is None:
            return Gres({}, unreadable=entry.strip()[:60])
        slices += _add(type_, count, devices)
    listed = {(m[2] or ""): int(m[3]) for m in _TRES.finditer(tres) if m[1] in _ACCELERATORS}
    typed = {name: count for name, count in listed.items() if name}
    if not devices:
        for type_, count in (typed or listed).items():
            slices += _add(type_, count, devices)
    elif list(devices) == [""] and typed and sum(typed.values()) == devices[""]:
        devices = {}
        for type_, count in typed.items():
            slices += _add(type_, count, devices)
    return Gres(devices, slices, tuple(passed_over))


def _type_and_count(parts: list[str]) -> tuple[str, int | None]:
    """Read `h100:8`, `8`, `h100` (one device) or nothing (one device)."""
    if not parts:
        return "", 1
    match = _COUNT.fullmatch(parts[-1])
    if match is None:
        return (parts[0], 1) if len(parts) == 1 and parts[0] else ("", None)
    count = int(match[1]) * _MULTIPLIER[match[2].lower()]
    if len(parts) > 2 or count > MOST_DEVICES:
        return "", None
    return (parts[0] if len(parts) == 2 else ""), count


def _add(type_: str, count: int, devices: dict[str, int]) -> int:
    """Add to `devices`; return how many slices of unknown devices were met."""
    if not count:
        return 0
    match = _SLICE.search(type_)
    name = type_[: match.start()] if match else type_
    if match and int(match[1]) < 4:
        devices[name] = UNKNOWN_COUNT
        return count
    if devices.get(name) != UNKNOWN_COUNT:
        devices[name] = devices.get(name, 0) + count
    return 0
