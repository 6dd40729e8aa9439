"""Things a worker does again and again: each looks at what is due and at nothing else.

Such a thing never asks "is it today?", only "what is due and not done?", so that a worker which
slept for ten days makes up for them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

LOG = logging.getLogger(__name__)
PERIODIC: dict[str, tuple[float, Callable[[], None]]] = {}
_last: dict[str, float] = {}


def periodic(name: str, *, seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register something to be done about every so many seconds; doing it twice does no harm."""

    def register(do: Callable[[], None]) -> Callable[[], None]:
        PERIODIC[name] = (seconds, do)
        return do

    return register


def run_periodic(*, all_of_them: bool = False) -> None:
    """Do what has not been done for its number of seconds; one that fails stops no other."""
    for name, (seconds, do) in PERIODIC.items():
        now = time.monotonic()
        if not all_of_them and now - _last.get(name, float("-inf")) < seconds:
            continue
        _last[name] = now
        try:
            do()
        except Exception:
            LOG.exception("periodic work %s failed", name)
