"""The writer in the trainer's process: it never stops training, and nothing it saw vanishes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from tests.compute.tracker.ledgers import (
    OTHER,
    RUN,
    STEP,
    done,
    files,
    found,
    piece,
    read,
    train,
    unclosed,
    writer,
)

from declarant.compute.ledger import Purpose
from declarant.compute.tracker.reading.verification import verify

ROOT = Path(__file__).parents[3]


def test_steps_times_their_operations(tmp_path: Path) -> None:
    ledger = writer(tmp_path, facts={"tensor_parallel": "1"})
    one, other = ledger.signature("a", STEP), ledger.signature("b", OTHER)
    assert ledger.signature("a", STEP) == one
    for step in range(7):
        ledger.add(one, step=step)
        ledger.add(other, step=step)
    ledger.add(other, "evaluation")
    ledger.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == (7 * 132,) * 3
    kept = piece(recording, "kept")
    assert kept.model_operations is not None
    assert kept.tokens is not None
    assert (kept.model_operations.low, kept.tokens.low) == (7 * 110, 7 * 88)
    assert (kept.run, kept.steps) == (RUN, 14)
    evaluation = piece(recording, "evaluation")
    assert (evaluation.purpose, done(recording, "evaluation")) == (Purpose.EVALUATION, (120,) * 3)
    assert ("tensor_parallel", "1") in recording.facts
    assert not recording.findings


def test_what_is_added_after_the_end_is_not_counted(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.add(signature)
    ledger.close()
    ledger.add(signature)
    ledger.flush()
    ledger.close()
    assert done(read(tmp_path), "kept") == (12,) * 3


def test_steps_of_several_threads_are_all_counted(tmp_path: Path) -> None:
    ledger = writer(tmp_path, flush_seconds=0.001)
    signature = ledger.signature("a", STEP)

    def work() -> None:
        for _ in range(2000):
            ledger.add(signature)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    assert done(read(tmp_path), "kept") == (8000 * 12,) * 3


def test_a_run_goes_on_in_the_same_ledger(tmp_path: Path) -> None:
    first, second = train(tmp_path, range(5)), train(tmp_path, range(5, 12))
    assert first == second
    recording = read(tmp_path)
    assert done(recording, "kept") == (12 * 12,) * 3
    assert not recording.findings


def test_runs_have_folders_of_their_own(tmp_path: Path) -> None:
    from declarant.compute.tracker.writer import LedgerWriter

    paths = set()
    for run in ("a", "a/b", "a b", "../a", "訓練", "", "x" * 400):
        ledger = LedgerWriter(tmp_path, run)
        ledger.close()
        assert ledger.path is not None
        assert tmp_path in ledger.path.resolve().parents
        paths.add(ledger.path)
    assert len(paths) == 7


def test_a_full_disk_does_not_stop_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.add(signature, step=1)
    ledger.flush()
    write = os.write

    def full(file: int, content: bytes) -> int:
        if len(content) > 20:
            return write(file, content[:20])  # some of it, as a disk that fills up does
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    for step in range(2, 5):
        ledger.add(signature, step=step)
        ledger.flush()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    monkeypatch.undo()
    ledger.add(signature, step=5)
    ledger.flush()
    ledger.close()
    recording = read(tmp_path)
    assert verify(files(tmp_path)).holds
    assert done(recording, "kept") == (5 * 12,) * 3
    assert "No space left" in found(recording, "written_late")[0].what


def test_a_file_that_can_only_be_appended_to_keeps_the_torn_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.flush()
    write = os.write

    def cut(file: int, content: bytes) -> int:
        if len(content) > 20:
            return write(file, bytes(content[:20]))
        raise OSError(5, "Input/output error")

    def never(file: int, length: int) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "write", cut)
    monkeypatch.setattr(os, "ftruncate", never)
    for _ in range(2):
        ledger.add(signature)
        ledger.flush()
    monkeypatch.undo()
    ledger.close()
    recording = read(tmp_path)
    assert verify(files(tmp_path)).holds
    assert done(recording, "kept") == (24, 24, 24)
    assert found(recording, "torn_line")


def test_a_folder_that_cannot_be_made_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "ledgers"
    place.write_text("a file stands where the folder should be")
    ledger = writer(place)
    signature = ledger.signature("a", STEP)
    ledger.add(signature)
    ledger.flush()
    assert (ledger.path, ledger.head) == (None, "")
    assert len(caplog.records) == 1
    place.unlink()
    ledger.close()
    assert done(read(place), "kept") == (12,) * 3


def test_a_file_removed_under_the_writer_is_an_error(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.add(signature)
    ledger.flush()
    assert ledger.path is not None
    ledger.path.unlink()
    ledger.add(signature)
    ledger.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == (12,) * 3
    assert found(recording, "file_removed")


def test_two_processes_of_one_rank_get_two_files(tmp_path: Path) -> None:
    train_and_hold = writer(tmp_path)
    signature = train_and_hold.signature("a", STEP)
    train_and_hold.add(signature)
    train_and_hold.flush()
    code = f"""
        from pathlib import Path
        from tests.compute.tracker.ledgers import train
        print(train(Path({str(tmp_path)!r}), range(3)).name)
    """
    other = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert other.stdout.strip() == "rank-00000.2.ledger.jsonl"
    train_and_hold.add(signature)
    train_and_hold.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == (5 * 12,) * 3
    assert found(recording, "rank_twice")


def test_one_process_twice_lowers_the_lower_bound(tmp_path: Path) -> None:
    one = writer(tmp_path)
    signature = one.signature("a", STEP)
    one.add(signature)
    train(tmp_path, [None] * 3)
    one.add(signature)
    one.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == (3 * 12, 5 * 12, 5 * 12)
    assert found(recording, "one_process_twice")


def in_a_process_of_its_own(code: str, folder: Path) -> None:
    """Run code that forks: this process may have threads of other libraries."""
    begin = f"""
        import os
        from pathlib import Path
        from declarant.compute.tracker.rank_file import RankFile
        from tests.compute.tracker.ledgers import RUN, STEP, writer
        folder = Path({str(folder)!r})
        ledger = writer(folder)
        signature = ledger.signature("a", STEP)
        ledger.add(signature)
    """
    whole = textwrap.dedent(begin) + textwrap.dedent(code)
    subprocess.run([sys.executable, "-c", whole], check=True, cwd=ROOT, timeout=60)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_worker_writes_nothing_and_keeps_no_lock(tmp_path: Path) -> None:
    code = """
        begin, end = os.pipe()
        child = os.fork()
        if child == 0:  # a worker that outlives the trainer's ledger
            os.read(begin, 1)
            os._exit(0)
        ledger.add(signature)
        ledger.close()
        held = RankFile(folder / RUN, 0)
        assert held.number == 1
        held.close()
        os.write(end, b".")
        os.waitpid(child, 0)
    """
    in_a_process_of_its_own(code, tmp_path)
    assert done(read(tmp_path), "kept") == (24,) * 3
    assert len(files(tmp_path)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_worker_of_a_killed_trainer_keeps_no_lock(tmp_path: Path) -> None:
    code = """
        import signal
        ledger.close()
        said, say = os.pipe()
        over, end = os.pipe()
        trainer = os.fork()
        if trainer == 0:
            ledger = writer(folder)
            ledger.add(ledger.signature("a", STEP))
            ledger.flush()
            if os.fork() == 0:  # a worker that outlives the trainer
                os.write(say, b".")
                os.read(over, 1)
                os._exit(0)
            signal.alarm(30)
            signal.pause()
        os.read(said, 1)
        os.kill(trainer, signal.SIGKILL)
        os.waitpid(trainer, 0)
        after = RankFile(folder / RUN, 0)
        assert after.number == 1, after.number
        after.close()
        os.write(end, b".")
    """
    in_a_process_of_its_own(code, tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_that_trains_writes_its_own_file(tmp_path: Path) -> None:
    code = """
        child = os.fork()
        if child == 0:
            ledger.add(signature)
            ledger.add(signature)
            ledger.close()
            os._exit(0)
        os.waitpid(child, 0)
        ledger.close()
    """
    in_a_process_of_its_own(code, tmp_path)
    assert len(files(tmp_path)) == 2
    assert done(read(tmp_path), "kept") == (3 * 12,) * 3


def test_the_end_of_the_interpreter_closes_the_ledger(tmp_path: Path) -> None:
    code = f"""
        from pathlib import Path
        from tests.compute.tracker.ledgers import STEP, writer
        ledger = writer(Path({str(tmp_path)!r}))
        ledger.add(ledger.signature("a", STEP))
        raise SystemExit(3)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, cwd=ROOT)
    assert ended.returncode == 3
    recording = read(tmp_path)
    assert done(recording, "kept") == (12,) * 3
    assert not recording.findings


