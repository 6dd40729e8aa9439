"""progress.txt of Megatron-LM: running totals, restarts, and what they leave out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.compute.readers.hostile import outcome

from declarant.compute.architecture import Recompute, estimate, read_configuration
from declarant.compute.ledger import Purpose
from declarant.compute.readers import Given, read_recording
from declarant.compute.recording import Recording
from declarant.problems import BadInput

LLAMA = Path(__file__).parents[1] / "configurations" / "llama-3.1-405b.json"
DAY = datetime(2024, 5, 1)  # noqa: DTZ001 - the trainer writes no zone


def line(hours: float, what: str, job: int = 7, devices: int = 1024) -> str:
    moment = DAY + timedelta(hours=hours)
    return f"{moment:%Y-%m-%d %H:%M:%S}\tJob ID: {job}\t# GPUs: {devices}\t{what}\n"


def saved(
    hours: float,
    iteration: int,
    operations: float,
    tokens: float,
    job: int = 7,
    devices: int = 1024,
) -> str:
    what = (
        f"Saved checkpoint\tIteration: {iteration}\tJob throughput: 400.0 TFLOP/s/GPU\t"
        f"Cumulative throughput: 398.0 TFLOP/s/GPU\tFloating-point operations: {operations:.2e}\t"
        f"Tokens (in billions): {tokens:.2f}"
    )
    return line(hours, what, job, devices)


@pytest.fixture
def read(tmp_path: Path):
    def reading(text: str, known: Given | None = None) -> Recording:
        result = outcome(tmp_path, {"progress.txt": text.encode()}, None, known or Given())
        assert isinstance(result, Recording), result
        return result

    return reading


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("megatron_progress.") for item in recording.all_findings}


RUN = line(0, "Starting job") + saved(10, 1000, 1.5e22, 4.19) + saved(20, 2000, 3e22, 8.39)


def test_the_last_running_total_is_the_kept_work(read) -> None:
    recording = read(RUN)
    kept = recording.pieces[0]
    assert recording.format == "megatron-progress"
    assert (kept.steps, kept.devices) == (2000, 1024)
    assert kept.tokens.best == Fraction("8.39e9")
    assert (kept.tokens.low, kept.tokens.high) == (Fraction("8.385e9"), Fraction("8.395e9"))
    assert kept.device_seconds.best == 20 * 3600 * 1024
    assert kept.model_operations.low == Fraction("2.995e22") / 2  # the model is not given
    assert kept.model_operations.high == Fraction("3.005e22")
    assert recording.progress.marks[-1].moment == datetime(2024, 5, 1, 20, tzinfo=UTC)
    assert {"attention_in_full", "rounded"} <= codes(recording)


@pytest.mark.parametrize(("attention", "code"), [(1, None), (2, "attention_in_full")])
def test_with_the_model_the_total_shows_how_it_counts_attention(read, attention, code) -> None:
    architecture = read_configuration(LLAMA)
    closed = estimate(architecture, 10**12, sequence_length=8192)
    core = sum(amount for term, amount in closed.terms.items() if "core" in term.value)
    best = closed.model_operations.best
    total = float(best + (core if attention == 2 else 0))
    new = saved(30_000, 500, total, 1000.0)
    recording = read(new, Given(architecture=architecture, sequence_length=8192))
    amount = recording.pieces[0].model_operations
    assert abs(amount.best / best - 1) < Fraction(1, 100)
    assert ("attention_in_full" in codes(recording)) == (code is not None)
    assert "version_unknown" not in codes(recording)


def test_checkpoints_that_a_later_job_did_not_go_on_from_are_lost(read) -> None:
    text = RUN + saved(30, 3000, 4.5e22, 12.58)
    text += line(31, "Starting job", job=8) + saved(41, 3000, 4.5e22, 12.58, job=8)
    recording = read(text)
    kept, lost = recording.pieces[0], recording.pieces[1]
    assert (kept.steps, lost.steps) == (3000, 1000)
    assert lost.purpose is Purpose.LOST_STEPS
    assert lost.model_operations.high == Fraction("1.51e22")
    assert "went_back" in codes(recording)


def test_what_a_crash_undid_is_not_in_the_total_and_bounded(read) -> None:
    """At most a checkpoint's worth, 1.5e22, and no more than the hour to the next start allows."""
    hour = 400 * 10**12 * 1024 * 3600
    text = RUN + line(21, "Starting job", job=8) + saved(31, 3000, 4.5e22, 12.58, job=8)
    recording = read(text, Given(recompute=Recompute.NONE))
    unseen = recording.pieces[-1]
    assert unseen.id == "lost-unseen"
    assert unseen.is_lost
    assert unseen.model_operations.low == 0
    assert unseen.model_operations.high == hour == 1_474_560_000_000_000_000_000
    later = read(RUN + line(200, "Starting job", job=8) + saved(210, 3000, 4.5e22, 12.58, job=8))
    assert later.pieces[-1].model_operations.high == Fraction("1.5e22")
    without = recording.total(lambda piece: piece.model_operations)
    including = recording.total(lambda piece: piece.model_operations, with_lost=True)
    assert including.high - without.high == hour
    assert "unseen_steps" in codes(recording)


def test_a_total_that_a_conversion_set_back_is_added_up(read) -> None:
    recording = read(RUN + saved(30, 3000, 1.5e22, 12.58, job=8))
    kept = recording.pieces[0]
    assert kept.model_operations.high == Fraction("4.51e22")
    assert kept.steps == 3000
    assert "total_restarted" in codes(recording)


def test_checkpoints_saved_in_the_background_count_once(read) -> None:
    text = RUN.replace("Saved checkpoint", "Saving async checkpoint")
    text += line(20, "Saved async checkpoint\tIteration: 2000")
    assert read(text).pieces[0].steps == 2000


def test_other_ways_to_write_it_are_read(read) -> None:
    text = RUN.replace("TFLOP/s/GPU", "MODEL_TFLOP/s/GPU").replace("8.39", "8.39 billion")
    assert read(text).pieces[0].tokens.best == Fraction("8.39e9")


def test_a_change_of_devices_is_told(read) -> None:
    text = RUN + line(21, "Starting job", 8, 2048) + saved(30, 3000, 4.5e22, 12.58, 8, 2048)
    recording = read(text)
    assert recording.pieces[0].devices == 2048
    assert recording.pieces[0].device_seconds.best == 20 * 3600 * 1024 + 9 * 3600 * 2048
    assert "devices_changed" in codes(recording)


def test_a_file_without_checkpoints_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "progress.txt"
    file.write_text(line(0, "Starting job"))
    with pytest.raises(BadInput, match="no saved checkpoint"):
        read_recording([file])
