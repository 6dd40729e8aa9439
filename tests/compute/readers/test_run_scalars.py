"""A run's scalars, whatever they are: amounts that hold together, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from tests.compute.readers.hostile import check_recording
from tests.compute.readers.stored import as_logged

from declarant.compute.ledger import Evidence, Method
from declarant.compute.readers import Given
from declarant.compute.readers.stores.run_pieces import told_by
from declarant.compute.readers.stores.run_scalars import MOST_NAMES, RunScalars
from declarant.compute.readers.stores.run_store import recording_of
from declarant.compute.readers.stores.scalar_track import Track
from declarant.compute.readers.stores.tags import TAGS
from declarant.compute.recording import Recording
from declarant.quantities import Interval

GIVEN = Given(devices=8, sequence_length=100)
Point = tuple[str, int, float, float | None]


def recorded(points: Sequence[Point], given: Given = GIVEN, *, narrow: bool = False) -> Recording:
    run = RunScalars("aurora", "store", "file", length=given.sequence_length, narrow=narrow)
    for name, step, value, moment in points:
        run.add(name, step, value, moment)
    evidence = (Evidence("file", "0" * 64),)
    return recording_of("store", "store/1", Method.TRAINER_LOG, evidence, [told_by(run, given)])


@drawn(
    st.lists(
        st.tuples(
            st.sampled_from([*TAGS, "other", "lm loss vs samples", "eval/loss"]),
            st.integers(-5, 40) | st.integers(),
            st.floats(0, 1e6) | st.floats(),
            st.none() | st.floats(),
        ),
        max_size=60,
    ),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_logged_amounts_hold_together(points: list[Point], narrow: bool) -> None:
    recording = recorded(points, narrow=narrow)
    check_recording(recording)
    for piece in recording.pieces:
        assert piece.steps is not None
    check_recording(recorded(points, Given()))


@drawn(st.integers(1, 20), st.integers(1, 300), st.integers(0, 300), st.integers(1, 300))
@settings(max_examples=100, deadline=None)
def test_kept_and_lost_steps_are_all_steps_taken(
    gap: int, first: int, back: int, more: int
) -> None:
    """Log every `gap` steps up to a crash, go back to a checkpoint on the grid, and go on."""
    reached = first * gap
    resumed = max(first - back, 0) * gap
    last = resumed + more * gap
    steps = [*range(gap, reached + 1, gap), *range(resumed + gap, last + 1, gap)]
    recording = recorded(
        [("consumed_samples", step, 4.0 * step, 1e9 + 10.0 * n) for n, step in enumerate(steps)]
    )
    kept = recording.pieces[0]
    assert kept.steps == last
    assert kept.samples == Interval.exactly(4 * last)
    lost = sum(piece.steps or 0 for piece in recording.pieces[1:])
    if len(steps) > 2 and first > 1:  # with fewer points nobody can tell how far they stand apart
        assert lost == max(reached - resumed, 0)


@drawn(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_lost_steps_lie_within_their_bounds(steps: list[int]) -> None:
    track = Track("loss")
    for step in steps:
        track.add(step, 1.0, None)
    low, best, high = track.lost()
    assert 0 <= low <= best <= high
    assert (best == 0) is (track.turns_in_all == 0)


@pytest.mark.parametrize(("later", "lost"), [(0.0, 0), (4.0, 0), (6.0, 1), (600.0, 1)])
def test_a_step_written_twice_is_not_one_taken_twice(later: float, lost: int) -> None:
    """At ten seconds a step, a second point within five is the same work, logged again."""
    points: list[Point] = [("loss", step, 1.0, 1e9 + 10.0 * step) for step in range(1, 6)]
    recording = recorded([*points, ("loss", 5, 1.0, 1e9 + 50 + later)])
    assert recording.pieces[0].steps == 5
    assert sum(piece.steps or 0 for piece in recording.pieces[1:]) == lost


def test_names_beyond_all_bounds_are_counted_and_not_kept() -> None:
    points: list[Point] = [(f"layer.{n}", 1, 1.0, None) for n in range(MOST_NAMES + 50)]
    recording = recorded(points)
    beyond = next(item for item in recording.findings if item.code == "store.names_beyond")
    assert "50 points" in beyond.what


@pytest.mark.parametrize("order", [("tflops", "time"), ("time", "tflops")])
def test_a_rate_and_its_seconds_meet_in_any_order(order: tuple[str, str]) -> None:
    values = {"tflops": ("tflops", 100.0), "time": ("time_metrics/end_to_end(s)", 2.0)}
    points = [(values[key][0], step, values[key][1], None) for step in (1, 2) for key in order]
    operations = recorded(points).pieces[0].model_operations
    assert operations == as_logged(100 * 10**12 * 2 * 2 * 8)


def test_rates_of_one_trainer_do_not_meet_the_seconds_of_another() -> None:
    points: list[Point] = [("throughput", 1, 5000.0, None), ("throughput/duration", 1, 2.0, None)]
    assert recorded(points).pieces[0].model_operations is None


def test_hardware_and_model_rates_stay_apart() -> None:
    points: list[Point] = [
        (name, 1, value, None)
        for name, value in (
            ("time_per_iteration_ms", 500.0),
            ("model_tflops_per_gpu", 300.0),
            ("hardware_tflops_per_gpu", 400.0),
        )
    ]
    piece = recorded(points).pieces[0]
    assert piece.model_operations == as_logged(300 * 10**12 * 8 // 2)
    assert piece.executed_operations == Interval.exactly(400 * 10**12 * 8 // 2)


def test_a_counter_and_samples_that_disagree_are_named() -> None:
    points: list[Point] = [
        ("consumed_tokens", 1, 5000.0, None),
        ("consumed_samples", 1, 64.0, None),
    ]
    recording = recorded(points)
    assert recording.pieces[0].tokens == Interval.exactly(5000)
    finding = next(item for item in recording.findings if item.code == "store.tokens_disagree")
    assert finding.effect == "5,000 against 6,400 tokens (28.0 %)"


def test_what_falls_as_often_as_it_rises_is_no_counter() -> None:
    points = [("total_tokens", step, float(100 + step % 2), None) for step in range(1, 30)]
    recording = recorded(points)
    assert recording.pieces[0].tokens is None
    assert any(item.code == "store.no_counter" for item in recording.findings)
