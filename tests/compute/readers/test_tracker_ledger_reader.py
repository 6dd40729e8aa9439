"""The reader of the tracker's ledger: hostile files, and what is left out of a broken one."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compute.readers.hostile import damaged, outcome
from tests.compute.tracker.ledgers import RUN, STEP, done, found, read, train, writer

from declarant.compute.ledger import Method
from declarant.compute.readers.read import read_recording
from declarant.compute.recording import Recording
from declarant.compute.tracker.count_json import as_json
from declarant.compute.tracker.record import FORMAT, GENESIS, line_of
from declarant.compute.tracker.step_count import Bounds, StepCount, UncountedKernel
from declarant.problems import Severity

NAME = f"{RUN}/rank-00000.ledger.jsonl"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("sample")
    train(folder, range(9), evaluations=2)
    return train(folder, range(6, 15)).read_bytes()


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damage_is_found_or_refused(sample: bytes, tmp_path: Path, data: st.DataObject) -> None:
    content = data.draw(damaged(sample))
    result = outcome(tmp_path, {NAME: content}, "tracker-ledger")
    whole = sample.rstrip(b"\n")
    if isinstance(result, Recording) and not whole.startswith(content.rstrip(b"\n")):
        assert content == sample or result.findings


_VALID: dict[str, object] = {
    "at": "2026-01-01T00:00:00Z",
    "format": FORMAT,
    "run": RUN,
    "rank": 0,
    "world_size": 1,
    "opened_ms": 0,
    "due_ms": 1000,
    "file_number": 1,
    "host": "h",
    "pid": 1,
    "facts": {},
    "signature": 0,
    "key": "a",
    "count": as_json(STEP),
    "counts": [{"signature": 0, "purpose": "", "steps": 3}],
    "first_step": 4,
    "last_step": 6,
    "ordered": True,
    "began_ms": 10,
    "ended_ms": 20,
    "ms": 30,
    "since": "2026-01-01T00:00:00Z",
    "window_ms": 5,
    "steps_high": 2,
    "head": "a",
    "noted": "b",
}
"""Every field of every type of record; those of other types are passed over."""
_WORDS = st.sampled_from(
    [
        *("", "0", "-1", "9" * 400, "a", None, True, 0, 1, 5, 1000, -1, 2**53 - 1),
        *([], {}, [{}], {"low": "1"}, [{"signature": 7, "purpose": "x", "steps": 2**52}]),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00"),
        {"bytes": 1, "sha256": "a"},
    ]
)
_BODY = st.dictionaries(
    st.sampled_from([*_VALID, "torn", "delayed", "removed_head"]), _WORDS, max_size=3
)
_KINDS = st.sampled_from(["opened", "signature", "interval", "resumed", "closed", "anchored", "?"])


@given(records=st.lists(st.tuples(_KINDS, _BODY), min_size=1, max_size=10))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200
)
def test_whole_records_that_say_nonsense(
    tmp_path: Path, records: list[tuple[str, dict[str, object]]]
) -> None:
    """Records with right digests, as somebody makes who knows the format."""
    begin: list[tuple[str, dict[str, object]]] = [("opened", {}), ("signature", {})]
    lines, head = [], GENESIS
    for number, (kind, body) in enumerate([*begin, *records]):
        line, head = line_of({**_VALID, **body, "type": kind}, number, head)
        lines.append(line)
    outcome(tmp_path, {NAME: b"".join(lines)}, "tracker-ledger")


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"[]\n", b"null", b"\0" * 9000])
def test_what_is_no_ledger_is_refused(tmp_path: Path, content: bytes) -> None:
    assert not isinstance(outcome(tmp_path, {NAME: content}, "tracker-ledger"), Recording)


def test_a_folder_is_recognised_and_read(tmp_path: Path) -> None:
    train(tmp_path, range(10))
    recording = read_recording([tmp_path])
    assert (recording.format, recording.method) == ("tracker-ledger", Method.FRAMEWORK_COUNTER)
    assert recording.progress is not None
    last = recording.progress.marks[-1]
    assert (last.step, last.tokens) == (9, 80)
    assert len(recording.evidence) == 1


def test_a_removed_record_widens_the_total_by_its_time(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    for step in range(30):
        ledger.add(signature, step=step)
        if step % 5 == 4:
            time.sleep(0.002)
            ledger.flush()
    ledger.close()
    assert ledger.path is not None
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    which = next(n for n, line in enumerate(lines) if b'"last_step":14' in line)
    ledger.path.write_bytes(b"".join([*lines[:which], *lines[which + 1 :]]))
    recording = read(tmp_path)
    (broken,) = found(recording, "chain_broken")
    assert (broken.severity, broken.where.line) == (Severity.ERROR, which + 1)
    low, _, high = done(recording, "kept")
    assert low == 25 * 12
    assert high is not None
    assert high >= 30 * 12


def test_kernels_without_a_formula_are_named_with_their_bounds(tmp_path: Path) -> None:
    kernels = (
        UncountedKernel("mylib::scan", 2, Bounds(0, None, 50), "the memory it moves"),
        UncountedKernel("mylib::mystery", 1, Bounds(0, None, None), "nothing is known of it"),
    )
    bounds = Bounds(10, None, None)
    train(tmp_path, range(4), count=StepCount(bounds, bounds, "test", uncounted=kernels))
    recording = read(tmp_path)
    scan, mystery = sorted(
        found(recording, "kernel_uncounted"), key=lambda item: "mystery" in item.what
    )
    assert "'mylib::scan' has no formula; it ran 8 times" in scan.what
    assert "0 to 2.00e2" in scan.effect
    assert "at least 0" in mystery.effect
    assert done(recording, "kept") == (40, None, None)


def test_a_clock_that_is_moved_changes_no_duration(tmp_path: Path, monkeypatch) -> None:
    from declarant.compute.tracker import clock

    real = clock.now
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.add(signature, step=1)
    ledger.flush()
    monkeypatch.setattr(clock, "now", lambda: real() - timedelta(days=400))
    ledger.add(signature, step=2)
    ledger.close()
    train(tmp_path, range(3, 6))
    recording = read(tmp_path)
    assert found(recording, "clock_moved")
    assert done(recording, "kept") == (5 * 12,) * 3
    kept = recording.pieces[0]
    assert isinstance(kept.start, datetime)
    assert isinstance(kept.end, datetime)
    assert timedelta(0) <= kept.end - kept.start < timedelta(days=401)


def test_a_purpose_that_no_law_names_stands_apart(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.add(signature)
    ledger.add(signature, "warm-up")
    ledger.add(signature, "reward_model")
    ledger.close()
    recording = read(tmp_path)
    assert done(recording, "kept") == done(recording, "other:warm-up") == (12,) * 3
    assert done(recording, "reward_model") == (12,) * 3
    assert found(recording, "purpose_unknown")
