"""Where the expressions run: DuckDB in this process by default, Apache Spark for a fleet.

Both get the same Ibis expressions. DuckDB keeps its tables in a file of the work folder and spills
there what exceeds its memory limit. Spark is asked for its usual session: what is set for the
cluster (spark-defaults.conf) holds.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declarant.compute.readers.extras import library
from declarant.problems import BadInput, bad_input

LOCAL_CLUSTER = "local-cluster"
_LOCAL = re.compile(r"^local-cluster(?:\[(\d+),(\d+),(\d+)\])?$")
_MEMORY = re.compile(r"^\d+(?:\.\d+)?\s*[KMGT]i?B$")
Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine.

    Attributes:
        backend: of Ibis.
        name: "duckdb" or "spark".
        folder: for tables on the way; a cluster's workers must see it.
    """

    backend: Any
    name: str
    folder: Path

    def read(self, paths: list[Path]) -> Any:
        """Return a table over Parquet files of one schema."""
        if self.name == "duckdb":
            return self.backend.read_parquet([str(path) for path in paths])
        if len(paths) == 1:
            return self.backend.read_parquet(str(paths[0]))
        frame = self.backend._session.read.parquet(*map(str, paths))
        name = f"declarant_{abs(hash(tuple(paths)))}"
        frame.createOrReplaceTempView(name)
        return self.backend.table(name)

    def keep(self, table: Any, name: str) -> Any:
        """Return a table worked out once: in the file of DuckDB, or cached on Spark's workers."""
        if self.name == "duckdb":
            return self.backend.create_table(name, table)
        return table.cache()

    def fetch(self, table: Any) -> Any:
        """Return a small result as an Arrow table."""
        if self.name == "duckdb":
            return table.to_pyarrow()
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas, which Spark goes through
            return table.to_pyarrow()


@contextmanager
def engine(
    name: str, folder: Path, memory_limit: str | None = None, advance: Advance | None = None
) -> Iterator[Engine]:
    """Start an engine, and stop it at the end.

    Args:
        name: "duckdb", "spark://HOST:PORT", "local-cluster" or "local-cluster[N,CORES,MEGABYTES]".
        folder: of the caller, for tables on the way and for what does not fit in memory.
        memory_limit: for DuckDB, such as "2GB".
        advance: called as advance(done, 100) while DuckDB works on a query.

    Raises:
        BadInput: when there is no such engine, or it cannot be started.
    """
    if name == "duckdb":
        yield from _duckdb(folder, memory_limit, advance)
    elif name.startswith("spark://") or _LOCAL.match(name):
        yield from _spark(name, folder)
    else:
        raise bad_input(
            "meter.engine",
            f"there is no engine {name!r}.",
            mend="Give duckdb, spark://HOST:PORT or local-cluster.",
            field="--engine",
        )


def _duckdb(folder: Path, memory_limit: str | None, advance: Advance | None) -> Iterator[Engine]:
    import duckdb
    import ibis

    settings = {"temp_directory": str(folder / "spill"), "preserve_insertion_order": False}
    if memory_limit is not None:
        if not _MEMORY.match(memory_limit.strip()):
            raise bad_input(
                "meter.memory_limit",
                f"{memory_limit!r} is no amount of memory.",
                mend="Write it such as 2GB or 800MB.",
                field="--memory-limit",
            )
        settings["memory_limit"] = memory_limit.strip()
    backend = ibis.duckdb.connect(folder / "meter.duckdb", **settings)
    try:
        with _watched(backend, advance):
            yield Engine(backend, "duckdb", folder)
    except duckdb.Error as error:
        raise _failed("DuckDB", error, "a larger --memory-limit, or room for --work") from None
    finally:
        backend.disconnect()


@contextmanager
def _watched(backend: Any, advance: Advance | None) -> Iterator[None]:
    """Report how far the running query is, twice a second."""
    if advance is None:
        yield
        return
    backend.con.execute("SET enable_progress_bar = true")
    backend.con.execute("SET enable_progress_bar_print = false")
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(0.5):
            done = backend.con.query_progress()
            if done >= 0:
                advance(int(done), 100)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopped.set()
        watcher.join()


def _spark(name: str, folder: Path) -> Iterator[Engine]:
    import warnings

    import ibis

    sql = library("pyspark.sql", "spark", "")
    failures = (
        library("pyspark.errors", "spark", "").PySparkException,
        library("py4j.protocol", "spark", "").Py4JError,
    )
    local = _LOCAL.match(name)
    builder = sql.SparkSession.builder.appName("declarant meter")
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    builder = builder.config("spark.sql.ansi.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if local:
        workers, cores, megabytes = local.groups("")[:3] if local[1] else ("2", "1", "1024")
        name = f"local-cluster[{workers},{cores},{megabytes}]"
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("SPARK_WORKER_DIR", str(folder / "spark-work"))
        for key, value in {
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.executor.memory": f"{megabytes}m",
            "spark.local.dir": str(folder / "spark"),
            "spark.sql.warehouse.dir": str(folder / "spark-warehouse"),
            "spark.sql.shuffle.partitions": str(4 * int(workers) * int(cores)),
        }.items():
            builder = builder.config(key, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            session = builder.master(name).getOrCreate()
        except Exception as error:
            raise _no_spark(name, error) from None
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield Engine(ibis.pyspark.connect(session), "spark", folder)
        except failures as error:
            raise _failed("Spark", error, "what its workers log") from None
        finally:
            session.stop()


def _failed(engine: str, error: Exception, also: str) -> BadInput:
    said = str(error).strip().splitlines() or [type(error).__name__]
    return bad_input(
        "meter.engine_failed",
        f"{engine} could not read or work out the telemetry: {said[0][:300]}.",
        mend=f"Check that the sources are whole, copy damaged ones again; or see to {also}.",
        field="--engine",
    )


def _no_spark(name: str, error: Exception) -> BadInput:
    said = str(error).strip().splitlines() or [type(error).__name__]
    return bad_input(
        "meter.spark",
        f"Spark did not start at {name}: {said[0][:200]}.",
        mend="Check that Java 17 is installed and that the master answers.",
        field="--engine",
    )
