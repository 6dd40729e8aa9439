"""Damaged telemetry is metered or refused: no other exception, no long wait, nothing left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compute.meter.telemetry import (
    BF16,
    Row,
    csv,
    every,
    exposition,
    matrix,
    metered,
    parquet,
)
from tests.compute.meter.test_runs import SACCT, TABLE
from tests.compute.readers.hostile import check_finding, damaged

from declarant.compute.meter import read_jobs
from declarant.problems import BadInput

ROWS = [*every(15, 8, 0.5, pod="a"), *every(15, 8, 0.25, gpu=1, host="node2")]
SECONDS = 20
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check_refused(refused: BadInput) -> None:
    assert refused.findings
    assert all(item.what and item.mend and str(item.where) for item in refused.findings)


@pytest.mark.parametrize("write", [csv, exposition, matrix, parquet])
@FEW
@given(data=st.data())
def test_damage_of_every_format(
    tmp_path: Path, write: Callable[[Path, Sequence[Row]], Path], data: st.DataObject
) -> None:
    path = write(tmp_path / "telemetry", ROWS)
    path.write_bytes(data.draw(damaged(path.read_bytes())))
    began = time.perf_counter()
    try:
        found = metered(path, BF16, work=tmp_path)
    except BadInput as refused:
        check_refused(refused)
    else:
        for item in found.findings:
            check_finding(item)
        for segment in found.segments:
            assert segment.measured_ms >= 0
            assert segment.missing_ms >= 0
    assert time.perf_counter() - began < SECONDS
    assert not list(tmp_path.glob("declarant-meter-*"))


@pytest.mark.parametrize("text", [TABLE, SACCT])
@FEW
@given(data=st.data())
def test_damage_of_tables_of_jobs(tmp_path: Path, text: str, data: st.DataObject) -> None:
    path = tmp_path / "jobs"
    path.write_bytes(data.draw(damaged(text.encode())))
    try:
        found = read_jobs(path)
    except BadInput as refused:
        check_refused(refused)
    else:
        assert found.jobs


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PAR1",
        b"PAR1" + b"\0" * 100 + b"PAR1",
        b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{' + b"[" * 10**6,
        b'{"data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}',
        b"timestamp,gpu,DCGM_FI_PROF_PIPE_TENSOR_ACTIVE\n" + b'"' * 10**6,
        b"timestamp,gpu,DCGM_FI_PROF_PIPE_TENSOR_ACTIVE\n1,2\n",
        b"DCGM_FI_PROF_PIPE_TENSOR_ACTIVE" + b"{" * 10**6,
        b"\xff\xfe\x00",
        b"\x1f\x8b\x08\x00garbage",
    ],
    ids=range(10),
)
def test_what_is_no_telemetry_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "telemetry"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        metered(path)
    assert all(item.what and item.mend for item in refused.value.findings)
