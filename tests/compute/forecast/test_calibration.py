"""The 80 % band holds the truth 70 to 90 % of the time, on what the forecaster has not seen."""

from pathlib import Path

import pytest
from tests.compute.forecast.logs import crashing, held, split, windows

from declarant.compute.progress import Progress
from declarant.compute.readers import read_recording

LOGS = ("eos-1452x8-h100-gpt3.txt", "tpu-v5p-12288-gpt3.txt")


def of_log(samples: Path, name: str) -> Progress:
    progress = read_recording([samples / "mlperf" / name]).progress
    assert progress is not None
    return progress


def test_on_held_back_halves_of_real_logs(samples: Path) -> None:
    inside = [
        answer
        for name in LOGS
        for known, held_back in windows(of_log(samples, name))
        for answer in held(known, held_back, seed=1)
    ]
    assert len(inside) > 300
    assert 0.70 <= sum(inside) / len(inside) <= 0.90


@pytest.mark.slow
def test_on_held_back_halves_of_runs_with_crashes() -> None:
    inside = [
        answer
        for seed in range(120)
        for answer in held(*split(crashing(seed)), seed=seed, paths=200)
    ]
    assert 0.70 <= sum(inside) / len(inside) <= 0.90
