"""A tracked run killed at any moment: the ledger is readable, the loss bounded and recorded."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from declarant.compute.readers.read import read_recording
from declarant.compute.recording import Recording
from declarant.compute.tracker.reading.read_ledger import ledger_files
from declarant.compute.tracker.reading.verification import verify

TRAINER = Path(__file__).with_name("killed_trainer.py")
LEDGERS, KILLS = 25, 4
FLUSH = 0.04


def train_and_kill(folder: Path, first_step: int, seconds: float) -> int:
    """Run a trainer, kill it so many seconds after its first step, return the steps it did."""
    words = [sys.executable, str(TRAINER), str(folder), str(first_step), str(FLUSH)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as trainer:
        assert trainer.stdout is not None
        done = len(trainer.stdout.read(1))
        time.sleep(seconds)
        trainer.kill()
        done += len(trainer.stdout.read())
    assert trainer.returncode == -signal.SIGKILL
    return done


def kill_again_and_again(folder: Path, seed: int) -> list[str]:
    """Kill one run several times; say for each kill whether its loss was bounded."""
    chance = random.Random(seed)
    truth, step, kinds = 0, 0, []
    for kill in range(1, KILLS + 1):
        done = train_and_kill(folder, step, chance.uniform(0, 0.4))
        truth += done
        step += chance.randint(0, done)  # the checkpoint that the next process begins from
        recording = read_recording([folder])
        assert verify(ledger_files(folder, "ledger")).holds
        codes = [finding.code for finding in recording.findings]
        assert codes.count("tracker.unflushed") == kill
        kinds.append(loss_of(recording, truth))
    return kinds


def loss_of(recording: Recording, truth: int) -> str:
    total = recording.total(lambda piece: piece.executed_operations, with_lost=True)
    assert total is not None
    assert total.low <= truth
    if total.high is None:  # killed before two steps were written: no pace is known
        assert any(
            "nothing bounds" in item.effect + item.what or "nobody" in item.what
            for item in recording.findings
        )
        return "unbounded"
    assert truth <= total.high
    return "bounded"


@pytest.mark.slow
def test_a_hundred_kills(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as several:
        runs = several.map(
            lambda number: kill_again_and_again(tmp_path / str(number), number), range(LEDGERS)
        )
        kinds = [kind for run in runs for kind in run]
    assert len(kinds) == 100
    assert kinds.count("bounded") >= 60