@pytest.mark.parametrize("step", ["7", 7.0, float("nan"), -1, 2**60, True, object(), [1]])
def test_a_step_that_is_no_number_still_counts(tmp_path: Path, step: object) -> None:
    ledger = writer(tmp_path)
    ledger.add(ledger.signature("a", STEP), step=step)  # type: ignore[arg-type]
    ledger.close()
    assert done(read(tmp_path), "kept") == (12,) * 3


def test_names_that_are_no_text_are_written_all_the_same(tmp_path: Path) -> None:
    ledger = writer(tmp_path, facts={"host\udcff": "\udc80"})
    ledger.add(ledger.signature("\ud800" * 9000, STEP))
    ledger.close()
    assert done(read(tmp_path), "kept") == (12,) * 3


def test_an_unclosed_ledger_is_resumed_with_its_loss(tmp_path: Path) -> None:
    unclosed(train(tmp_path, range(9)))
    assert found(read(tmp_path), "unflushed")
    train(tmp_path, range(12, 15))
    recording = read(tmp_path)
    assert (tmp_path / RUN / "rank-00000.ledger.jsonl").read_text().count('"type":"resumed"') == 1
    (finding,) = found(recording, "unflushed")
    assert "3 of them the trainer's own numbers show" in finding.what
    low, _, high = done(recording, "kept")
    assert low <= 15 * 12
    assert high is None or high >= 15 * 12


def test_an_interruption_while_writing_breaks_no_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = writer(tmp_path)
    signature, steps = ledger.signature("a", STEP), 0
    write = os.write

    def interrupted(file: int, content: bytes) -> int:
        written = write(file, content)
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        return written

    def train() -> None:
        nonlocal steps
        while steps < 1000:  # the ledger's own thread may write the first ones
            steps += 1
            ledger.add(signature)
            ledger.flush()

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train()
    ledger.close()
    assert verify(files(tmp_path)).holds
    assert done(read(tmp_path), "kept") == (steps * 12,) * 3


def test_a_signal_handler_may_flush_while_the_ledger_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.flush()
    write = os.write

    def with_a_signal(file: int, content: bytes) -> int:
        if threading.current_thread() is threading.main_thread():
            ledger.flush()
            ledger.close()
        return write(file, content)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", with_a_signal)
        ledger.add(signature)
        ledger.flush()
    ledger.add(signature)
    ledger.close()
    assert verify(files(tmp_path)).holds
    assert done(read(tmp_path), "kept") == (24,) * 3
