"""The node-name map of InfiniBand tools: a line `0x0002c903000a1b2c "name"` for each GUID.

Source: the `node-name-map` section of ibnetdiscover(8), rdma-core.
"""

from __future__ import annotations

import re
from pathlib import Path

from declarant.problems import BadInput, Finding, Place, Severity, bad_input

_LINE = re.compile(r'^\s*0x(?P<guid>[0-9a-fA-F]{1,16})\s+(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))')


def read_node_names(path: Path) -> dict[str, str]:
    """Return GUID (16 lower-case hexadecimal digits) -> name.

    Raises:
        BadInput: when the file is missing or unreadable, a line is no entry, or a GUID has two
            names.
    """
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        raise bad_input(
            "node_names.unreadable", "cannot be read.", mend="Check the path.", file=str(path)
        ) from None
    names: dict[str, str] = {}
    problems: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            problems.append(
                _problem(
                    path,
                    number,
                    "is no entry of a node-name map.",
                    'Write 0x0002c903000a1b2c "name".',
                )
            )
            continue
        guid = match["guid"].lower().zfill(16)
        name = match["quoted"] if match["quoted"] is not None else match["bare"]
        if names.setdefault(guid, name) != name:
            problems.append(_problem(path, number, f"GUID 0x{guid} has two names.", "Keep one."))
    if problems:
        raise BadInput(tuple(problems))
    return names


def _problem(path: Path, line: int, what: str, mend: str) -> Finding:
    return Finding("node_names.line", what, Place(str(path), line), mend, Severity.ERROR)
