"""TensorBoard event files written by its own writer: hand-worked totals, restarts, damage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from tests.compute.readers.hostile import damaged, outcome
from tests.compute.readers.stored import as_logged

from declarant.compute.ledger import Method, Purpose
from declarant.compute.readers import Given, read_recording
from declarant.compute.recording import Piece, Recording
from declarant.problems import BadInput, Finding
from declarant.quantities import Interval

pytest.importorskip("tensorboard")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
Row = tuple[int, dict[str, float]]


def write(
    folder: Path,
    rows: Iterable[Row],
    *,
    number: int = 1,
    begun: float = NOON,
    step_seconds: float = 1.0,
) -> Path:
    """Write one event file; each row is a step and its scalars, a second a step from `begun`."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.record_writer import RecordWriter

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"events.out.tfevents.{1_700_000_000 + number}.host.1.0"
    with file.open("wb") as raw:
        writer = RecordWriter(raw)
        writer.write(Event(wall_time=begun, file_version="brain.Event:2").SerializeToString())
        for place, (step, scalars) in enumerate(rows):
            for tag, value in scalars.items():
                summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
                event = Event(wall_time=begun + place * step_seconds, step=step, summary=summary)
                writer.write(event.SerializeToString())
        writer.flush()
    return file


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("tensorboard.") for item in recording.all_findings}


def found(recording: Recording, code: str) -> Finding:
    return next(item for item in recording.all_findings if item.code == f"tensorboard.{code}")


def kept(recording: Recording) -> Piece:
    return next(piece for piece in recording.pieces if not piece.is_lost)


def lost(recording: Recording) -> Piece:
    return next(piece for piece in recording.pieces if piece.is_lost)


def megatron(steps: Iterable[int]) -> list[Row]:
    return [
        (
            step,
            {
                "lm loss": 2.0,
                "throughput": 400.0,
                "iteration-time": 2.0,
                "batch-size": 64,
                "samples vs steps": 64 * step,
            },
        )
        for step in steps
    ]


def test_a_megatron_run(tmp_path: Path) -> None:
    file = write(tmp_path, megatron(range(10, 101, 10)))
    recording = read_recording([file], Given(devices=8, sequence_length=2048))
    piece = kept(recording)
    assert recording.method is Method.TRAINER_LOG
    assert (piece.id, piece.steps, piece.devices) == ("kept", 100, 8)
    assert piece.samples == Interval.exactly(6400)
    assert piece.tokens is not None
    assert piece.tokens.best == 6400 * 2048
    # 400 TFLOP/s x 2 s x 100 steps x 8 devices
    assert piece.model_operations == as_logged(400 * 10**12 * 2 * 100 * 8)
    assert piece.start == datetime.fromtimestamp(NOON, UTC)
    assert recording.progress is not None
    assert recording.progress.marks[-1].tokens == 6400 * 2048
    assert "halved for causal" in found(recording, "convention").what
    assert "6.40e17 operations" in found(recording, "convention").effect


def test_without_devices_operations_are_unknown(tmp_path: Path) -> None:
    recording = read_recording([write(tmp_path, megatron([1, 2]))])
    assert kept(recording).model_operations is None
    assert kept(recording).tokens is None
    assert {"devices", "sequence_length"} <= codes(recording)
    assert "128 samples" in found(recording, "sequence_length").effect


def test_the_world_size_in_the_log_is_the_number_of_devices(tmp_path: Path) -> None:
    rows = [(step, {**scalars, "world-size": 16}) for step, scalars in megatron([1, 2])]
    recording = read_recording([write(tmp_path, rows)], Given(devices=8))
    assert kept(recording).devices == 16


def test_a_ramp_of_the_batch_is_followed(tmp_path: Path) -> None:
    rows = [(step, {"batch-size": 32 if step <= 2 else 64}) for step in range(1, 5)]
    recording = read_recording([write(tmp_path, rows)], Given(sequence_length=10))
    assert kept(recording).samples == Interval.exactly(32 + 32 + 64 + 64)
    assert kept(recording).tokens == Interval.exactly(1920)


