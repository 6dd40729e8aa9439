"""Triggers by which the database itself keeps what was written and what was sent.

They hold against ordinary statements from anywhere, on SQLite and on PostgreSQL; whoever owns the
database can drop them, and against that stands the audit log. SQLite drops a table's triggers when
a migration rebuilds the table; such a migration must end with `install`.
"""

from __future__ import annotations

from typing import Any

_REFUSAL = "what was written is kept"
_SENT = "what was signed is kept"

_WRITTEN_ONCE = (
    "questions_questionsetrecord",
    "questions_question",
    "questions_correctionrecord",
    "questions_returnedanswer",
    "questions_answerversion",
    "questions_attachment",
    "questions_comment",
    "questions_step",
    "questions_sentanswer",
)
_NEVER_REMOVED = (
    *_WRITTEN_ONCE,
    "questions_arrival",
    "questions_answerpackage",
    "questions_extension",
    "questions_draft",
)
# the moment of receipt alone may be set right
_ARRIVAL = (
    "message_id, name, outcome, kind, document_id, ref, findings, signer, imported, imported_by_id"
)
_PACKAGE = (
    "question_set_id, number, corrects_id, supersedes_id, reasons, remarks, document_id, ref, "
    "form_id, prepared, prepared_by_id, officer_id, message_id, sealed_id, certified, "
    "certified_by_id"
)
_EXTENSION = (
    "question_set_id, correction_id, keys, until, reason, document_id, ref, prepared, "
    "prepared_by_id, officer_id, message_id, sealed_id, certified, certified_by_id"
)
_DECIDED = "state, decided_on, granted_until, decision_reason, decision_id, decision_file_id"
_BACKWARDS = (
    "(OLD.state = 'discarded' AND NEW.state <> 'discarded') OR "
    "(OLD.state = 'received' AND NEW.state <> 'received') OR "
    "(OLD.state = 'sent' AND NEW.state IN ('ready', 'certified', 'discarded')) OR "
    "(OLD.state = 'certified' AND NEW.state IN ('ready', 'discarded'))"
)
_SIGNED = "OLD.message_id IS NOT NULL"
_IS_DECIDED = "OLD.state IN ('granted', 'refused')"

# name: table, event, condition, refusal
_GUARDS: dict[str, tuple[str, str, str, str]] = {
    **{f"{table}_stays": (table, "DELETE", "", _REFUSAL) for table in _NEVER_REMOVED},
    **{f"{table}_kept": (table, "UPDATE", "", _REFUSAL) for table in _WRITTEN_ONCE},
    "questions_arrival_kept": (
        "questions_arrival",
        f"UPDATE OF {_ARRIVAL}",
        "",
        _REFUSAL,
    ),
    "questions_answerpackage_kept": (
        "questions_answerpackage",
        f"UPDATE OF {_PACKAGE}",
        _SIGNED,
        _SENT,
    ),
    "questions_answerpackage_onwards": (
        "questions_answerpackage",
        "UPDATE OF state",
        _BACKWARDS,
        _SENT,
    ),
    "questions_extension_kept": (
        "questions_extension",
        f"UPDATE OF {_EXTENSION}",
        _SIGNED,
        _SENT,
    ),
    "questions_extension_onwards": (
        "questions_extension",
        "UPDATE OF state",
        _BACKWARDS,
        _SENT,
    ),
    "questions_extension_decided": (
        "questions_extension",
        f"UPDATE OF {_DECIDED}",
        _IS_DECIDED,
        _SENT,
    ),
}
_FUNCTIONS = {"questions_refuse_written": _REFUSAL, "questions_refuse_sent": _SENT}


def install(connection: Any) -> None:
    """Make every guard of the database's kind; those that are there are made anew."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, (table, event, condition, refusal) in _GUARDS.items():
                when = f"WHEN {condition} " if condition else ""
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
                )
            return
        for function, refusal in _FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$body$ BEGIN RAISE EXCEPTION '{refusal}'; END $body$"
            )
        for name, (table, event, condition, refusal) in _GUARDS.items():
            when = f"WHEN ({condition}) " if condition else ""
            function = next(key for key, said in _FUNCTIONS.items() if said == refusal)
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
                f"EXECUTE FUNCTION {function}()"
            )


def remove(connection: Any) -> None:
    """Take the guards away, as a migration that rebuilds a table must."""
    with connection.cursor() as cursor:
        for name, (table, *_) in _GUARDS.items():
            of = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of}")


def missing(connection: Any) -> list[str]:
    """Return the guards that the database lacks, by name."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        held = {name for (name,) in cursor.fetchall()}
    return [name for name in _GUARDS if name not in held]
