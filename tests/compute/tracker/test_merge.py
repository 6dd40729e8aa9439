"""The ledgers of several ranks as one, without double counting."""

from __future__ import annotations

import gzip
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compute.tracker.ledgers import RUN, STEP, done, files, found, piece, read, train, writer

from declarant.compute.readers.read import read_recording
from declarant.compute.tracker.reading.read_ledger import read_ledger
from declarant.compute.tracker.writer import LedgerWriter
from declarant.problems import BadInput


def ranks(folder: Path, count: int, world_size: int | None = None, **given: object) -> list[Path]:
    return [
        train(folder, range(10 + rank), rank=rank, world_size=world_size or count, **given)
        for rank in range(count)
    ]


def test_ranks_are_added(tmp_path: Path) -> None:
    ranks(tmp_path, 3)
    recording = read(tmp_path)
    assert done(recording, "kept") == (33 * 12,) * 3
    assert found(recording, "replicated_work")
    assert not found(recording, "ranks_missing")


def test_missing_ranks_may_have_done_as_much_as_the_greatest(tmp_path: Path) -> None:
    ranks(tmp_path, 3, world_size=5)
    recording = read(tmp_path)
    assert done(recording, "kept") == (33 * 12, 33 * 12 + 2 * 11 * 12, 33 * 12 + 2 * 12 * 12)
    (finding,) = found(recording, "ranks_missing")
    assert "3, 4" in finding.what


@settings(deadline=None, max_examples=25)
@given(order=st.permutations(range(4)))
def test_the_order_of_files_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "order"
    if not folder.exists():
        ranks(folder, 3)
        train(folder, range(5, 20), rank=1, world_size=3)
        shutil.copy(files(folder)[0][0], folder / RUN / "rank-00000.9.ledger.jsonl")
    held = files(folder)
    merged, _ = read_ledger([held[index] for index in order])
    expected, _ = read_ledger(held)
    assert (merged.kept, merged.lost, merged.others) == (
        expected.kept,
        expected.lost,
        expected.others,
    )


@settings(deadline=None, max_examples=25)
@given(cuts=st.lists(st.integers(1, 29), max_size=4, unique=True))
def test_processes_one_after_the_other_are_one(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("split")
    bounds = [0, *sorted(cuts), 30]
    for begin, end in pairwise(bounds):
        train(folder, range(begin, end))
    recording = read(folder)
    assert done(recording, "kept") == (30 * 12,) * 3
    assert piece(recording, "kept").steps == 30
    assert recording.progress is not None
    assert recording.progress.marks[-1].tokens == 30 * 8


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    file = train(tmp_path, range(10))
    file.with_name("rank-00000.2.ledger.jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    recording = read(tmp_path)
    assert done(recording, "kept") == (120,) * 3
    assert found(recording, "copy")


def test_an_older_copy_counts_once(tmp_path: Path) -> None:
    file = train(tmp_path, range(10))
    shutil.copy(file, tmp_path / "rank-00000.ledger.jsonl")
    train(tmp_path, range(10, 20))
    recording = read(tmp_path)
    assert done(recording, "kept") == (240,) * 3
    assert found(recording, "copy")


def test_a_copy_that_differs_is_an_error_and_not_added(tmp_path: Path) -> None:
    file = train(tmp_path, range(10))
    copied = tmp_path / "copy"
    (copied / RUN).mkdir(parents=True)
    other = copied / RUN / file.name
    shutil.copy(file, other)
    train(tmp_path, range(10, 20))
    train(copied, range(10, 25))
    recording = read(tmp_path)
    assert done(recording, "kept") == (300,) * 3 or done(recording, "kept") == (240,) * 3
    assert found(recording, "copy_differs")


def test_several_runs_are_refused(tmp_path: Path) -> None:
    train(tmp_path, range(3))
    LedgerWriter(tmp_path, "another").close()
    with pytest.raises(BadInput, match="2 runs"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("fact", "tokens"), [("2", (160, 160, 160)), ("4", (320, 320, 320)), (None, (80, None, 320))]
)
def test_ranks_that_see_the_same_samples(
    tmp_path: Path, fact: str | None, tokens: tuple[int, int | None, int]
) -> None:
    facts = {} if fact is None else {"data_parallel": fact}
    for rank in range(4):
        train(tmp_path, range(10), rank=rank, world_size=4, facts=facts)
    seen = piece(read(tmp_path), "kept").tokens
    assert seen is not None
    assert (seen.low, seen.best, seen.high) == tokens


def test_files_by_themselves_are_read_too(tmp_path: Path) -> None:
    held = ranks(tmp_path, 2)
    recording = read_recording(held)
    assert recording.format == "tracker-ledger"
    assert done(recording, "kept") == (21 * 12,) * 3
    assert len(recording.evidence) == 2


def test_a_run_that_goes_on_is_read_with_what_may_be_unwritten(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    signature = ledger.signature("a", STEP)
    ledger.add(signature)
    ledger.flush()
    recording = read(tmp_path)
    ledger.close()
    assert found(recording, "unflushed")
    assert done(recording, "kept")[0] == 12
