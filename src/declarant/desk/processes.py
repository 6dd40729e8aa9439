"""The processes of a desk on one machine: the web server and the worker, kept running together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

GENTLE_SECONDS = 15
_SHORTEST_LIFE = 5  # seconds; a process that dies sooner than that, again and again, is broken
_MOST_DEATHS = 5


@dataclass(slots=True)
class Process:
    """One process: how it is started, and how often it died at once."""

    name: str
    command: Sequence[str]
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        """Start it."""
        self.started = time.monotonic()
        self.running = subprocess.Popen(self.command)  # noqa: S603 - our own programs

    def died(self) -> bool:
        """Whether it ended by itself; counts deaths soon after a start."""
        if self.running is None or self.running.poll() is None:
            return False
        soon = time.monotonic() - self.started < _SHORTEST_LIFE
        self.deaths = self.deaths + 1 if soon else 0
        return True


def web(host: str, port: int, workers: int) -> Process:
    """Return the web server."""
    return Process(
        "web",
        (
            sys.executable,
            "-m",
            "gunicorn",
            "declarant.desk.wsgi:application",
            f"--bind={host}:{port}",
            f"--workers={workers}",
            "--threads=4",
            "--timeout=120",
            "--graceful-timeout=30",
            "--no-control-socket",
            "--max-requests=2000",
            "--max-requests-jitter=200",
            "--log-level=warning",
        ),
    )


def worker() -> Process:
    """Return the worker."""
    return Process("worker", (sys.executable, "-m", "django", "work"))


def run(processes: Sequence[Process]) -> int:
    """Run processes until told to stop; one that ends is started again. Return the exit status."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: told.append(got))
    for process in processes:
        process.start()
    status = 0
    while not told:
        for process in processes:
            if process.died():
                if process.deaths >= _MOST_DEATHS:
                    print(f"The {process.name} process does not stay up.", file=sys.stderr)
                    status = 1
                    told.append(0)
                    break
                process.start()
        time.sleep(0.3)
    _stop(processes)
    return status


def _stop(processes: Sequence[Process]) -> None:
    held = [process.running for process in processes if process.running is not None]
    for running in held:
        running.terminate()
    until = time.monotonic() + GENTLE_SECONDS
    for running in held:
        try:
            running.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            running.kill()
