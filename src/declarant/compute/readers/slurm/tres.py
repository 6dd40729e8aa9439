"""The devices of a job, from AllocTRES: `billing=64,cpu=64,gres/gpu:h100=8,gres/gpu=8,node=1`.

Where a site accounts for types, Slurm writes the same devices twice: once by type and once without.
Sources: sacct(1); slurm.conf(5), AccountingStorageTRES; https://slurm.schedmd.com/tres.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from declarant.quantities import Interval

_ENTRY = re.compile(r"gres/(gpu|npu|hpu|tpu|dcu|mlu)(?::([^=,]{1,100}))?=(\d{1,9})", re.I | re.A)
_SLICE = re.compile(r"(?:^|[_.-])\d{1,2}g\.\d{1,4}gb[+.\w]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Devices:
    """What one AllocTRES says.

    Attributes:
        number: how many; an interval where typed and untyped counts differ, None when the text
            names no device.
        types: type -> how many, as written; "" for those without a type.
        doubled: devices that a plain sum over the entries would count a second time.
        disagrees: the typed counts and the untyped one differ.
        slices: how many are slices of devices (MIG), not devices.
    """

    number: Interval | None
    types: tuple[tuple[str, int], ...] = ()
    doubled: int = 0
    disagrees: bool = False
    slices: int = 0

    most: int = field(init=False, compare=False)
    """The greatest number they may be; 0 when none is named."""
    bounds: tuple[int | None, int | None, int | None] = field(init=False, compare=False)
    """Low, best and high of `number`."""

    def __post_init__(self) -> None:
        bounds = (
            (self.number.low, self.number.best, self.number.high) if self.number else (None,) * 3
        )
        whole = tuple(None if bound is None else int(bound) for bound in bounds)
        object.__setattr__(self, "bounds", whole)  # worked out once: rows come by the million
        object.__setattr__(self, "most", whole[2] or 0)

    @property
    def name(self) -> str:
        """The types as written, "" when none is named."""
        return ", ".join(name for name, _ in self.types if name)


NO_DEVICES = Devices(None)


@lru_cache(maxsize=4096)
def devices_of(tres: str) -> Devices:
    """Read the devices of an AllocTRES; entries that are no accelerator are passed over."""
    typed: dict[str, int] = {}
    untyped: int | None = None
    for entry in tres.split(","):
        match = _ENTRY.fullmatch(entry.strip())
        if match is None:
            continue
        if match[2]:
            typed[match[2]] = typed.get(match[2], 0) + int(match[3])
        else:
            untyped = (untyped or 0) + int(match[3])
    if not typed and untyped is None:
        return NO_DEVICES
    listed = sum(typed.values())
    slices = sum(count for name, count in typed.items() if _SLICE.search(name))
    if not typed:
        return Devices(Interval.exactly(untyped or 0), (("", untyped or 0),))
    types = tuple(sorted(typed.items()))
    number = _number(listed, untyped)
    if untyped is not None and untyped > listed:
        types = (*types, ("", untyped - listed))
    if slices:
        number = Interval.between(
            listed - slices, number.high, reason=f"{slices} are slices of an unknown number"
        )
    doubled = 0 if untyped is None else min(listed, untyped)
    return Devices(number, types, doubled, untyped not in (None, listed), slices)


def _number(listed: int, untyped: int | None) -> Interval:
    """Settle a difference: the untyped count holds every device, when it is the greater."""
    if untyped is None or untyped == listed:
        return Interval.exactly(listed)
    reason = f"{listed} by type, {untyped} without"
    if untyped > listed:
        return Interval.between(listed, untyped, untyped, reason)
    return Interval.between(untyped, listed, reason=reason)
