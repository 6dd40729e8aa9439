"""Triggers by which the database itself refuses to edit the log, on SQLite and on PostgreSQL.

They stop mistakes and ordinary statements. Whoever owns the database can drop them: against that
stand the tree and the signed heads. SQLite drops a table's triggers when a migration rebuilds the
table; such a migration must end with `install`.
"""
# ruff: noqa: S608 - the names in these statements are written here

from __future__ import annotations

from typing import Any

_REFUSAL = "the audit log is append-only"
_TABLES = ("audit_entry", "audit_head")

_SQLITE = {
    **{
        f"{table}_no_{verb.lower()}": f"BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for table in _TABLES
        for verb in ("UPDATE", "DELETE")
    },
    # INSERT OR REPLACE deletes without asking the trigger above
    "audit_entry_next": 'BEFORE INSERT ON audit_entry WHEN NEW."index" IS NOT '
    '(SELECT COALESCE(MAX("index") + 1, 0) FROM audit_entry) '
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}: an entry has another index than the next'); END",
    "audit_head_next": "BEFORE INSERT ON audit_head WHEN NEW.number IS NOT "
    "(SELECT COALESCE(MAX(number) + 1, 1) FROM audit_head) "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    "audit_tree_no_delete": "BEFORE DELETE ON audit_tree "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    "audit_tree_grows": "BEFORE UPDATE ON audit_tree "
    "WHEN NEW.size <= OLD.size OR NEW.log <> OLD.log OR NEW.id <> OLD.id "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}: its tree only grows'); END",
}

_POSTGRESQL_FUNCTIONS = {
    "audit_refuse": f"RAISE EXCEPTION '{_REFUSAL}';",
    "audit_entry_is_next": 'IF NEW."index" IS DISTINCT FROM '
    '(SELECT COALESCE(MAX("index") + 1, 0) FROM audit_entry) THEN '
    f"RAISE EXCEPTION '{_REFUSAL}: an entry has another index than the next'; "
    "END IF; RETURN NEW;",
    "audit_head_is_next": "IF NEW.number IS DISTINCT FROM "
    "(SELECT COALESCE(MAX(number) + 1, 1) FROM audit_head) THEN "
    f"RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN NEW;",
    "audit_tree_only_grows": "IF NEW.size <= OLD.size OR NEW.log <> OLD.log OR NEW.id <> OLD.id "
    f"THEN RAISE EXCEPTION '{_REFUSAL}: its tree only grows'; END IF; RETURN NEW;",
}
_POSTGRESQL = {
    **{f"{table}_kept": (table, "UPDATE OR DELETE", "ROW", "audit_refuse") for table in _TABLES},
    **{
        f"{table}_not_emptied": (table, "TRUNCATE", "STATEMENT", "audit_refuse")
        for table in (*_TABLES, "audit_tree")
    },
    "audit_entry_next": ("audit_entry", "INSERT", "ROW", "audit_entry_is_next"),
    "audit_head_next": ("audit_head", "INSERT", "ROW", "audit_head_is_next"),
    "audit_tree_no_delete": ("audit_tree", "DELETE", "ROW", "audit_refuse"),
    "audit_tree_grows": ("audit_tree", "UPDATE", "ROW", "audit_tree_only_grows"),
}


def install(connection: Any) -> None:
    """Make every guard of the database's kind; those that are there are made anew."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, text in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {text}")
            return
        for name, body in _POSTGRESQL_FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$body$ BEGIN {body} END $body$"
            )
        for name, (table, verbs, each, function) in _POSTGRESQL.items():
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION {function}()"
            )


def remove(connection: Any) -> None:
    """Take the guards away, as a migration that rebuilds a table must."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, *_) in _POSTGRESQL.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        for name in _POSTGRESQL_FUNCTIONS:
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def missing(connection: Any) -> list[str]:
    """Return the guards that the database lacks, by name."""
    sqlite = connection.vendor == "sqlite"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        held = {name for (name,) in cursor.fetchall()}
    return [name for name in (_SQLITE if sqlite else _POSTGRESQL) if name not in held]
