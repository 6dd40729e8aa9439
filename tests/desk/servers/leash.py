"""Keep a server on a leash: it ends, and its folder goes, when whoever started it is gone.

A pipe ties the two together: this small process waits until its standard input closes, which the
kernel does even when the tests are killed with SIGKILL, then ends the server and cleans up.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Leashed:
    """A running server: its own process id, and the leash that holds it."""

    pid: int
    leash: "subprocess.Popen[str]"

    @property
    def is_alive(self) -> bool:
        """Whether the server still runs (a server that ended is reaped by the leash)."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill the server and its children with SIGKILL, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        while self.is_alive:
            time.sleep(0.01)

    def stop(self) -> None:
        """End the server in good order and remove its folder; returns when both are done."""
        assert self.leash.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.leash.stdin.close()
        self.leash.wait(timeout=60)


def start(
    command: Sequence[str],
    *,
    log: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    stop_by: signal.Signals = signal.SIGTERM,
) -> Leashed:
    """Start a server that writes into ``log``; ``folder`` is removed when it ends.

    ``user`` is the account it runs as, possible for root only; None is the account of the tests.
    """
    with log.open("ab") as output:
        leash = subprocess.Popen(
            [
                sys.executable,
                "-I",
                __file__,
                stop_by.name,
                str(folder or ""),
                user or "",
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            env=None if environment is None else dict(environment),
            start_new_session=True,
        )
    assert leash.stdout is not None
    return Leashed(int(leash.stdout.readline()), leash)


def hold(stop_by: str, folder: str, user: str, *command: str) -> None:
    """Be the leash: start the command, wait for the end of the input, stop what still runs."""
    account = {"user": user, "group": user, "extra_groups": []} if user else {}
    server = subprocess.Popen(  # type: ignore[call-overload]
        command, stdin=subprocess.DEVNULL, stdout=2, start_new_session=True, **account
    )
    print(server.pid, flush=True)
    ended = False
    while not ended:
        ended = bool(select.select([sys.stdin], [], [], 0.1)[0]) and not os.read(0, 1)
        server.poll()  # reaps a server that ended, so that its id no longer answers
    if server.poll() is None:
        server.send_signal(signal.Signals[stop_by])
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)  # what is left of its children
    server.wait()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    hold(*sys.argv[1:])
