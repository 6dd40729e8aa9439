"""Reading a Megatron-LM log of any size: speed against a plain loop, and memory.

    python -m benchmarks.log_reading [GIGABYTES] [SHARE]

The log is made in the trainer's own form. SHARE of its lines (default 1) are about iterations; the
others are what libraries and timers write between them. The peer is what people write in an
afternoon: a loop over the lines with one compiled regular expression, adding up throughput x time.
It knows no restarts, versions, roundings or digests. Both run in processes of their own.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from declarant.compute.readers import Given, read_recording

TURNS = 2
NOISE = (
    b"[rank3]:[W1002 11:22:33.123456789 ProcessGroupNCCL.cpp:1168] Warning: communicators are not "
    b"destroyed before the process ends; call destroy_process_group() to release them\n"
)
_LINE = re.compile(
    rb"iteration +(\d+)/ *\d+ \|.*?elapsed time per iteration \(ms\): ([\d.]+) \|"
    rb".*?throughput per GPU \(TFLOP/s/GPU\): ([\d.]+) \|.*?global batch size: +(\d+) \|"
)


def write(path: Path, size: int, share: float) -> int:
    """Write a log of about `size` bytes with a restart near its end; return its iterations."""
    moment, number, written, noise = datetime(2024, 10, 2), 0, 0, 0.0  # noqa: DTZ001
    going_back = True
    with path.open("wb") as log:
        log.write(b"  seq_length ..................................... 4096\n")
        log.write(b"  world_size ..................................... 1024\n")
        while written < size:
            batch = []
            for _ in range(10_000):
                number += 1
                moment += timedelta(seconds=4)
                batch.append(
                    f" [{moment:%Y-%m-%d %H:%M:%S}] iteration {number:8d}/99999999 | consumed "
                    f"samples: {number * 1024:12d} | elapsed time per iteration (ms): "
                    f"{4000 + number % 97 / 10:.1f} | throughput per GPU (TFLOP/s/GPU): "
                    f"{440 - number % 89 / 10:.1f} | learning rate: 1.500000E-04 | global batch "
                    "size:  1024 | lm loss: 2.104512E+00 | loss scale: 1.0 | grad norm: 0.512 | "
                    "num zeros: 0.0 | params norm: 1042.310 | number of skipped iterations:   0 | "
                    "number of nan iterations:   0 |\n".encode()
                )
                noise += 1 / share - 1
                while noise >= 1:
                    batch.append(NOISE)
                    noise -= 1
            content = b"".join(batch)
            log.write(content)
            written += len(content)
            if going_back and written > size * 0.8:
                going_back = False
                number -= 5_000
                log.write(f" loaded checkpoint from /c [ t 0 ] at iteration {number}\n".encode())
    return number


def product(path: Path) -> dict[str, Any]:
    """Read the log with the product."""
    recording = read_recording([path], Given(), format="megatron-log")
    kept = recording.pieces[0]
    lost = sum(piece.steps or 0 for piece in recording.pieces[1:])
    assert kept.model_operations is not None
    return {"iterations": kept.steps, "lost": lost}


def plain_loop(path: Path) -> dict[str, Any]:
    """Read the log with one regular expression a line."""
    total, iterations = 0.0, 0
    with path.open("rb") as log:
        for line in log:
            found = _LINE.search(line)
            if found is not None:
                total += float(found[2]) * float(found[3]) * 1024 * 1e9
                iterations += 1
    return {"iterations": iterations, "lost": 0}


def peak_megabytes() -> float:
    """Return the peak of this process alone; what it inherited from its parent is not in it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024  # type: ignore
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(way: str, path: Path) -> dict[str, Any]:
    """Read in a process of its own, so that memory is counted for it alone."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.log_reading", "--measure", way, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def main(gigabytes: float = 0.1, share: float = 1.0) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "megatron.log"
        last = write(path, int(gigabytes * 10**9), share)
        size = path.stat().st_size / 10**6
        best: dict[str, dict[str, Any]] = {}
        for _ in range(TURNS):
            for way in ("product", "plain loop"):
                result = measured(way, path)
                if way not in best or result["seconds"] < best[way]["seconds"]:
                    best[way] = result
        found = best["product"]
        assert found["iterations"] == last, (found, last)
        print(f"Megatron-LM log of {size:,.0f} MB, {share:.0%} of its lines about iterations")
        print(f"{'':12} {'MB/s':>8} {'seconds':>8} {'peak MB':>8}")
        for way, result in best.items():
            rate = size / result["seconds"]
            print(f"{way:12} {rate:8.0f} {result['seconds']:8.1f} {result['megabytes']:8.0f}")
        ratio = found["seconds"] / best["plain loop"]["seconds"]
        print(f"time of the product / time of the plain loop: {ratio:.2f}")


def _measure(way: str, path: Path) -> None:
    began = time.perf_counter()
    result = {"product": product, "plain loop": plain_loop}[way](path)
    result["seconds"] = time.perf_counter() - began
    result["megabytes"] = peak_megabytes()
    print(json.dumps(result))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        _measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*map(float, sys.argv[1:3]))
