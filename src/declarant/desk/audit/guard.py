"""Watching that nothing is changed without an entry: a net under `change`, for tests and trials.

Every statement that writes a table of the desk is noted with the transaction it belongs to. When
that transaction ends well and had no entry, the statement is unaudited. Statements that the desk's
code did not cause, such as a test setting its scene, are not looked at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import transaction

EXEMPT = {
    "audit_": "the log itself; the database guards it",
    "django_migrations": "the schema, changed by the operator's commands only",
    "django_content_type": "made by migrations",
    "auth_permission": "made by migrations",
    "django_session": "what a browser keeps between two requests",
    "usersessions_usersession": "django-allauth: where somebody is signed in; follows the session",
    "work_job": "how far background work is; asking for it is logged by what asks",
    "work_letter": "whether a mail went out; what it is about is logged with what posts it",
    "vault_storedfile": "bytes by their hash, found by nobody until a change refers to them",
    "search_": "derived from rows whose changes are logged; can be made anew from them",
    "account_emailaddress": "django-allauth: the address of an account, which is logged there",
}
"""Tables (or how their names begin) that may be written without an entry, and why."""

_WRITE = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.I
)
_LAST_USE = re.compile(  # when something was last used: it says what the use itself is logged with
    r'\s*UPDATE "(?:accounts_user" SET "last_login|api_apitoken" SET "last_used|'
    r'deadlines_calendarfeed" SET "last_read|'
    r'mfa_authenticator" SET "(?:last_used_at|data))" = \S+ WHERE '
)
_PACKAGE = str(Path(__file__).resolve().parents[2])
_OWN = str(Path(__file__).resolve().parent)


@dataclass(eq=False)
class Unaudited:
    """A statement that wrote a table, and where in the desk's code it came from."""

    table: str
    statement: str
    where: str
    transaction: object
    committed: bool = False
    entered: bool = False

    def commit(self) -> None:
        """Note that the transaction ended well."""
        self.committed = True

    def __str__(self) -> str:
        return f"{self.table} was written without an audit entry, at {self.where}: {self.statement}"


@contextmanager
def watching(
    connection: Any, is_scene: Callable[[str], bool] = lambda file: False
) -> Iterator[Callable[[], list[Unaudited]]]:
    """Watch a connection; what is given returns the unaudited statements up to now.

    `is_scene` says of a file name whether code in it only sets a scene: a statement is looked at
    when code of the desk comes before any such file on the way up from the statement. Methods of
    models do not count as either: whoever calls them answers for the entry.
    """
    noted: list[Unaudited] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written = _WRITE.match(sql)
        if written is not None:
            table, block = written[1], _transaction_of(connection)
            if table == "audit_entry":
                for item in noted:
                    item.entered |= block is not None and item.transaction is block
            elif not _is_exempt(table, sql) and (where := _origin(is_scene)):
                item = Unaudited(table, " ".join(sql.split())[:200], where, block)
                noted.append(item)
                transaction.on_commit(item.commit)
        return execute(sql, params, many, context)

    def unaudited() -> list[Unaudited]:
        # what waits in a test's own transaction was not undone, and would have been committed
        waiting = {id(entry[1].__self__) for entry in connection.run_on_commit if _is_ours(entry)}
        return [
            item for item in noted if not item.entered and (item.committed or id(item) in waiting)
        ]

    with connection.execute_wrapper(look):
        yield unaudited


def _is_ours(entry: Any) -> bool:
    return isinstance(getattr(entry[1], "__self__", None), Unaudited)


def _is_exempt(table: str, sql: str) -> bool:
    if any(table == name or (name[-1] == "_" and table.startswith(name)) for name in EXEMPT):
        return True
    return _LAST_USE.match(sql) is not None


def _transaction_of(connection: Any) -> object | None:
    """Return what stands for the outermost transaction, not counting that of a test case."""
    blocks = (block for block in connection.atomic_blocks if not block._from_testcase)
    return next(blocks, None)


def _origin(is_scene: Callable[[str], bool]) -> str | None:
    """Return the place in the desk's code that caused the statement; None when a scene did."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if is_scene(file):
            return None
        if file.startswith(_PACKAGE) and not file.startswith(_OWN):
            place = Path(file).relative_to(_PACKAGE)
            if "models" not in (place.stem, place.parent.name):
                return f"{place}:{frame.f_lineno}"
        frame = frame.f_back
    return None
