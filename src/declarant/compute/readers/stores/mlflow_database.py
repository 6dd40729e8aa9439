"""MLflow's store as a SQLite database, opened so that not a byte of it changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from declarant.compute.readers.registry import Given
from declarant.compute.readers.source import Source
from declarant.compute.readers.stores.mlflow_run import MOST_PARAMETERS, StoredRun, new_run
from declarant.compute.readers.stores.run_store import MOST_RUNS
from declarant.problems import BadInput, Finding, Place, Severity, bad_input

_TABLES = {
    "runs": {"run_uuid", "name", "status", "lifecycle_stage", "end_time"},
    "metrics": {"run_uuid", "key", "value", "timestamp", "step", "is_nan"},
    "params": {"run_uuid", "key", "value"},
}
_TURN = 10_000  # instructions of SQLite between two looks at how long a query takes
_METRICS = (
    "SELECT run_uuid, key, value, timestamp, step, is_nan FROM metrics ORDER BY timestamp, rowid"
)


def read_database(source: Source, given: Given, findings: list[Finding]) -> list[StoredRun]:
    """Read every run of a database.

    Raises:
        BadInput: when it is no tracking store, is damaged or holds too many runs.
    """
    findings += _waiting(source)
    address = f"{source.path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            _guard(database, source.path.stat().st_size)
            _check_tables(database, source)
            runs = _runs(database, source)
            _add_parameters(database, runs)
            for run in runs.values():
                run.settle(given)
            for identity, key, value, moment, step, is_nan in database.execute(_METRICS):
                held = runs.get(identity)
                if held is None:
                    continue
                if is_nan or not _are_numbers(value, moment, step):
                    held.scalars.not_numbers += 1
                    continue
                held.scalars.add(str(key)[:500], int(step), float(value), moment / 1000)
            return list(runs.values())
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise _refused(source, "damaged", f"cannot be read: {error}.", "Copy it again.") from None


def _guard(database: sqlite3.Connection, size: int) -> None:
    """Trust nothing in the file, and end a query that runs longer than its size can explain."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.text_factory = lambda held: held.decode("utf-8", "replace")
    turns = iter(range(1000 + size // 100))
    database.set_progress_handler(lambda: next(turns, None) is None, _TURN)


def _check_tables(database: sqlite3.Connection, source: Source) -> None:
    kinds = dict(database.execute("SELECT name, type FROM sqlite_master").fetchmany(10_000))
    for table, columns in _TABLES.items():
        if kinds.get(table) != "table":
            raise _refused(
                source,
                "no_store",
                f"is a database without the table {table}.",
                "Name the database of MLflow's tracking server (--backend-store-uri).",
            )
        names = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        if not columns <= names:
            raise _refused(
                source,
                "no_store",
                f"has a table {table} without {', '.join(sorted(columns - names))}.",
                "Name a store of MLflow 1.11 or later.",
            )


def _runs(database: sqlite3.Connection, source: Source) -> dict[Any, StoredRun]:
    runs: dict[Any, StoredRun] = {}
    rows = database.execute(
        "SELECT run_uuid, name, status, lifecycle_stage, end_time FROM runs ORDER BY rowid"
    )
    for identity, name, status, stage, end in rows:
        if len(runs) >= MOST_RUNS:
            raise _refused(
                source,
                "too_many_runs",
                f"holds more than {MOST_RUNS:,} runs.",
                "Export the experiment that counts.",
            )
        run = new_run(str(name or ""), str(identity), source.shown)
        run.is_deleted = stage == "deleted"
        run.is_running = status in ("RUNNING", "SCHEDULED") and not end
        runs[identity] = run
    return runs


def _add_parameters(database: sqlite3.Connection, runs: dict[Any, StoredRun]) -> None:
    for identity, key, value in _rows(database, "SELECT run_uuid, key, value FROM params"):
        run = runs.get(identity)
        if run is not None and len(run.scalars.parameters) < MOST_PARAMETERS:
            run.scalars.parameters.append((str(key)[:500], str(value)[:8192]))
    has_tags = database.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'tags' AND type = 'table'"
    ).fetchone()
    if not has_tags:
        return
    parents = "SELECT run_uuid, value FROM tags WHERE key = 'mlflow.parentRunId'"
    for identity, value in _rows(database, parents):
        if identity in runs:
            runs[identity].parent = str(value)


def _rows(database: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    yield from database.execute(query)


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, (int, float)) for value in values)


def _waiting(source: Source) -> list[Finding]:
    log = source.path.with_name(source.path.name + "-wal")
    size = log.stat().st_size if log.is_file() else 0
    if not size:
        return []
    return [
        Finding(
            "mlflow.write_ahead_log",
            f"{size:,} bytes of changes wait beside the database ({log.name}); they are not read, "
            "since reading them would write to it.",
            Place(source.shown),
            "Stop the server, which puts them into the database, and read it again.",
            Severity.WARNING,
            "leaves out an unknown number of points, the latest ones",
        )
    ]


def _refused(source: Source, code: str, what: str, mend: str) -> BadInput:
    return bad_input(f"mlflow.{code}", what, mend=mend, file=source.shown)
