"""How fast telemetry is metered: `python -m benchmarks.meter [SAMPLES [--no-spark]]`.

DCGM telemetry as Parquet is generated. The product, SQL written by hand for DuckDB and pandas (on a
smaller share) meter it in turns on this machine, each in a process of its own, so that memory is
counted for each alone. All must find the same active cycles. Then Spark, with one worker and with
two.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

TURNS = 3
SHARE_FOR_PANDAS = 10
MOST_FOR_PANDAS = 5_000_000
MOST_FOR_SPARK = 5_000_000
GOAL_TO_SQL = 1.3
GOAL_TO_PANDAS = 10
MEMORY = "8GB"
GPUS = 2048
START_MS = 1_790_985_600_000
STEP_MS = 15_000

GENERATE = """
COPY (
    SELECT {start} + i * {step} AS timestamp,
        'gpu' || lpad((g // 8)::VARCHAR, 4, '0') AS Hostname,
        (g % 8)::VARCHAR AS gpu,
        'GPU-' || lpad(g::VARCHAR, 8, '0') AS UUID,
        'NVIDIA H100 80GB HBM3' AS modelName,
        (hash(g * 1000003 + i) % 1000000) / 1e6 AS DCGM_FI_PROF_PIPE_TENSOR_ACTIVE,
        (1200 + hash(g * 7919 + i) % 780)::DOUBLE AS DCGM_FI_DEV_SM_CLOCK
    FROM range({steps}) times(i), range({gpus}) devices(g)
    WHERE hash(g + i * 31) % 1000 > 0
    LIMIT {samples}
) TO '{path}' (FORMAT parquet)
"""

# what somebody would write who knows DuckDB, the names of the columns and their units
BY_HAND = [
    """
    SELECT max(DCGM_FI_PROF_PIPE_TENSOR_ACTIVE), min(timestamp), max(timestamp)
    FROM read_parquet('{path}')
    """,
    """
    CREATE TABLE devices AS
    SELECT row_number() OVER ()::INTEGER AS id, *
    FROM (SELECT DISTINCT UUID, Hostname, modelName FROM read_parquet('{path}'))
    """,
    """
    CREATE TABLE ordered AS
    SELECT id, timestamp AS moment, least(DCGM_FI_PROF_PIPE_TENSOR_ACTIVE, 1.0) AS tensor,
        DCGM_FI_DEV_SM_CLOCK AS clock,
        lead(timestamp) OVER in_time AS next,
        lead(DCGM_FI_PROF_PIPE_TENSOR_ACTIVE) OVER in_time AS higher
    FROM read_parquet('{path}') JOIN devices USING (UUID)
    WHERE DCGM_FI_PROF_PIPE_TENSOR_ACTIVE BETWEEN 0 AND 1.05
    WINDOW in_time AS (PARTITION BY id ORDER BY timestamp, DCGM_FI_PROF_PIPE_TENSOR_ACTIVE,
        DCGM_FI_DEV_SM_CLOCK)
    """,
    """
    CREATE TABLE seen AS
    SELECT id, min(moment) AS first, max(moment) AS last, count(*) AS samples
    FROM ordered GROUP BY id
    """,
    """
    CREATE TABLE intervals AS
    WITH counted AS (
        SELECT id, (next - moment + 5) // 10 * 10 AS distance, count(*) AS times
        FROM ordered WHERE next > moment GROUP BY ALL
    ), summed AS (
        SELECT *, sum(times) OVER (PARTITION BY id ORDER BY distance) AS passed,
            sum(times) OVER (PARTITION BY id) AS total
        FROM counted
    )
    SELECT id, min(distance) AS interval FROM summed WHERE passed * 2 >= total GROUP BY id
    """,
    """
    WITH spans AS (
        SELECT modelName AS model, moment // 86400000 AS day, tensor, clock, higher, interval,
            least(clock, 1980.0) AS used, next - moment AS spacing,
            least(coalesce(next - moment, interval), interval) AS measured,
            least(coalesce(next - moment, interval), 2 * interval)
                - least(coalesce(next - moment, interval), interval) AS carried
        FROM ordered JOIN intervals USING (id) JOIN devices USING (id)
    )
    SELECT model, day, count(*) FILTER (spacing IS NULL OR spacing > 0) AS samples,
        count(*) FILTER (spacing = 0) AS duplicates,
        sum(measured) AS measured_ms, sum(carried) AS carried_ms,
        sum(floor(coalesce(tensor * used, 0) * measured + 0.5)::BIGINT)
            + sum(floor(coalesce(tensor * used, 0) * carried + 0.5)::BIGINT) AS cycles,
        sum(floor((CASE WHEN spacing = 0 AND higher > tensor THEN (higher - tensor) * clock
            ELSE 0 END) * interval + 0.5)::BIGINT) AS differing,
        count(*) FILTER (clock > 1980) AS above,
        sum(floor((clock - used) * tensor * measured + 0.5)::BIGINT) AS cycles_above,
        count(*) FILTER (clock IS NULL) AS without_clock,
        sum(CASE WHEN clock IS NULL THEN floor(tensor * measured * 1000 + 0.5)::BIGINT ELSE 0 END),
        max(clock) AS highest
    FROM spans GROUP BY model, day
    """,
]


def product(path: Path, engine: str = "duckdb") -> int:
    from declarant.compute.meter import Known, meter, number_format

    known = Known(formats={"": number_format("bf16")}, run="all")
    limit = MEMORY if engine == "duckdb" else None
    found = meter([path], known, on=engine, memory_limit=limit, work=path.parent)
    return sum(item.kilocycles for item in found.segments)


def by_hand(path: Path) -> int:
    import hashlib

    import duckdb

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        settings = {"memory_limit": MEMORY, "preserve_insertion_order": False}
        connection = duckdb.connect(f"{folder}/hand.duckdb", config=settings)
        for statement in BY_HAND:
            rows = connection.execute(statement.format(path=path)).fetchall()
        connection.close()
    with path.open("rb") as content:  # the evidence of both has its digest
        hashlib.file_digest(content, "sha256")
    return sum(int(row[6]) for row in rows)


def with_pandas(path: Path) -> int:
    import numpy as np
    import pandas as pd

    columns = [
        *("timestamp", "UUID", "Hostname", "modelName"),
        *("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "DCGM_FI_DEV_SM_CLOCK"),
    ]
    frame = pd.read_parquet(path, columns=columns)
    frame.columns = ["at", "gpu", "host", "model", "tensor", "clock"]
    frame = frame[frame.tensor.between(0, 1.05)]
    frame = frame.sort_values(["gpu", "at", "tensor", "clock"])
    spacing = frame.groupby("gpu")["at"].shift(-1) - frame["at"]
    apart = spacing.where(spacing > 0)
    interval = apart.groupby(frame.gpu).transform("median")
    filled = spacing.fillna(interval)
    measured = np.minimum(filled, interval)
    carried = np.minimum(filled, 2 * interval) - measured
    rate = frame.tensor.clip(upper=1.0) * frame.clock.clip(upper=1980.0)
    frame["cycles"] = np.floor(rate * measured + 0.5).astype("int64")
    frame["cycles"] += np.floor(rate * carried + 0.5).astype("int64")
    frame["day"] = frame["at"] // 86_400_000
    frame["measured"], frame["carried"] = measured, carried
    sums = frame.groupby(["model", "day"])[["cycles", "measured", "carried"]].sum()
    return int(sums.cycles.sum())


def one(what: str, path: Path) -> None:
    """Meter in this process, and print what it took."""
    began = time.perf_counter()
    if what == "product":
        cycles = product(path)
    elif what == "by_hand":
        cycles = by_hand(path)
    elif what == "pandas":
        cycles = with_pandas(path)
    else:
        from declarant.compute.meter.engine import engine

        with tempfile.TemporaryDirectory() as folder, engine(what, Path(folder)) as started:
            started.fetch(started.read([path]).count().as_table())  # executors are up
            began = time.perf_counter()
            cycles = product_on(started, path)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    megabytes = used.ru_maxrss / 1024
    found = {"seconds": seconds, "cycles": cycles, "megabytes": megabytes}
    print(json.dumps({**found, "processor": used.ru_utime + used.ru_stime}))


def product_on(started: Any, path: Path) -> int:
    """Meter on an engine that runs already: its start is no part of its scaling."""
    from declarant.compute.meter import Known, number_format
    from declarant.compute.meter.parts import part_of
    from declarant.compute.meter.run import metered_on

    known = Known(formats={"": number_format("bf16")}, run="all")
    found = metered_on(started, [part_of(path, str(path), known)], (), known, None)
    return sum(item.kilocycles for item in found.segments)


def measured(what: str, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.meter", "--one", what, str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
    )
    if done.returncode:
        raise SystemExit(done.stderr[-4000:])
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def best(results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **min(results, key=lambda result: result["seconds"]),
        "processor": min(result["processor"] for result in results),
        "megabytes": max(result["megabytes"] for result in results),
    }


def generated(folder: Path, samples: int) -> Path:
    import duckdb

    path = folder / f"telemetry-{samples}.parquet"
    steps = samples // GPUS + samples // GPUS // 200 + 10
    duckdb.execute(
        GENERATE.format(
            start=START_MS, step=STEP_MS, steps=steps, gpus=GPUS, samples=samples, path=path
        )
    )
    return path


def main(samples: int = 20_000_000, *, spark: bool = True) -> int:
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = generated(folder, samples)
        console.print(f"generated {samples:,} samples, {path.stat().st_size / 1e6:,.0f} MB")
        share = min(samples // SHARE_FOR_PANDAS, MOST_FOR_PANDAS)
        small = generated(folder, share)
        turns: dict[str, list[dict[str, Any]]] = {"product": [], "by_hand": [], "pandas": []}
        for _ in range(TURNS):
            turns["product"].append(measured("product", path))
            turns["by_hand"].append(measured("by_hand", path))
            turns["pandas"].append(measured("pandas", small))
        found = {what: best(results) for what, results in turns.items()}
        same = found["product"]["cycles"] == found["by_hand"]["cycles"]
        same_small = measured("product", small)["cycles"] == found["pandas"]["cycles"]
        path.unlink()
        rows = [
            ("declarant meter, DuckDB", samples, found["product"]),
            ("SQL by hand, DuckDB", samples, found["by_hand"]),
            ("pandas", share, found["pandas"]),
        ]
        _print(console, rows)
        ratio = found["product"]["seconds"] / found["by_hand"]["seconds"]
        per_second = samples / found["product"]["seconds"]
        to_pandas = per_second / (share / found["pandas"]["seconds"])
        console.print(f"{ratio:.2f} times as long as SQL by hand (goal {GOAL_TO_SQL} at most)")
        processor = found["product"]["processor"] / found["by_hand"]["processor"]
        console.print(f"{processor:.2f} times the processor time of SQL by hand")
        console.print(f"{to_pandas:.1f} times the rows a second of pandas (goal {GOAL_TO_PANDAS})")
        console.print(f"same cycles: {same} (SQL), {same_small} (pandas)")
        if spark:
            _on_spark(console, folder, min(samples, MOST_FOR_SPARK))
    within = ratio <= GOAL_TO_SQL and to_pandas >= GOAL_TO_PANDAS
    return 0 if within and same and same_small else 1


def _on_spark(console: Console, folder: Path, samples: int) -> None:
    path = generated(folder, samples)
    pairs: list[list[dict[str, Any]]] = [[], []]
    for _ in range(2):
        for workers, held in enumerate(pairs, 1):
            held.append(measured(f"local-cluster[{workers},1,2048]", path))
    one, two = (best(held) for held in pairs)
    rows = [
        (f"declarant meter, Spark, {workers} worker(s)", samples, found)
        for workers, found in enumerate((one, two), 1)
    ]
    _print(console, rows)
    console.print(
        f"Spark: {one['seconds'] / two['seconds']:.2f} times as fast with two workers as with one"
    )


def _print(console: Console, rows: list[tuple[str, int, dict[str, Any]]]) -> None:
    table = Table(title="Metering GPU telemetry", title_justify="left")
    for column in ("what", "samples", "seconds", "samples a second", "peak memory"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, samples, result in rows:
        memory = "workers apart" if "Spark" in what else f"{result['megabytes']:,.0f} MB"
        table.add_row(
            what,
            f"{samples:,}",
            f"{result['seconds']:.1f}",
            f"{samples / result['seconds']:,.0f}",
            memory,
        )
    console.print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
        raise SystemExit(main(*numbers, spark="--no-spark" not in sys.argv))
