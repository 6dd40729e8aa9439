"""Writes lists of links and machines, as CSV, of a three-level fabric of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

PORTS = 32
SPINES = 4096


def write(links: int, folder: Path) -> tuple[Path, Path]:
    """Write `links` rows and the machines they join: eight links of 400 Gbit/s to each machine.

    Half of the rows go from machines to leaves, half from leaves to spines.
    """
    down = links // 2
    row = np.arange(down)
    machine, rail = row // 8, row % 8
    leaf = (machine // PORTS) * 8 + rail
    up = np.arange(links - down)
    leaves = int(leaf.max()) + 1
    upper_leaf = up % leaves
    spine = (upper_leaf * (PORTS // 2) + up // leaves) % SPINES  # neighbours share half of theirs
    names = pl.DataFrame(
        {
            "a": np.concatenate([machine, upper_leaf]),
            "b": np.concatenate([leaf, spine]),
            "upper": np.arange(links) >= down,
        }
    )
    table = names.select(
        pl.when("upper")
        .then(pl.format("leaf-{}", "a"))
        .otherwise(pl.format("node-{}", "a"))
        .alias("a"),
        pl.when("upper")
        .then(pl.format("spine-{}", "b"))
        .otherwise(pl.format("leaf-{}", "b"))
        .alias("b"),
        pl.lit(400).alias("gbit_s"),
        pl.lit(1).alias("count"),
        pl.lit("in service").alias("status"),
    )
    wired, machines = folder / "links.csv", folder / "machines.csv"
    table.write_csv(wired)
    number = pl.DataFrame({"n": np.arange(int(machine.max()) + 1)})
    number.select(
        pl.format("node-{}", "n").alias("name"),
        pl.lit("H100 SXM").alias("device"),
        pl.lit(8).alias("count"),
        pl.lit("hall 1").alias("site"),
        pl.lit("in service").alias("status"),
        pl.lit("us").alias("owner"),
    ).write_csv(machines)
    return wired, machines
