"""The net under `change`: what is written without an entry is noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from declarant.desk.accounts.models import User
from declarant.desk.audit import change, record
from declarant.desk.audit.guard import EXEMPT, Unaudited, watching

pytestmark = pytest.mark.django_db


def code_of_the_desk(work: Callable[[], None]) -> Callable[[], None]:
    """Return `work` as though a module of the desk called it."""
    file = Path(__import__("declarant").__file__).parent / "desk" / "filer" / "made_up.py"
    scope = {"work": work}
    exec(compile("def run():\n    work()\n", str(file), "exec"), scope)
    return scope["run"]  # type: ignore[return-value]


def rename() -> None:
    User.objects.update(name="changed")


def noticed(work: Callable[[], None]) -> list[Unaudited]:
    User.objects.create_user(email="ada@example.org", name="Ada")
    with watching(connection) as unaudited:
        code_of_the_desk(work)()
        return unaudited()


def test_a_write_without_an_entry_is_noticed_with_its_place() -> None:
    (found,) = noticed(rename)
    assert found.table == "accounts_user"
    assert "filer/made_up.py:2" in str(found)


def test_a_write_in_a_transaction_without_an_entry_is_noticed() -> None:
    def work() -> None:
        with transaction.atomic():
            rename()

    assert len(noticed(work)) == 1


def test_an_entry_of_another_transaction_does_not_help() -> None:
    def work() -> None:
        rename()
        with change("worker", "a.b", subject="s"):
            pass

    assert len(noticed(work)) == 1


def test_a_write_with_its_entry_is_fine_in_either_order() -> None:
    def work() -> None:
        with change("worker", "a.b", subject="s"):
            rename()
        with transaction.atomic():
            rename()
            record("worker", "a.b", "s")
        with transaction.atomic():
            with change("worker", "a.b", subject="s"):
                rename()
            rename()
            record("worker", "a.b", "s")

    assert noticed(work) == []


def test_what_was_undone_was_no_write() -> None:
    def work() -> None:
        try:
            with transaction.atomic():
                rename()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    assert noticed(work) == []


def test_reading_and_exempt_tables_are_fine() -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    def work() -> None:
        list(User.objects.all())
        Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
        user = User.objects.get()
        user.last_login = timezone.now()
        user.save(update_fields=["last_login"])

    assert noticed(work) == []
    assert all(EXEMPT.values())


def test_a_scene_set_by_a_test_is_not_looked_at() -> None:
    with watching(connection, lambda file: file == __file__) as unaudited:
        User.objects.create_user(email="ada@example.org", name="Ada")
        rename()
        assert unaudited() == []


@pytest.mark.django_db(transaction=True)
def test_it_watches_transactions_that_are_committed() -> None:
    def work() -> None:
        with change("worker", "a.b", subject="s"):
            rename()
        with transaction.atomic():
            rename()

    assert len(noticed(work)) == 1
