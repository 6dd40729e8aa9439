"""The tables of a desk's log in a SQLite file, made without a desk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.audit_log.logs import LOG, Log

from declarant.audit_log import SignedHead

_COLUMNS = ("index", "content", "leaf", "moment", "actor", "actor_name", "action", "subject")


def write_tables(file: Path, log: Log, *heads: SignedHead) -> None:
    connection = sqlite3.connect(file)
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    connection.execute(f'CREATE TABLE audit_entry ({names}, PRIMARY KEY ("index"))')
    connection.execute(
        "CREATE TABLE audit_head "
        "(number INTEGER PRIMARY KEY, log, size, root, moment, key, signature)"
    )
    connection.execute("CREATE TABLE audit_tree (id INTEGER PRIMARY KEY, log, size, frontier)")
    for row in log.rows():
        values = [row[name] for name in _COLUMNS]
        connection.execute(f"INSERT INTO audit_entry ({names}) VALUES (?,?,?,?,?,?,?,?)", values)
    for number, head in enumerate(heads, 1):
        values = [number, head.log, head.size, head.root, head.moment, head.key, head.signature]
        connection.execute("INSERT INTO audit_head VALUES (?,?,?,?,?,?,?)", values)
    state = [LOG, log.frontier.size, log.frontier.to_bytes()]
    connection.execute("INSERT INTO audit_tree VALUES (1,?,?,?)", state)
    connection.commit()
    connection.close()
