"""Empty the database after a test that commits, past the guards that forbid to delete.

The desk's own triggers refuse to change what was logged or sent. Between tests they are lifted,
whichever they are, and put back as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def let_tests_empty_the_database() -> None:
    """Make the tear-down of Django's ``TransactionTestCase`` work beside the guards."""
    from django.db import connection
    from django.test import TransactionTestCase

    empty = TransactionTestCase._fixture_teardown

    def past_the_guards(self: TransactionTestCase) -> None:
        with _lifted(connection):
            empty(self)

    TransactionTestCase._fixture_teardown = past_the_guards


@contextmanager
def _lifted(connection: Any) -> Iterator[None]:
    """Keep every trigger from firing inside the block."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, text in triggers:
                cursor.execute(text)
