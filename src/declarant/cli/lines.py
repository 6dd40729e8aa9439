"""Breaking text into lines for a terminal, where English breaks at spaces and Chinese anywhere."""

from __future__ import annotations

import re

from rich.cells import cell_len

_OPENING = "「『（《〈【"
_CLOSING = "，。、；：？！」』）》〉】％"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSING}]*\s*")


def broken(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` terminal cells.

    No line begins with a closing or ends with an opening mark of Chinese. A word longer than the
    width keeps a line of its own, unbroken, so that an address can be copied.
    """
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(text.strip()):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]
