"""MLflow stores as its own library writes them: folder and database, read and never changed."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from tests.compute.readers.hostile import damaged, outcome
from tests.compute.readers.stored import as_logged

from declarant.compute.readers import Given, read_recording
from declarant.compute.recording import Recording
from declarant.problems import BadInput, Finding
from declarant.quantities import Interval

mlflow_tracking = pytest.importorskip("mlflow.tracking")
MOMENT = 1_772_352_000_000  # 2026-03-01T08:00:00Z in milliseconds


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("mlflow.") for item in recording.all_findings}


def found(recording: Recording, code: str) -> Finding:
    return next(item for item in recording.all_findings if item.code == f"mlflow.{code}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store of two runs, in a folder."""
    root = tmp_path_factory.mktemp("store") / "mlruns"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
        client = mlflow_tracking.MlflowClient(root.as_uri())
        experiment = client.create_experiment("aurora")
        first = client.create_run(experiment, run_name="aurora-7b").info.run_id
        client.log_param(first, "seq_length", 2048)
        client.log_param(first, "model/global_batch_size", 64)
        for step in range(10, 51, 10):
            when = MOMENT + step * 1000
            client.log_metric(first, "train/loss", 2.0, when, step)
            client.log_metric(first, "consumed_samples", 64 * step, when, step)
        client.set_terminated(first)
        second = client.create_run(experiment, run_name="aurora-sft").info.run_id
        for step in (1, 2, 3):
            client.log_metric(second, "model_tflops_per_gpu", 100.0, MOMENT + step, step)
            client.log_metric(second, "time_per_iteration_ms", 2000.0, MOMENT + step, step)
        client.delete_run(second)
    return root


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a store in MLflow's own tables, with rows of a run that was resumed."""
    models = pytest.importorskip("mlflow.store.tracking.dbmodels.models")
    sqlalchemy = pytest.importorskip("sqlalchemy")
    file = tmp_path / "mlflow.db"
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    names = ("experiments", "runs", "metrics", "params", "tags")
    tables = [models.Base.metadata.tables[name] for name in names]
    models.Base.metadata.create_all(engine, tables=tables)
    engine.dispose()
    with closing(sqlite3.connect(file)) as held, held:
        held.execute("PRAGMA foreign_keys = OFF")
        held.execute("PRAGMA ignore_check_constraints = ON")
        held.execute(
            "INSERT INTO runs (run_uuid, name, status, lifecycle_stage, experiment_id, "
            "source_type, start_time) VALUES ('r1', 'aurora', 'RUNNING', 'active', 0, 'LOCAL', 1)"
        )
        held.execute("INSERT INTO params VALUES ('seq_length', '100', 'r1')")
        columns = "(key, value, timestamp, step, is_nan, run_uuid)"
        steps = [*range(1, 11), *range(8, 13)]
        for place, step in enumerate(steps):
            row = ("consumed_samples", 4.0 * step, MOMENT + place * 1000, step, 0, "r1")
            held.execute(f"INSERT INTO metrics {columns} VALUES (?, ?, ?, ?, ?, ?)", row)
        held.execute(f"INSERT INTO metrics {columns} VALUES ('lr', 0, {MOMENT}, 1, 1, 'r1')")
    return file


def test_a_folder_gives_its_runs(folder: Path) -> None:
    recording = read_recording([folder], Given(devices=2))
    assert recording.format == "mlflow"
    by_run = {piece.run: piece for piece in recording.pieces}
    first, second = by_run["aurora-7b"], by_run["aurora-sft"]
    assert (first.id, first.steps) == ("aurora-7b/kept", 50)
    assert first.samples == Interval.exactly(3200)
    assert first.tokens == Interval.exactly(3200 * 2048)
    assert first.end is not None
    assert first.end.timestamp() * 1000 == MOMENT + 50_000
    # 100 TFLOP/s x 2 s x 3 steps x 2 devices; the two metrics lie in two files
    assert second.model_operations == as_logged(12 * 10**14)
    assert {"deleted_run", "several_runs"} <= codes(recording)
    assert any(item.path.endswith("consumed_samples") for item in recording.evidence)


