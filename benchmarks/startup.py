"""How long a person waits for `declarant --help`, beside Python's own start and pip's help."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

TURNS = 9
GOAL_SECONDS = 0.3
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "pip --help": [sys.executable, "-m", "pip", "--help"],
    "declarant --help": [sys.executable, "-m", "declarant", "--help"],
}


def main() -> None:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(TURNS):  # in turns, so that a busy machine is busy for all
        for name, command in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            taken[name].append(time.perf_counter() - began)
    table = Table(title=f"Start, seconds (goal: under {GOAL_SECONDS})")
    for column in ("command", "median", "least", "most", "ratio to pip"):
        table.add_column(column)
    peer = statistics.median(taken["pip --help"])
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        table.add_row(
            name,
            f"{median:.3f}",
            f"{min(seconds):.3f}",
            f"{max(seconds):.3f}",
            f"{median / peer:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
