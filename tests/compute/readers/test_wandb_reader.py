"""Weights & Biases: runs written offline by its own library, and exported system metrics."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests.compute.readers.hostile import damaged, outcome

from declarant.compute.ledger import Method
from declarant.compute.readers import read_recording
from declarant.compute.readers.stores.wandb_log import RecordFile
from declarant.compute.readers.stores.wandb_metrics import gpm_columns
from declarant.compute.recording import Recording
from declarant.problems import BadInput, Finding
from declarant.quantities import Interval

messages = pytest.importorskip("wandb.proto.wandb_internal_pb2")
HEADER = b":W&B\xe1\xbe\x00"
BLOCK = 32_768


def codes(recording: Recording) -> set[str]:
    return {item.code.partition(".")[2] for item in recording.all_findings}


def found(recording: Recording, code: str) -> Finding:
    return next(item for item in recording.all_findings if item.code.endswith(f".{code}"))


def framed(records: Iterable[bytes]) -> bytes:
    """Write records as wandb-core does: chunks that never cross a block."""
    out = bytearray(HEADER)
    for record in records:
        rest, is_first = record, True
        while True:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += b"\0" * room
                continue
            data, rest = rest[: room - 7], rest[room - 7 :]
            kind = (1 if not rest else 2) if is_first else (4 if not rest else 3)
            checksum = zlib.crc32(bytes([kind]) + data)
            out += struct.pack("<IHB", checksum, len(data), kind) + data
            is_first = False
            if not rest:
                break
    return bytes(out)


def history(step: int, **values: float) -> bytes:
    record = messages.Record()
    record.history.step.num = step
    for name, value in {"_step": step, "_timestamp": 1.7e9 + step, **values}.items():
        record.history.item.add(nested_key=[name], value_json=json.dumps(value))
    return bytes(record.SerializeToString())


def started(name: str = "aurora", identity: str = "abc", **config: Any) -> bytes:
    record = messages.Record()
    record.run.run_id, record.run.display_name = identity, name
    for key, value in config.items():
        record.run.config.update.add(key=key, value_json=json.dumps(value))
    return bytes(record.SerializeToString())


def ended() -> bytes:
    record = messages.Record()
    record.exit.exit_code = 0
    return bytes(record.SerializeToString())


def write(folder: Path, *records: bytes, name: str = "run-abc.wandb") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(framed(records))
    return file


@pytest.mark.slow
def test_a_run_written_by_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import wandb

    for name in ("WANDB_SILENT", "WANDB_DISABLE_GIT", "WANDB_DISABLE_CODE", "WANDB_CONSOLE"):
        monkeypatch.setenv(name, "off" if name == "WANDB_CONSOLE" else "true")
    for name in ("CACHE", "CONFIG", "DATA", "ARTIFACT"):
        monkeypatch.setenv(f"WANDB_{name}_DIR", str(tmp_path / name))
    run = wandb.init(
        mode="offline",
        project="p",
        dir=str(tmp_path),
        name="aurora",
        config={"model": {"seq_length": 8}, "global_batch_size": 4},
    )
    for step in range(1, 6):
        run.log({"train/loss": 1 / step, "consumed_tokens": 32 * step})
    run.finish()
    wandb.teardown()  # its writer is another process, and may still be writing
    recording = read_recording([tmp_path / "wandb"])
    assert recording.format == "wandb-offline"
    assert len(recording.evidence) == 1  # latest-run is a link
    piece = recording.pieces[0]
    assert (piece.run, piece.steps) == ("aurora", 5)
    assert piece.tokens == Interval.exactly(160)
    assert piece.samples == Interval.exactly(20)
    assert "not_ended" not in codes(recording)


def test_history_by_the_shared_table(tmp_path: Path) -> None:
    rows = [history(step, loss=1.0, consumed_samples=4.0 * step) for step in range(1, 6)]
    file = write(tmp_path, started(data={"seq_length": 8}), *rows)
    recording = read_recording([file])
    assert recording.pieces[0].tokens == Interval.exactly(160)
    assert "not_ended" in codes(recording)
    assert recording.pieces[0].start is not None
    assert recording.pieces[0].start.timestamp() == 1.7e9 + 1


def test_the_step_of_the_trainer_wins(tmp_path: Path) -> None:
    steps = [*range(10, 101, 10), *range(60, 121, 10)]  # resumed: W&B's own step goes on
    rows = [
        history(own, **{"train/global_step": step, "train/num_input_tokens_seen": 100 * step})
        for own, step in enumerate(steps)
    ]
    recording = read_recording([write(tmp_path, started(), *rows, ended())])
    kept, lost = recording.pieces
    assert (kept.steps, kept.tokens) == (120, Interval.exactly(12_000))
    assert lost.steps == 50
    assert "5,000 tokens" in found(recording, "lost_steps").effect


def test_files_of_one_id_are_one_run(tmp_path: Path) -> None:
    rows = [history(step, consumed_tokens=10 * step) for step in range(1, 9)]
    write(tmp_path / "offline-run-1", started(), *rows[:5])
    write(tmp_path / "offline-run-2", started(), *rows[3:], ended())
    write(tmp_path / "offline-run-3", started("other", "xyz"), rows[0], name="run-xyz.wandb")
    recording = read_recording([tmp_path])
    by_id = {piece.id: piece.steps for piece in recording.pieces}
    assert by_id == {"aurora/kept": 8, "aurora/lost": 2, "other/kept": 1}


def test_a_record_over_several_blocks_is_whole(tmp_path: Path) -> None:
    long = started(notes="x" * 100_000, seq_length=8)
    file = write(tmp_path, long, history(1, consumed_samples=2.0))
    assert list(RecordFile(file, "f").records()) == [long, history(1, consumed_samples=2.0)]
    assert read_recording([file]).pieces[0].tokens == Interval.exactly(16)


def test_past_damage_reading_goes_on_at_the_next_block(tmp_path: Path) -> None:
    rows = [history(step, consumed_tokens=10 * step, note="x" * 5000) for step in range(1, 31)]
    content = bytearray(framed([started(), *rows]))
    content[BLOCK + 1000] ^= 0xFF
    file = tmp_path / "run-abc.wandb"
    file.write_bytes(bytes(content))
    recording = read_recording([file])
    assert recording.pieces[0].steps == 30
    assert "damaged" in codes(recording)


def test_the_gpus_of_one_machine_are_not_those_of_the_run(tmp_path: Path) -> None:
    record = messages.Record()
    record.environment.gpu_count, record.environment.gpu_type = 8, "NVIDIA H100 80GB HBM3"
    row = history(1, consumed_tokens=1)
    recording = read_recording([write(tmp_path, started(), record.SerializeToString(), row)])
    assert recording.pieces[0].devices is None
    assert "8 x NVIDIA H100" in found(recording, "one_machine").what


def test_system_metrics_in_a_run_point_to_the_meter(tmp_path: Path) -> None:
    records = [started(), history(1, consumed_tokens=1)]
    for sample in range(4):
        record = messages.Record()
        record.stats.timestamp.seconds = 1_700_000_000 + 15 * sample
        for name in ("gpu.0.gpu", "gpu.1.gpu", "gpu.0.pipeTensorActive", "gpu.0.smClock"):
            record.stats.item.add(key=name, value_json="50")
        records.append(record.SerializeToString())
    recording = read_recording([write(tmp_path, *records)])
    assert "declarant meter" in found(recording, "use_meter").mend
    assert ("seconds between samples, aurora", "15") in recording.facts


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "run-abc.wandb"
    file.write_bytes(b"something else")
    with pytest.raises(BadInput, match="does not begin as"):
        read_recording([file], format="wandb-offline")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="holds no"):
        read_recording([tmp_path / "empty"], format="wandb-offline")


@drawn(
    damaged(
        framed(
            [
                started(seq_length=8),
                *(history(step, consumed_samples=4.0 * step, loss=1.0) for step in range(1, 20)),
                ended(),
            ]
        )
    )
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_runs_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    outcome(tmp_path_factory.mktemp("damaged"), {"run-abc.wandb": content}, "wandb-offline")


@drawn(st.lists(st.binary(max_size=70_000), max_size=6))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_record_comes_back(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes]
) -> None:
    file = tmp_path_factory.mktemp("records") / "run.wandb"
    file.write_bytes(framed(records))
    reading = RecordFile(file, "run.wandb")
    assert list(reading.records()) == records
    assert reading.lost == 0


CSV = "system.gpu.0.gpu,system.gpu.1.gpu,system.gpu.0.pipeTensorActive,_timestamp,_runtime\n"


def export(tmp_path: Path, moments: Iterable[float], header: str = CSV) -> Path:
    file = tmp_path / "metrics.csv"
    rows = [f"90,80,30,{1.7e9 + moment},{moment}" for moment in moments]
    file.write_text(header + "\n".join(rows) + "\n")
    return file


def test_exported_metrics_say_devices_and_time(tmp_path: Path) -> None:
    recording = read_recording([export(tmp_path, range(0, 601, 15))])
    assert (recording.format, recording.method) == ("wandb-system", Method.HARDWARE_COUNTER)
    piece = recording.pieces[0]
    assert (piece.devices, piece.device_seconds) == (2, Interval.exactly(1200))
    assert piece.model_operations is None
    assert piece.executed_operations is None
    assert "declarant meter" in found(recording, "use_meter").mend
    assert ("seconds between samples", "15") in recording.facts


def test_gaps_lower_the_time_that_was_watched(tmp_path: Path) -> None:
    moments = [*range(0, 301, 15), *range(600, 901, 15)]
    recording = read_recording([export(tmp_path, moments)])
    seconds = recording.pieces[0].device_seconds
    assert seconds is not None
    assert (seconds.low, seconds.high) == (2 * (900 - 285), 2 * 900)
    assert "570 device-seconds (31.7 %)" in found(recording, "gaps").effect


def test_plain_utilisation_is_no_work(tmp_path: Path) -> None:
    header = CSV.replace("pipeTensorActive", "temp")
    recording = read_recording([export(tmp_path, [0, 15, 30], header)])
    assert "not work" in found(recording, "no_tensor_activity").effect


def test_json_lines_and_milliseconds(tmp_path: Path) -> None:
    file = tmp_path / "wandb-events.jsonl"
    rows = [
        {"system.gpu.0.gpu": 0.9, "_timestamp": 1.7e12 + 15_000 * n, "_wandb": True}
        for n in range(3)
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\nbroken{\n")
    recording = read_recording([file])
    assert recording.pieces[0].start is not None
    assert recording.pieces[0].start.timestamp() == 1.7e9
    assert recording.pieces[0].device_seconds is not None
    assert recording.pieces[0].device_seconds.high == 30
    assert "percent_or_ratio" in codes(recording)


def test_the_columns_of_the_meter_are_named() -> None:
    names = ["gpu.0.gpu", "gpu.0.pipeTensorActive", "system.gpu.3.smClock", "_timestamp", "loss"]
    assert gpm_columns(names) == ("gpu.0.pipeTensorActive", "system.gpu.3.smClock")


@drawn(damaged((CSV + "90,80,30,1700000000,0\n90,80,30,1700000015,15\n").encode()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_exports_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    outcome(tmp_path_factory.mktemp("damaged"), {"metrics.csv": content}, "wandb-system")
