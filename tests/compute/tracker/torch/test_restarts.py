"""A run that ends and goes on: nothing is lost unless the trainer's own numbers say so."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import declarant
from declarant.compute.readers import read_recording
from declarant.problems import BadInput

torch = pytest.importorskip("torch")


def trained(folder: Path, steps: int, **settings) -> None:
    model = torch.nn.Linear(8, 4)
    optimizer = torch.optim.SGD(model.parameters())
    with declarant.track(model, run="restarted", folder=folder, flush_seconds=60, **settings):
        for _ in range(steps):
            model(torch.randn(2, 8)).sum().backward()
            optimizer.step()


def calls(folder: Path) -> dict[str, float]:
    """Operations of each piece, in steps: a step costs forward and the gradient of weights."""
    one = 2 * 2 * 8 * 4 * 2
    recording = read_recording([folder / "restarted"])
    return {
        piece.id: piece.executed_operations.best / one
        for piece in recording.pieces
        if piece.executed_operations is not None and piece.executed_operations.best
    }


def test_steps_without_numbers_add_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trained(tmp_path, 10)
    assert not caplog.records
    with caplog.at_level(logging.WARNING, "declarant"):
        trained(tmp_path, 5)
    assert calls(tmp_path) == {"kept": 15}
    assert "Give first_step" in caplog.text


def test_steps_done_twice_are_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trained(tmp_path, 10, first_step=0)
    trained(tmp_path, 5, first_step=6)
    assert calls(tmp_path) == {"kept": 11, "lost": 4}
    assert not caplog.records


def test_progress_without_numbers_counts_calls(tmp_path: Path) -> None:
    trained(tmp_path, 10)
    trained(tmp_path, 5)
    progress = read_recording([tmp_path / "restarted"]).progress
    steps = [mark.step for mark in progress.marks]
    assert steps == sorted(steps)
    assert {10, 15} <= set(steps)
    assert steps[-1] == 15


@pytest.mark.parametrize(
    ("run", "settings", "code"),
    [
        (" ", {}, "track.run"),
        ("r", {"first_step": -1}, "track.first_step"),
        ("r", {"first_step": "7"}, "track.first_step"),
        ("r", {"flush_seconds": 0}, "track.flush_seconds"),
    ],
)
def test_settings_are_checked_before_training(tmp_path: Path, run, settings, code) -> None:
    with pytest.raises(BadInput) as refused:
        declarant.track(torch.nn.Linear(2, 2), run=run, folder=tmp_path, **settings)
    assert refused.value.findings[0].code == code
    assert not list(tmp_path.iterdir())
