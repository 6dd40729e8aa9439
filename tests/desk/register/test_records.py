"""A record is checked, kept in versions, and never breaks what others name."""

import copy
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.desk.register.registers import PERSON, RUN

from declarant.desk.audit.models import Entry
from declarant.desk.filer.register.fingerprinting import fingerprint
from declarant.desk.filer.register.models import Record, Version
from declarant.desk.filer.register.recording import (
    EditedMeanwhile,
    remove_record,
    restore_record,
    save_record,
)
from declarant.desk.work.models import Job
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def found(error: pytest.ExceptionInfo[BadInput]) -> list[tuple[str, str | None]]:
    return [(item.code, item.where.field) for item in error.value.findings]


def test_every_edit_is_a_version_and_an_entry_of_the_audit_log(small: Any, record: Any) -> None:
    row = record("run", "r-1")
    save_record(small, "run", {**RUN, "name": "Run 1"}, record=row, expected=1, why="a typo")
    row = record("run", "r-1")
    assert (row.number, row.name) == (2, "Run 1")
    newest, first = row.versions.all()
    assert (newest.act, newest.why, newest.made_by) == ("edited", "a typo", small.name)
    assert first.content["name"] == "Run one"
    entry = Entry.objects.filter(subject="run:r-1").last()
    assert entry is not None
    assert entry.detail["changed"] == ["name: Run one -> Run 1"]


def test_the_same_content_again_changes_nothing(small: Any, record: Any) -> None:
    entries, before = Entry.objects.count(), fingerprint()
    save_record(small, "run", copy.deepcopy(RUN), record=record("run", "r-1"), expected=1)
    assert record("run", "r-1").number == 1
    assert (Entry.objects.count(), fingerprint()) == (entries, before)


def test_a_change_asks_for_an_assessment_once(small: Any, record: Any) -> None:
    save_record(small, "run", {**RUN, "name": "x"}, record=record("run", "r-1"))
    assert Job.objects.filter(kind="assessment.assess").count() == 1


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("model", {"name": "x"}, ("yaml.missing_key", "id")),
        ("model", {"id": "Upper", "name": "x"}, ("yaml.value", "id")),
        ("model", {"id": "m-1", "name": "again"}, ("register.duplicate_id", "id")),
        (
            "model",
            {"id": "m-2", "name": "x", "trained_from": "m-9"},
            ("register.unknown_id", "trained_from"),
        ),
        (
            "model",
            {"id": "m-2", "name": "x", "trained_from": "m-2"},
            ("register.circle", "trained_from"),
        ),
        ("model", {"id": "m-2", "name": "x", "size": 1}, ("yaml.unknown_key", "size")),
        ("run", {**RUN, "id": "r-2", "model": "m-2"}, ("register.unknown_id", "model")),
        ("run", {**RUN, "id": "r-2", "cluster": "c-1"}, ("register.unknown_id", "cluster")),
        (
            "run",
            {**RUN, "id": "r-2", "configuration": "evidence/none.json"},
            ("evidence.missing", "configuration"),
        ),
        (
            "run",
            {**RUN, "id": "r-2", "configuration": "../secret"},
            ("evidence.path", "configuration"),
        ),
        ("model", {"id": "m-2", "name": "a\x00b"}, ("register.value", "name")),
        ("model", {"id": "m-2", "name": "\ud800"}, ("register.value", "name")),
        ("model", {"id": "m-2", "name": 1.5}, ("register.value", "name")),
        ("agency", {"name": "x", "email": "nowhere"}, ("yaml.value", "email")),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    small: Any, kind: str, content: Any, expected: tuple[str, str]
) -> None:
    rows, versions = Record.objects.count(), Version.objects.count()
    with pytest.raises(BadInput) as error:
        save_record(small, kind, content)
    assert expected in found(error)
    assert all(item.mend for item in error.value.findings)
    assert (Record.objects.count(), Version.objects.count()) == (rows, versions)


