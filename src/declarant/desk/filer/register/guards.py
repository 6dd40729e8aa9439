"""Triggers by which the database itself keeps versions and uploads, on SQLite and on PostgreSQL.

They stop mistakes and ordinary statements; against whoever owns the database stands the audit log.
SQLite drops a table's triggers when a migration rebuilds the table; such a migration must end with
`install`.
"""

from __future__ import annotations

from typing import Any

_REFUSAL = "what the register held is kept"
_FIXED = {  # columns that never change once a row is written
    "register_version": (
        "record_id", "number", "act", "content", "sha256", "made", "made_by", "why"
    ),
    "register_evidencefile": (
        "path", "number", "file_id", "evidence_date", "uploaded", "uploaded_by", "note"
    ),
    "register_record": (),
}  # fmt: skip


def install(connection: Any) -> None:
    """Make every guard of the database's kind; those that are there are made anew."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION register_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$body$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $body$"
            )
        for name, table, event in _guards():
            what = (
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                if connection.vendor == "sqlite"
                else "FOR EACH ROW EXECUTE FUNCTION register_refuse()"
            )
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {what}")


def remove(connection: Any) -> None:
    """Take the guards away, as a migration that rebuilds a table must."""
    with connection.cursor() as cursor:
        for name, table, _event in _guards():
            where = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def _guards() -> list[tuple[str, str, str]]:
    made = []
    for table, columns in _FIXED.items():
        made.append((f"{table}_stays", table, "DELETE"))
        if columns:
            made.append((f"{table}_kept", table, f"UPDATE OF {', '.join(columns)}"))
    return made