def test_steps_after_a_restart_are_lost(tmp_path: Path) -> None:
    write(tmp_path, megatron(range(10, 101, 10)))
    write(tmp_path, megatron(range(60, 121, 10)), number=2, begun=NOON + 3600)
    recording = read_recording([tmp_path], Given(devices=8, sequence_length=2048))
    assert kept(recording).steps == 120
    assert kept(recording).samples == Interval.exactly(64 * 120)
    piece = lost(recording)
    assert piece.purpose is Purpose.LOST_STEPS
    # 100 was reached, then 60: the checkpoint is one of 50 to 59, the crash one of 100 to 109
    assert piece.steps == 50
    assert piece.samples is not None
    assert (piece.samples.low, piece.samples.best, piece.samples.high) == (
        64 * 41,
        64 * 50,
        64 * 59,
    )
    assert "50 steps (41 to 59)" in found(recording, "lost_steps").effect
    assert "41.7 %" in found(recording, "lost_steps").effect
    total = recording.total(lambda item: item.model_operations, with_lost=True)
    assert total is not None
    assert total.best is None  # the convention is not written
    assert total.low <= 400 * 10**12 * 2 * 170 * 8 <= total.high


@pytest.mark.parametrize(("again", "lost_steps"), [(101, 0), (100, 1), (99, 2), (1, 100)])
def test_only_steps_that_go_back_are_lost(tmp_path: Path, again: int, lost_steps: int) -> None:
    first = [(step, {"train/loss": 1.0}) for step in range(1, 101)]
    second = [(step, {"train/loss": 1.0}) for step in range(again, 121)]
    write(tmp_path, first)
    write(tmp_path, second, number=2, begun=NOON + 3600)
    recording = read_recording([tmp_path])
    assert kept(recording).steps == 120
    assert sum(piece.steps or 0 for piece in recording.pieces if piece.is_lost) == lost_steps
    assert ("lost_steps" in codes(recording)) is (lost_steps > 0)


def test_a_counter_that_starts_again_is_carried_on(tmp_path: Path) -> None:
    rows: list[Row] = [(step, {"num_input_tokens_seen": 100 * step}) for step in range(1, 6)]
    rows += [(step, {"num_input_tokens_seen": 100 * (step - 5)}) for step in range(6, 9)]
    recording = read_recording([write(tmp_path, rows)])
    assert kept(recording).tokens == Interval.exactly(800)
    assert "500 tokens (62.5 % of all)" in found(recording, "counter_restarted").effect


def test_a_counter_that_starts_again_where_steps_turn_back(tmp_path: Path) -> None:
    rows: list[Row] = [(step, {"consumed_tokens": 100 * step}) for step in range(1, 11)]
    rows += [(step, {"consumed_tokens": 100 * (step - 7)}) for step in range(8, 13)]
    recording = read_recording([write(tmp_path, rows)])
    assert kept(recording).tokens == Interval.exactly(1200)  # 700 up to step 7, then 500
    assert lost(recording).steps == 3


def test_a_counter_beyond_24_bits_is_as_wide_as_its_float(tmp_path: Path) -> None:
    recording = read_recording([write(tmp_path, [(1, {"n_tokens_seen": 2.0**40})])])
    tokens = kept(recording).tokens
    assert tokens is not None
    assert (tokens.best, tokens.high) == (2**40, Fraction(2**40) + 2**16)
    exact = read_recording([write(tmp_path / "b", [(1, {"n_tokens_seen": 2.0**23})])])
    assert kept(exact).tokens == Interval.exactly(2**23)


def test_transformers_total_flos_is_by_its_own_convention(tmp_path: Path) -> None:
    rows = [(5, {"train/loss": 1.0}), (10, {"train/loss": 1.0, "train/total_flos": 6e15})]
    recording = read_recording([write(tmp_path, rows)])
    assert kept(recording).model_operations is None
    assert "no attention" in found(recording, "convention").what
    assert "6.00e15" in found(recording, "convention").effect


def test_torchtitan_by_tflops_of_a_device(tmp_path: Path) -> None:
    scalars = {"tflops": 300.0, "time_metrics/end_to_end(s)": 0.5, "mfu(%)": 30.0}
    rows = [(step, {**scalars, "throughput(tps)": 5000.0}) for step in (10, 20, 30)]
    recording = read_recording([write(tmp_path, rows)], Given(devices=4))
    assert kept(recording).model_operations == as_logged(300 * 10**12 * 15 * 4)
    assert ("mean of mfu(%), as logged", "30") in recording.facts
    assert "percent_or_ratio" not in codes(recording)


