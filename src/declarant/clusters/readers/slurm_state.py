"""A Slurm node's state -> the status of the machine.

The state says what the scheduler does with a machine, not whether it is there. A machine that is
down, drained or failed stands where it stood, cabled, and counts as installed. Slurm's PLANNED is
a promise to a waiting job on a machine in service; a machine that does not exist yet is FUTURE.
Source: sinfo(1), NODE STATE CODES; slurm.conf(5), State.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from declarant.clusters.observation import Status

_AT_WORK = {"ALLOCATED", "ALLOC", "MIXED", "MIX", "COMPLETING", "COMP"}
_IN_SERVICE = {*_AT_WORK, "IDLE", "PLANNED", "RESERVED", "MAINT"}
_DRAINING = {"DRAIN", "DRAINING"}
_NOT_IN_SERVICE = {
    *("DOWN", "DRAIN", "DRAINED", "DRAINING", "FAIL", "FAILING", "ERROR", "INVAL", "INVALID"),
    *("INVALID_REG", "NOT_RESPONDING", "POWERED_DOWN", "POWERING_DOWN", "POWER_DOWN"),
    *("POWERED_OFF", "POWERING_OFF"),
}
_SYMBOL = {"*": "NOT_RESPONDING", "~": "POWERED_DOWN", "%": "POWERING_DOWN"}
_POWERED_OFF = {"POWERED_DOWN", "POWERED_OFF"}
_WORD = re.compile(r"([A-Z_]+)([*~#!%$@^-]*)")


def words_of(state: str | Iterable[str]) -> frozenset[str]:
    """Return the words of `IDLE+CLOUD+POWERED_DOWN`, `DOWN*` or a JSON list, symbols spelt out."""
    parts = state.split("+") if isinstance(state, str) else state
    words: set[str] = set()
    for part in parts:
        match = _WORD.fullmatch(part.strip().upper())
        if match:
            words.add(match[1])
            words.update(_SYMBOL[symbol] for symbol in match[2] if symbol in _SYMBOL)
    return frozenset(words)


def status_of(words: frozenset[str]) -> Status:
    """Return the machine's status.

    A cloud node that is powered down is a slot in a configuration: whether there is a machine is
    not known. FUTURE is planned. Anything that keeps a machine from work leaves it installed;
    one that drains while jobs still run on it is in service.
    """
    if "FUTURE" in words:
        return Status.PLANNED
    if is_empty_slot(words):
        return Status.UNKNOWN
    hindered = words & _NOT_IN_SERVICE
    if hindered and not (hindered <= _DRAINING and words & _AT_WORK):
        return Status.INSTALLED
    if words & _IN_SERVICE:
        return Status.IN_SERVICE
    return Status.UNKNOWN


def is_empty_slot(words: frozenset[str]) -> bool:
    """Whether this is a cloud node for which no instance runs."""
    return "CLOUD" in words and bool(words & _POWERED_OFF)
