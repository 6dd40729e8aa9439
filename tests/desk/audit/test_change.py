"""`change`: the change and its entry, both or neither."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy

from declarant.desk.accounts.models import User
from declarant.desk.audit import change, record
from declarant.desk.audit.models import Entry, Tree
from declarant.desk.audit.verifying import verify_desk
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def person(name: str = "Ada Byrne", email: str = "ada@example.org") -> Any:
    return User.objects.create_user(email=email, name=name)


def test_a_change_is_written_with_who_what_and_when() -> None:
    ada = person()
    with (
        time_machine.travel(datetime(2027, 1, 15, 14, 3, 22, 120934, UTC), tick=False),
        change(ada, "register.run.edited", subject="run:atlas-2", reason="typo") as entry,
    ):
        entry.note(before={"tokens": 1}, after={"tokens": 2})
    held = Entry.objects.get()
    assert held.index == 0
    assert held.moment == "2027-01-15T14:03:22.120934Z"
    assert (held.actor, held.actor_name) == (f"user:{ada.pk}", "Ada Byrne <ada@example.org>")
    assert (held.action, held.subject) == ("register.run.edited", "run:atlas-2")
    assert held.detail == {"reason": "typo", "before": {"tokens": 1}, "after": {"tokens": 2}}
    assert verify_desk().valid


def test_what_raises_undoes_the_change_and_its_entry() -> None:
    ada = person()
    with pytest.raises(ZeroDivisionError), change("worker", "a.b", subject="user:1"):  # noqa: PT012
        User.objects.filter(pk=ada.pk).update(name="changed")
        raise ZeroDivisionError
    ada.refresh_from_db()
    assert ada.name == "Ada Byrne"
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"password": "hunter2"}, {"when": datetime(2027, 1, 1, tzinfo=UTC)}, {"n": 2**53}]
)
def test_a_detail_that_cannot_be_logged_undoes_the_change_as_well(bad: dict[str, Any]) -> None:
    ada = person()
    with (
        pytest.raises(BadInput, match=r"secret|datetime|2\^53"),
        change("worker", "a.b", "s", **bad),
    ):
        pytest.fail("the block must not begin")
    with pytest.raises(BadInput), change("worker", "a.b", subject="s") as entry:  # noqa: PT012
        User.objects.filter(pk=ada.pk).update(name="changed")
        entry.note(**bad)
    ada.refresh_from_db()
    assert ada.name == "Ada Byrne"
    assert not Entry.objects.exists()


def test_a_lazy_translation_must_be_made_text() -> None:
    with pytest.raises(BadInput, match="str"), change("worker", "a.b", "s", t=gettext_lazy("Yes")):
        pytest.fail("the block must not begin")


def test_a_new_row_gives_the_subject_its_id() -> None:
    with change("command line", "account.made") as entry:
        ada = person()
        entry.subject = f"user:{ada.pk}"
    assert Entry.objects.get().subject == f"user:{ada.pk}"


@pytest.mark.parametrize("subject", ["", "x" * 501, "run:\x00", "run:a\nb"])
def test_a_subject_must_be_a_short_printable_word(subject: str) -> None:
    with pytest.raises(BadInput), change("worker", "a.b", subject=subject):
        pass
    assert not Entry.objects.exists()


@pytest.mark.parametrize("actor", ["", None, User(name="not stored")])
def test_nobody_makes_no_change(actor: Any) -> None:
    with pytest.raises(BadInput, match="nobody"), change(actor, "a.b", subject="s"):
        pytest.fail("the block must not begin")


def test_a_change_within_a_change_adds_its_own_entry() -> None:
    with change("worker", "outer", subject="s"):
        with change("worker", "inner", subject="s"):
            pass
        with pytest.raises(ZeroDivisionError), change("worker", "failed", subject="s"):
            raise ZeroDivisionError
    assert list(Entry.objects.values_list("action", flat=True)) == ["inner", "outer"]
    with pytest.raises(ZeroDivisionError), change("worker", "outer", subject="s"):  # noqa: PT012
        with change("worker", "inner", subject="s"):
            pass
        raise ZeroDivisionError
    assert Entry.objects.count() == 2
    assert verify_desk().valid


def test_record_appends_to_the_transaction_that_is_open() -> None:
    with transaction.atomic():
        assert record("worker", "a.b", "s", number=1) == 0
        assert record("worker", "a.b", "s", number=2) == 1
    assert verify_desk().entries == 2


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="atomic"):
        record("worker", "a.b", "s")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject = 'other'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE 1 = 0 OR action = 'a.b'",
        "UPDATE audit_tree SET size = 0",
        "UPDATE audit_tree SET log = '0', size = size + 1",
        "DELETE FROM audit_tree",
        """INSERT INTO audit_entry SELECT "index" + 5, moment, actor, actor_name, action, subject,
           content, leaf FROM audit_entry""",
    ],
)
def test_the_database_refuses_to_edit_the_log(statement: str) -> None:
    with change("worker", "a.b", subject="s"):
        pass
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert verify_desk().entries == 1


def test_the_database_refuses_to_replace_or_empty_the_log() -> None:
    with change("worker", "a.b", subject="s"):
        pass
    statement = (
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry"
        if connection.vendor == "sqlite"
        else "TRUNCATE audit_entry"
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.count() == 1


def test_a_log_whose_tree_is_gone_takes_no_entry() -> None:
    from declarant.desk.audit import guards

    with change("worker", "a.b", subject="s"):
        pass
    guards.remove(connection)
    Tree.objects.all().delete()
    guards.install(connection)
    with (
        pytest.raises(BadInput, match="state of its tree is gone"),
        change("w", "a.b", subject="s"),
    ):
        pass
    assert not verify_desk().valid


def test_every_guard_is_there_and_a_missing_one_is_named() -> None:
    from declarant.desk.audit import guards

    assert guards.missing(connection) == []
    guards.remove(connection)
    assert "audit_entry_next" in guards.missing(connection)
    assert "audit.guard_missing" in {item.code for item in verify_desk().findings}
    guards.install(connection)
    assert guards.missing(connection) == []


def test_an_entry_put_behind_the_log_is_found_while_the_desk_runs() -> None:
    from declarant.desk.audit import guards

    with change("worker", "a.b", subject="s"):
        pass
    guards.remove(connection)
    held = Entry.objects.get()
    held.index = 1
    held.save(force_insert=True)
    guards.install(connection)
    wrong = verify_desk().first_wrong
    assert wrong is not None
    assert (wrong.index, wrong.kind) == (1, "added")
