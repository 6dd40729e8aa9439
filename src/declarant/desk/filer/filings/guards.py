"""Triggers by which the database itself keeps what was certified as it is.

A certified filing only moves on: certified, sent, received, each with its moment. What it holds,
what was sent and which receipts came back is neither changed nor removed. SQLite drops the triggers
of a table that a migration rebuilds; such a migration must end with `install`.
"""

from __future__ import annotations

from typing import Any

_REFUSAL = "a certified filing is never changed"
_KEPT = (
    *("regime", "quarter", "kind", "version", "corrects_id", "preparer_id", "officer_id"),
    *("started", "fingerprint", "as_of", "due", "draft_id", "document_id", "identity", "form_id"),
    *("calendar_id", "act", "message_id", "sealed_id", "key_id", "certified"),
)
_STEPS = (
    ("certified", "certified"),
    ("certified", "sent"),
    ("sent", "sent"),
    ("sent", "received"),
    ("received", "received"),
)
_DISPATCH_KEPT = (
    "filing_id",
    "way",
    "number",
    "to",
    "content_id",
    "letter",
    "asked_by_id",
    "asked",
)
_FINDINGS_KEPT = ("filing_id", "basis", "finding", "code", "what")
_RECEIPT_TABLE = "filings_receiptrecord"
_DELETIONS = {
    "filing_not_removed": ("filings_filing", "OLD.message_id IS NOT NULL"),
    "filing_dispatch_not_removed": ("filings_dispatch", "1 = 1"),
    "filing_receipt_not_removed": (_RECEIPT_TABLE, "1 = 1"),
    "filing_confirmation_not_removed": ("filings_confirmation", "1 = 1"),
    "agency_record_not_removed": ("filings_agencyrecord", "1 = 1"),
}


def _changed(columns: tuple[str, ...], vendor: str) -> str:
    other = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f'NEW."{name}" {other} OLD."{name}"' for name in columns)


def _conditions(vendor: str) -> dict[str, tuple[str, str]]:
    """Return, by the trigger's name, its table and the condition under which it refuses."""
    steps = " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state = '{after}')" for before, after in _STEPS
    )
    moments = " OR ".join(
        f"(OLD.{name} IS NOT NULL AND ({_changed((name,), vendor)}))"
        for name in ("sent", "received")
    )
    certified = "OLD.message_id IS NOT NULL"
    return {
        "filing_kept": (
            "filings_filing",
            f"{certified} AND ({_changed(_KEPT, vendor)} OR {moments} OR NOT ({steps}))",
        ),
        "filing_step": (
            "filings_filing",
            f"OLD.message_id IS NULL AND NEW.message_id IS NOT NULL AND (OLD.state <> 'ready' OR "
            f"NEW.state <> 'certified' OR {_changed(('document_id', 'officer_id'), vendor)})",
        ),
        "filing_dispatch_kept": ("filings_dispatch", _changed(_DISPATCH_KEPT, vendor)),
        "filing_receipt_kept": (_RECEIPT_TABLE, "1 = 1"),
        "filing_confirmation_kept": (
            "filings_confirmation",
            _changed(_FINDINGS_KEPT, vendor),
        ),
        "agency_record_kept": ("filings_agencyrecord", "1 = 1"),
    }


def install(connection: Any) -> None:
    """Make every trigger of the database's kind; those that are there are made anew."""
    remove(connection)
    vendor = connection.vendor
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION filings_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$body$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $body$"
            )
        for name, (table, condition) in _conditions(vendor).items():
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                if vendor == "sqlite"
                else f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({condition}) EXECUTE FUNCTION filings_refuse()"
            )
        for name, (table, condition) in _DELETIONS.items():
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                if vendor == "sqlite"
                else f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW "
                f"WHEN ({condition}) EXECUTE FUNCTION filings_refuse()"
            )


def remove(connection: Any) -> None:
    """Take the triggers away, as a migration that rebuilds a table must."""
    with connection.cursor() as cursor:
        for name, (table, _) in {**_conditions(connection.vendor), **_DELETIONS}.items():
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: Any) -> list[str]:
    """Return the triggers that the database lacks, by name."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        held = {name for (name,) in cursor.fetchall()}
    wanted = {**_conditions(connection.vendor), **_DELETIONS}
    return [name for name in wanted if name not in held]
