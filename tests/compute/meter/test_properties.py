"""What changes nothing, and what may only widen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compute.meter.telemetry import BF16, START, Row, metered, parquet, total

from declarant.compute.meter import Job, Jobs, Known
from declarant.quantities import NumberFormat

FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
GRID = st.lists(
    st.builds(
        Row,
        second=st.integers(0, 60).map(lambda step: step * 15.0),
        tensor=st.integers(0, 1000).map(lambda share: share / 1000),
        clock=st.integers(200, 1980).map(float) | st.none(),
        gpu=st.integers(0, 2),
        pod=st.sampled_from(["", "a", "b"]),
    ),
    min_size=8,
    max_size=40,
    unique_by=lambda row: (row.second, row.gpu),
)
GIVEN = Known(formats=BF16.formats, interval_ms=15_000)
BY_POD = Known(formats={"a": NumberFormat.FP16}, run_label="pod", interval_ms=15_000)
JOBS = Jobs((Job("a", "node1", START, START + 400_000), Job("b", "node1", START + 420_000, None)))


@pytest.mark.parametrize(("known", "jobs"), [(GIVEN, None), (BY_POD, None), (GIVEN, JOBS)])
@FEW
@given(rows=GRID, data=st.data())
def test_cutting_shuffling_and_repeating_change_nothing(
    tmp_path: Path, known: Known, jobs: Jobs | None, rows: list[Row], data: st.DataObject
) -> None:
    whole = metered(parquet(tmp_path / "whole.parquet", rows), known, jobs=jobs)
    mixed = data.draw(st.permutations(rows))
    at = data.draw(st.integers(1, len(rows) - 1))
    again = data.draw(st.lists(st.sampled_from(rows), max_size=5))
    pieces = [mixed[:at], [*mixed[at:], *again]]
    parts = [parquet(tmp_path / f"{n}.parquet", held) for n, held in enumerate(pieces)]
    found = metered(parts, known, jobs=jobs)
    strip = [(item.run, item.day, item.operations, item.samples) for item in found.segments]
    assert strip == [(item.run, item.day, item.operations, item.samples) for item in whole.segments]


@FEW
@given(rows=GRID, data=st.data())
def test_losing_samples_only_widens(tmp_path: Path, rows: list[Row], data: st.DataObject) -> None:
    jobs = Jobs((Job("a", "node1", START, START + 915_000),))
    everywhere = [Row(0, 0.0, gpu=gpu, clock=0.0) for gpu in range(3)]  # each GPU stays known
    kept = data.draw(st.lists(st.sampled_from(rows), unique=True))
    first = {(row.second, row.gpu) for row in everywhere}
    full = [row for row in rows if (row.second, row.gpu) not in first]
    less = [row for row in kept if row in full]
    before = total(
        metered(parquet(tmp_path / "full.parquet", [*everywhere, *full]), GIVEN, jobs=jobs)
    )
    after = total(
        metered(parquet(tmp_path / "less.parquet", [*everywhere, *less]), GIVEN, jobs=jobs)
    )
    assert after.low <= before.low
    assert before.high is not None
    assert after.high is not None
    assert after.high >= before.high
