"""How fast a fabric is read and assessed: `python -m benchmarks.fabric [LINKS [CSV_LINKS]]`.

A dump in the true format is generated; a line-by-line reader with regular expressions and networkx,
and the product, read and assess it in turns on this machine, each in a process of its own. Both
must count the same links and find the same set. Then a list of ten million links as CSV.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import fabric_dump, link_table

TURNS = 3  # in turns and the best of each, so that a busy moment falls on both alike
GOAL_RATIO = 10
GOAL_MEGABYTES = 2048


def measured(kind: str, *files: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.measure", kind, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def best(results: list[dict[str, Any]]) -> dict[str, Any]:
    return min(results, key=lambda result: result["seconds"])


def main(links: int = 1_000_000, csv_links: int = 10_000_000) -> int:
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dump = folder / "fabric.ibnetdiscover"
        began = time.perf_counter()
        tree = fabric_dump.with_links(links)
        fabric_dump.write(tree, dump)
        console.print(
            f"generated {tree.links:,} links, {tree.machines:,} machines, "
            f"{dump.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - began:.1f} s"
        )
        naive, product = [], []
        for _ in range(TURNS):
            naive.append(measured("naive", dump))
            product.append(measured("product", dump))
        slow, fast = best(naive), best(product)
        dump.unlink()
        tables = link_table.write(csv_links, folder)
        from_csv = measured("product", *tables)
    table = Table(title="Reading and assessing a fabric", title_justify="left")
    for column in ("what", "links", "machines in the set", "seconds", "memory"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, result in (
        ("regular expressions and networkx", slow),
        ("declarant, ibnetdiscover", fast),
        ("declarant, CSV", from_csv),
    ):
        table.add_row(
            what,
            f"{result['links']:,}",
            f"{result['machines']:,}",
            f"{result['seconds']:.2f}",
            f"{result['megabytes']:,.0f} MB",
        )
    console.print(table)
    ratio = slow["seconds"] / fast["seconds"]
    same = all(slow[key] == fast[key] for key in ("links", "one_ended", "machines"))
    console.print(f"{ratio:.1f} times as fast (goal {GOAL_RATIO}); same result: {same}")
    within = ratio >= GOAL_RATIO and fast["megabytes"] < GOAL_MEGABYTES
    return 0 if within and same else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