def test_lists_and_texts_are_no_record(small: Any) -> None:
    for content in ([], "text", None, 5):
        with pytest.raises(BadInput):
            save_record(small, "model", content)


def test_an_id_stays(small: Any, record: Any) -> None:
    with pytest.raises(BadInput) as error:
        save_record(small, "model", {"id": "m-2", "name": "x"}, record=record("model", "m-1"))
    assert found(error) == [("register.id_changed", "id")]


def test_what_others_name_cannot_be_taken_out(small: Any, record: Any) -> None:
    with pytest.raises(BadInput) as error:
        remove_record(small, record("model", "m-1"), why="gone")
    assert found(error) == [("register.unknown_id", "runs[r-1].model")]
    remove_record(small, record("run", "r-1"), why="never happened")
    remove_record(small, record("model", "m-1"), why="gone")
    assert not record("model", "m-1").active


def test_what_was_taken_out_can_be_put_back_when_it_fits(small: Any, record: Any) -> None:
    remove_record(small, record("run", "r-1"), why="a")
    remove_record(small, record("model", "m-1"), why="b")
    with pytest.raises(BadInput):
        restore_record(small, record("run", "r-1"))
    restore_record(small, record("model", "m-1"))
    restore_record(small, record("run", "r-1"))
    acts = [version.act for version in record("run", "r-1").versions.all()]
    assert acts == ["restored", "removed", "created"]


def test_a_new_record_under_an_id_that_was_taken_out_goes_on_with_its_history(
    small: Any, record: Any
) -> None:
    remove_record(small, record("run", "r-1"), why="a")
    save_record(small, "run", {**RUN, "name": "Another"})
    row = record("run", "r-1")
    assert (row.active, row.number, row.name) == (True, 3, "Another")


def test_contacts_of_one_name_stand_side_by_side(small: Any) -> None:
    for _ in range(2):
        save_record(small, "contact", {"name": "Dana 林", "role": "counsel"})
    keys = list(Record.objects.filter(kind="contact").values_list("key", flat=True))
    assert keys == ["dana-林", "dana-林-2"]


def test_whoever_comes_second_is_told(small: Any, record: Any) -> None:
    row = record("run", "r-1")
    save_record(small, "run", {**RUN, "name": "first"}, record=row, expected=1)
    with pytest.raises(EditedMeanwhile) as told:
        save_record(small, "run", {**RUN, "name": "second"}, record=row, expected=1)
    assert told.value.record.name == "first"
    with pytest.raises(EditedMeanwhile):
        remove_record(small, row, expected=1, why="x")
    assert record("run", "r-1").name == "first"


def test_key_order_and_great_numbers_come_back_as_they_were(small: Any, record: Any) -> None:
    identifiers = {"zulu": "1", "alpha": "2", "mike": "3"}
    save_record(
        small, "person", {**PERSON, "identifiers": identifiers}, record=record("person", "person")
    )
    assert list(record("person", "person").content["identifiers"]) == list(identifiers)
    run = copy.deepcopy(RUN)
    run["parts"][0]["tokens"] = 10**40 + 1
    save_record(small, "run", run, record=record("run", "r-1"))
    assert record("run", "r-1").content["parts"][0]["tokens"] == 10**40 + 1


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_keeps_versions(small: Any, deed: str) -> None:
    held = Version.objects.filter(record__key="r-1")
    deeds = {"update": lambda: held.update(content={}), "delete": lambda: held._raw_delete(held.db)}
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        deeds[deed]()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_version_each_or_are_told(small: Any, record: Any) -> None:
    told: list[str] = []
    together = threading.Barrier(2)

    def edit(name: str) -> None:
        try:
            row = record("run", "r-1")
            together.wait()
            save_record(small, "run", {**RUN, "name": name}, record=row, expected=1)
        except EditedMeanwhile:
            told.append(name)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert record("run", "r-1").number == 2
