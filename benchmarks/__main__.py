"""Every benchmark, each a ratio against a named peer in one run: `make bench`.

    python -m benchmarks [--only NAME ...] [--links N] [--csv-links N] [--gigabytes X] [--samples N]

`tracker` needs PyTorch and is left out, loudly, where it is not installed; `--spark` adds Spark's
scaling from one worker to two.
"""

from __future__ import annotations

import argparse
import importlib.util

from benchmarks import desk_pages, fabric, log_reading, meter, startup, tracker_overhead

NAMES = ("startup", "fabric", "log", "meter", "tracker", "desk")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    asked.add_argument("--links", type=int, default=1_000_000, help="rows of the fabric dump")
    asked.add_argument("--csv-links", type=int, default=10_000_000, help="rows of the link list")
    asked.add_argument("--gigabytes", type=float, default=1.0, help="size of the training log")
    asked.add_argument("--samples", type=int, default=200_000_000, help="of telemetry")
    asked.add_argument("--turns", type=int, default=60, help="of the tracker")
    asked.add_argument("--sizes", nargs="+", default=["small", "middle", "large"], help="of models")
    asked.add_argument("--spark", action="store_true")
    asked.add_argument("--runs", type=int, default=200, help="training runs in the desk")
    asked.add_argument("--clusters", type=int, default=50, help="clusters in the desk")
    given = asked.parse_args()
    if "startup" in given.only:
        startup.main()
    if "fabric" in given.only:
        fabric.main(given.links, given.csv_links)
    if "log" in given.only:
        log_reading.main(given.gigabytes)
    if "meter" in given.only:
        meter.main(given.samples, spark=given.spark)
    if "tracker" in given.only:
        if importlib.util.find_spec("torch") is None:
            print("LEFT OUT: the tracker's overhead; PyTorch is not installed")
        else:
            tracker_overhead.main(["--turns", str(given.turns), "--sizes", *given.sizes])
    if "desk" in given.only:
        desk_pages.main(runs=given.runs, clusters=given.clusters)


if __name__ == "__main__":
    main()
