"""The database itself keeps what was certified as it is."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.desk.filings.office import Office

from declarant.desk.filer.filings import guards

pytestmark = pytest.mark.django_db


def _refused(act: Any) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        act()


def _delete(row: Any) -> None:
    """Delete a row past Django, which protects it on its own account."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def test_every_guard_is_there(db: None) -> None:
    assert guards.missing(connection) == []


@pytest.mark.parametrize("state", ["certified", "sent"])
def test_what_was_certified_is_never_changed(office: Office, people: Any, state: str) -> None:
    from declarant.desk.filer.filings.models import Filing

    row = office.certified(office.ready()) if state == "certified" else office.sent()
    assert row.state == state
    same = Filing.objects.filter(pk=row.pk)
    for change in (
        {"quarter": "2026Q3"},
        {"message": row.document},
        {"message": None},
        {"document": row.form},
        {"form": row.document},
        {"officer": None},
        {"preparer": people.make("preparer", email="second@example.org")},
        {"identity": "another"},
        {"certified": row.started},
        {"state": "draft"},
        {"state": "ready"},
        {"state": "discarded"},
        {"version": 9},
    ):
        _refused(lambda change=change: same.update(**change))
    _refused(lambda: _delete(row))
    for sending in row.dispatches.all():
        _refused(lambda sending=sending: _delete(sending))
    if state == "sent":
        _refused(lambda: same.update(state="certified"))
        _refused(lambda: same.update(sent=row.certified))
        _refused(lambda: row.dispatches.update(to="somebody@else.example"))
        _refused(lambda: row.dispatches.update(content=row.form))


def test_nothing_is_certified_past_the_officer(office: Office) -> None:
    from django.utils import timezone

    from declarant.desk.filer.filings.models import Filing

    row = office.draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        Filing.objects.filter(pk=row.pk).update(
            state="certified",
            message=row.draft,
            document=row.draft,
            certified=timezone.now(),
            act="00000000-0000-0000-0000-000000000001",
        )
