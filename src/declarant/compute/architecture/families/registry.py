"""Which function reads which family. To add a family, write a module here and register it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache

from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture

Read = Callable[[Keys, str], Architecture]
_FAMILIES: dict[str, Read] = {}


def family(*names: str) -> Callable[[Read], Read]:
    """Register the decorated function as the reader of these values of `model_type`."""

    def register(read: Read) -> Read:
        for name in names:
            _FAMILIES[name] = read
        return read

    return register


@cache
def families() -> Mapping[str, Read]:
    """Return every reader by `model_type`, in order of name."""
    package = importlib.import_module("declarant.compute.architecture.families")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_FAMILIES.items()))
