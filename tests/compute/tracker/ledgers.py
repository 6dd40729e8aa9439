"""Ledgers as tests need them, written by the writer itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from declarant.compute.readers.read import read_recording
from declarant.compute.recording import Piece, Recording
from declarant.compute.tracker.reading.read_ledger import ledger_files
from declarant.compute.tracker.step_count import Bounds, StepCount
from declarant.compute.tracker.writer import LedgerWriter
from declarant.problems import Finding

RUN = "try"
STEP = StepCount(Bounds.exactly(10), Bounds.exactly(12), "test", samples=2, tokens=8)
OTHER = StepCount(Bounds.exactly(100), Bounds.exactly(120), "test", samples=2, tokens=80)


def writer(folder: Path, **given: object) -> LedgerWriter:
    """Return a writer that flushes when it is told to."""
    return LedgerWriter(folder, RUN, **{"flush_seconds": 1000.0, **given})  # type: ignore[arg-type]


def train(
    folder: Path,
    steps: Sequence[int | None],
    *,
    count: StepCount = STEP,
    evaluations: int = 0,
    every: int = 3,
    **given: object,
) -> Path:
    """Write one closed section with these steps, flushed after so `many`; return its file."""
    ledger = writer(folder, **given)
    signature = ledger.signature("a", count)
    for number, step in enumerate(steps, 1):
        ledger.add(signature, step=step)
        if number % every == 0:
            ledger.flush()
    for _ in range(evaluations):
        ledger.add(signature, "evaluation")
    ledger.close()
    assert ledger.path is not None
    return ledger.path


def unclosed(file: Path) -> None:
    """Take the last record away, as if the process had been killed before it."""
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


def read(folder: Path) -> Recording:
    return read_recording([folder])


def piece(recording: Recording, name: str) -> Piece:
    return next(item for item in recording.pieces if item.id == name)


def done(recording: Recording, name: str) -> tuple[int, int | None, int | None]:
    """Return executed operations of a piece: low, best, high."""
    found = piece(recording, name).executed_operations
    assert found is not None
    return tuple(  # type: ignore[return-value]
        None if value is None else round(value) for value in (found.low, found.best, found.high)
    )


def found(recording: Recording, code: str) -> list[Finding]:
    return [item for item in recording.all_findings if item.code == f"tracker.{code}"]


def files(folder: Path) -> list[tuple[Path, str]]:
    return ledger_files(folder, "ledger")
