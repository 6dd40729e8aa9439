"""One set of expressions on every engine, and more than fits in memory on DuckDB."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.compute.meter.telemetry import BF16, H100, START, Row, matrix, metered, parquet

from declarant.compute.meter import Job, Jobs, Known, meter
from declarant.problems import BadInput


def telemetry(path: Path, samples: int) -> Path:
    """Generate samples of 64 GPUs: gaps, blanks, both units of clock, a missing clock."""
    import duckdb

    duckdb.execute(f"""
        COPY (
            SELECT {START} + i * 15000 + hash(g) % 400 AS timestamp,
                'node' || (g // 8) AS Hostname, (g % 8)::VARCHAR AS gpu, 'GPU-' || g AS UUID,
                '{H100}' AS modelName, 'pod-' || (g % 5) AS pod,
                CASE WHEN hash(i * 64 + g) % 997 = 0 THEN NULL
                    WHEN hash(i * 64 + g) % 991 = 0 THEN 'NaN'::DOUBLE
                    ELSE (hash(g * 1000003 + i) % 1000000) / 1e6 END
                    AS DCGM_FI_PROF_PIPE_TENSOR_ACTIVE,
                CASE WHEN hash(i + g) % 983 = 0 THEN NULL
                    ELSE (1200 + hash(g * 7919 + i) % 900) * CASE WHEN i % 2 = 0 THEN 1 ELSE 1e6 END
                    END::DOUBLE AS DCGM_FI_DEV_SM_CLOCK
            FROM range({samples // 64}) times(i), range(64) devices(g)
            WHERE hash(g + i * 31) % 100 > 0
        ) TO '{path}' (FORMAT parquet)
    """)
    return path


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_two_workers_of_spark_find_the_same_to_the_last_operation(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    path = telemetry(tmp_path / "a.parquet", 64_000)
    other = matrix(
        tmp_path / "b.json", [Row(15 * n, 0.5, host="node0", uuid="X") for n in range(9)]
    )
    jobs = Jobs(
        (
            Job("alpha", "node0", START, START + 5_000_000),
            Job("beta", "node1", START + 1_000_000, START + 9_000_000),
            Job("gamma", "node1", START + 8_000_000, None),
        )
    )
    here = meter([path, other], BF16, jobs=jobs)
    there = meter([path, other], BF16, jobs=jobs, on="local-cluster", work=tmp_path)
    assert there.segments == here.segments
    assert there.findings == here.findings
    assert {item.name for item in tmp_path.iterdir()} == {"a.parquet", "b.json"}


def test_more_than_fits_in_memory_is_metered_all_the_same(tmp_path: Path) -> None:
    path = telemetry(tmp_path / "a.parquet", 2_000_000)
    known = Known(formats=BF16.formats, run_label="pod")
    wide = meter([path], known)
    small = meter([path], known, memory_limit="150MB", work=tmp_path)
    assert small.segments == wide.segments
    assert [item.name for item in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("engine", ["postgres", "spark:/x", "local-cluster[2]", ""])
def test_an_engine_that_is_none_is_refused(tmp_path: Path, engine: str) -> None:
    path = parquet(tmp_path / "a.parquet", [Row(0, 0.5), Row(15, 0.5)])
    with pytest.raises(BadInput, match="there is no engine"):
        metered(path, on=engine)


def test_a_memory_limit_that_is_none_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", [Row(0, 0.5), Row(15, 0.5)])
    with pytest.raises(BadInput, match="no amount of memory"):
        metered(path, memory_limit="lots")
