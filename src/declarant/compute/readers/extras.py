"""Libraries that read other people's formats, which are extras of the product."""

from __future__ import annotations

import importlib
from types import ModuleType

from declarant.problems import bad_input


def library(module: str, extra: str, file: str) -> ModuleType:
    """Import a library that an extra installs.

    Raises:
        BadInput: when it is not installed, saying how to.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise bad_input(
            "file.extra_missing",
            f"cannot be read without the library {module.partition('.')[0]}: {error}.",
            mend=f"Install it: pip install 'declarant[{extra}]'.",
            file=file,
        ) from None
