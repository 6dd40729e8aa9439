"""Draw what a command prints, as docs/pictures/NAME.svg. Usage: make_picture.py NAME COMMAND..."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDTH = 110


def main(name: str, first: str, last: str, *command: str) -> None:
    """Draw lines `first` to `last` of what `declarant COMMAND` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "declarant", *command],
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        check=True,
    )
    shown = done.stdout.splitlines()[int(first) - 1 : int(last)]
    page = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    page.print(Text.from_ansi(f"$ declarant {' '.join(command)}\n" + "\n".join(shown)))
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.svg").write_text(
        page.export_svg(title="declarant", unique_id=name), encoding="utf-8"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
