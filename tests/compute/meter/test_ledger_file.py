"""What is kept is read again: by itself, and as a recording."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compute.meter.telemetry import (
    BF16,
    START,
    codes,
    every,
    metered,
    operations,
    parquet,
    total,
)
from tests.compute.readers.hostile import damaged, outcome

from declarant.compute.ledger import Method
from declarant.compute.meter import Job, Jobs, Metering, read_metered, write_metered
from declarant.compute.readers.read import read_recording
from declarant.problems import BadInput


def kept(tmp_path: Path) -> tuple[Metering, Path]:
    path = parquet(tmp_path / "a.parquet", every(15, 20, 0.5))
    jobs = Jobs((Job("alpha", "node1", START, START + 150_000),))
    found = metered(path, BF16, jobs=jobs)
    out = tmp_path / "metered.parquet"
    write_metered(found, out)
    return found, out


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found, out = kept(tmp_path)
    again = read_metered(out, "metered.parquet")
    assert again.evidence == found.evidence
    assert again.version == found.version == "meter/1"
    assert [item.run for item in again.segments] == [item.run for item in found.segments]
    for item, other in zip(again.segments, found.segments, strict=True):
        assert item.operations.low <= other.operations.low
        assert item.operations.high is not None
        assert other.operations.high is not None
        assert item.operations.high >= other.operations.high
        assert item.coverage == other.coverage
    assert codes(again) == codes(found)


def test_runs_are_pieces_of_a_recording(tmp_path: Path) -> None:
    found, out = kept(tmp_path)
    recording = read_recording([out])
    assert recording.format == "metered"
    assert recording.method is Method.HARDWARE_COUNTER
    assert recording.number_format == "fp16"
    (piece,) = recording.pieces
    assert (piece.id, piece.run, piece.devices) == ("run/alpha", "alpha", 1)
    assert piece.model_operations is None
    assert piece.executed_operations is not None
    assert piece.executed_operations.best == operations(0.5, 150) == total(found, "alpha").best
    assert any(name == "alpha, 2026-10-03" for name, _ in recording.facts)
    nobody = next(item for item in recording.findings if item.code == "metered.no_run")
    assert "if it is counted" in nobody.effect


def test_several_meterings_are_not_added_up(tmp_path: Path) -> None:
    _, out = kept(tmp_path)
    with pytest.raises(BadInput, match="same work"):
        read_recording([out, out])


def test_other_parquet_is_no_metering(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no format that is known"):
        read_recording([parquet(tmp_path / "a.parquet", every(15, 4))])
    with pytest.raises(BadInput, match="no file of `declarant meter`"):
        read_metered(parquet(tmp_path / "a.parquet", every(15, 4)), "a.parquet")


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damage(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("kept")
    _, out = _KEPT.setdefault("kept", kept(folder))
    content = _KEPT.setdefault("bytes", out.read_bytes())  # type: ignore[arg-type]
    outcome(folder, {"x.parquet": data.draw(damaged(content))}, "metered")  # type: ignore[arg-type]


_KEPT: dict[str, tuple[Metering, Path]] = {}