def test_steps_without_a_rate_widen_the_operations(tmp_path: Path) -> None:
    scalars = {"tflops": 100.0, "time_metrics/end_to_end(s)": 1.0}
    rows: list[Row] = [(step, {"loss_metrics/global_avg_loss": 1.0}) for step in range(1, 11)]
    rows = [(step, {**loss, **(scalars if step <= 5 else {})}) for step, loss in rows]
    operations = kept(read_recording([write(tmp_path, rows)], Given(devices=1))).model_operations
    assert operations is not None
    assert (operations.low, operations.high) == (5 * 10**14 // 2, 10 * 10**14)


@pytest.mark.parametrize(("name", "value"), [("mfu(%)", 0.4), ("mfu", 41.0)])
def test_percent_and_ratio_are_told_apart(tmp_path: Path, name: str, value: float) -> None:
    recording = read_recording([write(tmp_path, [(1, {name: value})])])
    assert "factor of 100" in found(recording, "percent_or_ratio").effect


def test_a_stray_scalar_at_step_nought_is_no_restart(tmp_path: Path) -> None:
    rows = [*megatron(range(1, 51)), (0, {"hp_metric": 1.0, "lm loss vs samples": 2.0})]
    recording = read_recording([write(tmp_path, rows)])
    assert kept(recording).steps == 50
    assert "lost_steps" not in codes(recording)
    assert ("scalars that are not used", "hp_metric") in recording.facts


def test_a_log_that_starts_late_says_so(tmp_path: Path) -> None:
    recording = read_recording([write(tmp_path, megatron(range(510, 601, 10)))])
    assert kept(recording).steps == 600
    assert "500 steps (83.3 %)" in found(recording, "starts_late").effect


def test_names_nobody_knows_count_steps_alone(tmp_path: Path) -> None:
    recording = read_recording([write(tmp_path, [(1, {"zeta": 1.0}), (2, {"zeta": 2.0})])])
    assert kept(recording).steps == 2
    assert kept(recording).tokens is None
    assert "zeta" in found(recording, "names_unknown").what


def test_evaluation_is_not_training(tmp_path: Path) -> None:
    rows = [(step, {"train/loss": 1.0}) for step in (1, 2)] + [(900, {"eval/loss": 1.0})]
    assert kept(read_recording([write(tmp_path, rows)])).steps == 2


def test_every_folder_is_a_run(tmp_path: Path) -> None:
    write(tmp_path / "seven", megatron([1, 2]))
    write(tmp_path / "eight", megatron([1, 2, 3]))
    recording = read_recording([tmp_path])
    assert {piece.run: piece.steps for piece in recording.pieces} == {"seven": 2, "eight": 3}
    assert len(recording.evidence) == 2
    assert "several_runs" in codes(recording)


def test_a_file_written_beside_another_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, megatron(range(1, 21)))
    write(tmp_path, megatron(range(1, 11)), number=2, begun=NOON + 5)
    recording = read_recording([tmp_path])
    assert kept(recording).steps == 20
    assert not any(piece.is_lost for piece in recording.pieces)
    assert found(recording, "written_beside").effect == "leaves out 50 points"


def test_what_stands_before_damage_is_kept(tmp_path: Path) -> None:
    file = write(tmp_path, megatron(range(1, 101)))
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    recording = read_recording([file])
    assert kept(recording).steps == 100
    finding = found(recording, "cut_off")
    assert f"of {len(whole) - 7:,} bytes" in finding.effect
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0xFF
    file.write_bytes(bytes(broken))
    assert "cut_off" in codes(read_recording([file]))
    assert 40 <= (kept(read_recording([file])).steps or 0) <= 60


def test_numbers_that_are_none_are_passed_over(tmp_path: Path) -> None:
    rows = [(1, {"train/loss": float("nan")}), (2, {"train/loss": 1.0, "n_tokens_seen": -5.0})]
    recording = read_recording([write(tmp_path, rows)])
    assert "2 points" in found(recording, "no_number").what
    assert kept(recording).tokens is None


@pytest.mark.slow
def test_scalars_as_tensors_are_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch.utils.tensorboard")
    writer = torch.SummaryWriter(str(tmp_path))
    for step in range(1, 4):
        writer.add_scalar("consumed_tokens", 10 * step, step, new_style=True)
        writer.add_text("notes", "text", step)
    writer.close()
    assert kept(read_recording([tmp_path])).tokens == Interval.exactly(30)


def test_a_folder_without_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no event file"):
        read_recording([tmp_path], format="tensorboard")


def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    content = write(tmp_path_factory.mktemp("whole"), megatron(range(1, 30))).read_bytes()

    @drawn(damaged(content))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(content: bytes) -> None:
        name = "events.out.tfevents.1700000001.host"
        outcome(tmp_path_factory.mktemp("damaged"), {name: content}, "tensorboard")

    run: Callable[[], None] = check
    run()
