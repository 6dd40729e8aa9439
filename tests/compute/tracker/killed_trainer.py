"""A trainer that is killed: counts steps and says each of them to a pipe before it counts it.

Usage: python killed_trainer.py FOLDER FIRST_STEP FLUSH_SECONDS
"""

import os
import sys
import time
from pathlib import Path

from declarant.compute.tracker.step_count import Bounds, StepCount
from declarant.compute.tracker.writer import LedgerWriter


def main(folder: str, first_step: str, flush_seconds: str) -> None:
    writer = LedgerWriter(Path(folder), "killed", flush_seconds=float(flush_seconds))
    one = Bounds.exactly(1)
    signature = writer.signature("step", StepCount(one, one, "test", samples=1, tokens=10))
    step = int(first_step)
    while True:
        time.sleep(0.002)
        os.write(1, b"s")
        writer.add(signature, step=step)
        step += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
