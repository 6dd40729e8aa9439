"""Steps done twice are lost steps, to the step where calls are alike, and bounded where not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compute.tracker.ledgers import OTHER, STEP, done, found, read, train, writer

from declarant.compute.ledger import Purpose
from declarant.compute.recording import Recording


def lost(recording: Recording) -> tuple[int, int | None, int | None]:
    names = [item.id for item in recording.pieces if item.purpose is Purpose.LOST_STEPS]
    return done(recording, "lost") if names else (0, 0, 0)


@pytest.mark.parametrize(
    ("sections", "twice"),
    [
        ([range(10)], 0),
        ([range(10), range(10, 20)], 0),
        ([range(10), range(9, 20)], 1),
        ([range(10), range(5, 20)], 5),
        ([range(10), range(20)], 10),
        ([range(10), range(5, 8), range(3, 20)], 10),
        ([range(10), range(5, 8), range(8, 10)], 5),
        ([[*range(10), *range(5, 20)]], 5),
        ([[0, 0, 1, 1, 2, 2], [1, 1, 2, 2]], 4),
        ([[3, 3, 3]], 0),
        ([[None] * 5, [None] * 5], 0),
    ],
)
def test_steps_after_the_checkpoint_are_lost(
    tmp_path: Path, sections: list[list[int | None]], twice: int
) -> None:
    for steps in sections:
        train(tmp_path, list(steps))
    recording = read(tmp_path)
    total = sum(len(steps) for steps in sections)
    assert lost(recording) == (twice * 12,) * 3
    assert done(recording, "kept") == ((total - twice) * 12,) * 3
    assert bool(found(recording, "rolled_back")) is (twice > 0)


def test_a_roll_back_between_steps_that_differ_is_bounded(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    cheap, dear = ledger.signature("a", STEP), ledger.signature("b", OTHER)
    for step in range(10):
        ledger.add(cheap if step < 5 else dear, step=step)
    ledger.close()
    train(tmp_path, range(8, 12), count=OTHER)
    recording = read(tmp_path)
    low, best, high = lost(recording)
    assert high is not None
    assert best is not None
    assert low <= 2 * 120 <= high
    everything = recording.total(lambda piece: piece.executed_operations, with_lost=True)
    assert everything is not None
    assert everything.best == 5 * 12 + 9 * 120


def test_numbers_that_go_back_and_forth_show_no_roll_backs(tmp_path: Path) -> None:
    train(tmp_path, list(range(4)) * 30, every=1000)
    recording = read(tmp_path)
    assert found(recording, "steps_unordered")


@settings(deadline=None, max_examples=40)
@given(
    sections=st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(1, 4)), min_size=1, max_size=5
    )
)
def test_kept_and_lost_are_all_that_was_done(
    tmp_path_factory: pytest.TempPathFactory, sections: list[tuple[int, int, int]]
) -> None:
    """Kept steps are those a plain replay of the checkpoints leaves standing."""
    folder = tmp_path_factory.mktemp("ledger")
    standing: list[int] = []
    count = 0
    for start, length, every in sections:
        start = min(start, (standing[-1] + 1) if standing else start)  # noqa: PLW2901 - no gap
        steps = list(range(start, start + length))
        standing = [step for step in standing if step < start] + steps
        count += length
        train(folder, steps, every=every)
    recording = read(folder)
    assert done(recording, "kept") == (len(standing) * 12,) * 3
    assert lost(recording) == ((count - len(standing)) * 12,) * 3


def test_steps_between_sections_widen_the_total(tmp_path: Path) -> None:
    train(tmp_path, range(10))
    train(tmp_path, range(15, 20))
    recording = read(tmp_path)
    assert done(recording, "kept") == (15 * 12, 20 * 12, 20 * 12)
    (finding,) = found(recording, "steps_between")
    assert "adds 0 to 6.00e1" in finding.effect
