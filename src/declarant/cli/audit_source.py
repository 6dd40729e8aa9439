"""Where an audit log is read from: an export, a desk's SQLite file or home, or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from declarant.problems import BadInput, Finding, Place, Severity, bad_input

if TYPE_CHECKING:
    from declarant.audit_log.log import FoundLog

_MAGIC = b"SQLite format 3\x00"
DATABASE, ENTRIES = "desk.sqlite3", "entries.jsonl"
_MOST_DAMAGES = 10  # of the file, that are listed


@contextmanager
def opened(source: str) -> Iterator[FoundLog]:
    """Give the log of a source, open for reading only, as long as the block lasts.

    `source` is the folder of an export or its entries.jsonl, a desk's SQLite file or home, or a
    URL such as postgresql://user@host/name.

    Raises:
        BadInput: when it cannot be read.
    """
    if urlsplit(source).scheme in ("postgres", "postgresql"):
        with _postgresql(source) as found:
            yield found
        return
    path = Path(source)
    if path.is_dir() and not (path / ENTRIES).exists() and (path / DATABASE).exists():
        path /= DATABASE
    if _is_sqlite(path):
        with _sqlite(path) as found:
            yield found
        return
    from declarant.audit_log.export import read_export

    yield read_export(path)


def home_of(source: str) -> Path | None:
    """Return the home of a desk whose database `source` is; None for anything else."""
    path = Path(source)
    home = path if path.is_dir() else path.parent
    return home if (home / DATABASE).exists() and path in (home, home / DATABASE) else None


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC or path.suffix == ".sqlite3"
    except OSError:
        return False


@contextmanager
def _sqlite(path: Path) -> Iterator[FoundLog]:
    from declarant.audit_log.stored import read_stored

    connection = None
    try:
        connection = _connected(path)
        # a damaged text is to be compared and named, not to stop the reading
        connection.text_factory = lambda data: data.decode(errors="surrogateescape")
        connection.execute("BEGIN")
        vault = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'vault_storedfile'"
        ).fetchone()
        found = read_stored(str(path), connection.execute, files=vault is not None)
        # a row's columns and its indexes can differ in a damaged file, and a query sees only one
        for (said,) in connection.execute(f"PRAGMA integrity_check({_MOST_DAMAGES})"):
            if said != "ok":
                found.findings.append(_damaged(path, said))
        yield found
    except sqlite3.Error as error:
        raise _unreadable(str(path), str(error)) from None
    finally:
        if connection is not None:
            connection.close()


def _connected(path: Path) -> sqlite3.Connection:
    """Open a SQLite file for reading; on a medium nobody can write to, as an unchanging file."""
    uri = f"file:{quote(str(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
    return connection


@contextmanager
def _postgresql(url: str) -> Iterator[FoundLog]:
    from declarant.audit_log.stored import read_stored

    try:
        import psycopg
    except ImportError:
        raise bad_input(
            "audit.no_psycopg",
            "PostgreSQL cannot be read: psycopg is not installed.",
            mend="Run `pip install 'declarant[postgresql]'`, or verify an export.",
            field="SOURCE",
        ) from None
    name = _without_password(url)
    try:
        with psycopg.connect(url) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            row = connection.execute("SELECT to_regclass('vault_storedfile')").fetchone()

            def execute(query: str) -> Any:
                return connection.execute(query)

            yield read_stored(name, execute, files=row is not None and row[0] is not None)
    except psycopg.Error as error:
        raise _unreadable(name, " ".join(str(error).split())) from None


def _damaged(path: Path, said: str) -> Finding:
    what = f"the file is damaged, as SQLite sees it: {said}."
    mend = "Restore a backup; keep the damaged file."
    return Finding("audit.database_damaged", what, Place(str(path)), mend, Severity.ERROR)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl()


def _unreadable(name: str, why: str) -> BadInput:
    return bad_input(
        "audit.unreadable",
        f"cannot be read as a desk's database: {why}.",
        mend="Name a desk's database, with its -wal file beside it, or restore it from a backup if "
        "it is damaged.",
        file=name,
    )