def test_one_run_may_be_named_by_its_folder(folder: Path) -> None:
    run = next(path.parent.parent for path in folder.rglob("seq_length"))
    recording = read_recording([run])
    assert [piece.run for piece in recording.pieces] == ["aurora-7b"]


def test_a_database_gives_kept_and_lost_steps(database: Path) -> None:
    recording = read_recording([database])
    kept, lost = recording.pieces
    assert (kept.steps, kept.tokens) == (12, Interval.exactly(4800))
    assert lost.steps == 3
    assert lost.tokens == Interval.exactly(1200).because("lost steps at the mean of the kept ones")
    assert {"running", "lost_steps", "no_number"} <= codes(recording)
    assert recording.progress is not None
    assert recording.progress.marks[-1].tokens == 4800


def test_nothing_in_a_store_changes(folder: Path, database: Path) -> None:
    def state(root: Path) -> list[tuple[str, str]]:
        files = sorted(path for path in root.rglob("*") if path.is_file())
        return [(str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]

    before = state(folder), state(database.parent)
    database.chmod(0o444)
    read_recording([folder])
    read_recording([database])
    assert (state(folder), state(database.parent)) == before


def test_changes_that_wait_beside_a_database_are_named(database: Path) -> None:
    database.with_name("mlflow.db-wal").write_bytes(b"x" * 4096)
    finding = found(read_recording([database]), "write_ahead_log")
    assert "4,096 bytes" in finding.what
    assert finding.effect


def test_a_run_within_a_run_is_named(database: Path) -> None:
    with closing(sqlite3.connect(database)) as held, held:
        held.execute("INSERT INTO tags VALUES ('mlflow.parentRunId', 'r0', 'r1')")
    assert "r0" in found(read_recording([database]), "run_within_a_run").what


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DROP TABLE metrics", "without the table metrics"),
        ("ALTER TABLE runs DROP COLUMN end_time", "without end_time"),
        (
            "DROP TABLE params; CREATE VIEW params AS SELECT 1 run_uuid, 2 key, 3 value",
            "without the table params",
        ),
    ],
)
def test_other_databases_are_refused(database: Path, statement: str, says: str) -> None:
    with closing(sqlite3.connect(database)) as held, held:
        held.executescript(statement)
    with pytest.raises(BadInput, match=says):
        read_recording([database], format="mlflow")


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no run"):
        read_recording([tmp_path], format="mlflow")


def test_lines_that_are_damaged_are_counted(tmp_path: Path) -> None:
    run = tmp_path / "mlruns" / "0" / "abc"
    (run / "metrics").mkdir(parents=True)
    (run / "meta.yaml").write_text("run_name: aurora\nlifecycle_stage: active\n")
    (run / "metrics" / "consumed_tokens").write_text("1000 10 1\nbroken\n2000 20 2\n3000 NaN 3\n")
    recording = read_recording([tmp_path / "mlruns"])
    assert recording.pieces[0].tokens == Interval.exactly(20)
    assert str(found(recording, "line_damaged").where).endswith("metrics/consumed_tokens:2")
    assert "1 points" in found(recording, "no_number").what


def test_damaged_databases_are_read_or_refused(
    database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = database.read_bytes()

    @drawn(damaged(content))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(content: bytes) -> None:
        outcome(tmp_path_factory.mktemp("damaged"), {"mlflow.db": content}, "mlflow")

    check()


@drawn(
    damaged(b"1772352000000 64 1\n1772352001000 128 2\n1772352002000 192 3\n"),
    damaged(b"run_name: aurora\nrun_id: abc\nstatus: 3\nlifecycle_stage: active\n"),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_folders_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, metric: bytes, meta: bytes
) -> None:
    files = {
        "0/abc/meta.yaml": meta,
        "0/abc/metrics/consumed_samples": metric,
        "0/abc/params/seq_length": metric[:5],
    }
    outcome(tmp_path_factory.mktemp("damaged"), files, "mlflow", folder=True)
