"""Signed heads: kept, written, mailed, and made again each day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction

from declarant.audit_log import read_head
from declarant.cli.audit_heads import read_heads, read_key
from declarant.desk.audit import change
from declarant.desk.audit.heads import folder, keep_heads, make_head
from declarant.desk.audit.keys import PRIVATE, PUBLIC, signing_key
from declarant.desk.audit.models import Entry, Head
from declarant.desk.audit.verifying import verify_desk
from declarant.desk.work.models import Letter
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def addressed(settings: Any, home: Path) -> None:
    settings.DESK = replace(settings.DESK, heads_to=("auditor@example.com", "board@example.com"))


def log_something(times: int = 1) -> None:
    for number in range(times):
        with change("worker", "a.b", subject=f"thing:{number}"):
            pass


def test_the_key_is_made_once_for_its_owner_only(home: Path) -> None:
    key = signing_key()
    assert signing_key().private_bytes_raw() == key.private_bytes_raw()
    file = home / "keys" / PRIVATE
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_key(str(home / "keys" / PUBLIC)) == key.public_key().public_bytes_raw().hex()
    assert [held.name for held in (home / "keys").iterdir() if "audit" not in held.name] == []
    file.write_text("not a key")
    with pytest.raises(BadInput, match="no Ed25519 key"):
        signing_key()


def test_a_head_is_stored_written_and_mailed(
    addressed: None, home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    log_something(3)
    with django_capture_on_commit_callbacks(execute=True):
        head = make_head("filing sent")
    assert head.size == 3
    assert head.is_signed()
    assert Head.objects.get().signed() == head
    (file,) = folder().iterdir()
    assert [found.head for found in read_heads([file])] == [head]
    letter = Letter.objects.get()
    assert letter.to == ["auditor@example.com", "board@example.com"]
    assert "3 entries (filing sent)" in letter.subject
    assert read_head(letter.text) == head


def test_a_head_is_read_from_the_mail_it_came_in(addressed: None, tmp_path: Path) -> None:
    log_something()
    head = make_head()
    mail = EmailMessage()
    mail["Subject"] = Letter.objects.get().subject
    mail.set_content(Letter.objects.get().text, cte="quoted-printable")
    saved = tmp_path / "head.eml"
    saved.write_bytes(mail.as_bytes())
    assert read_heads([tmp_path])[0].head == head
    saved.write_text("Subject: hello\n\nno head here")
    with pytest.raises(BadInput, match="holds no signed head"):
        read_heads([saved])


def test_a_key_that_was_replaced_is_logged_and_its_heads_stay_good(home: Path) -> None:
    log_something()
    first = make_head()
    (home / "keys" / PRIVATE).unlink()
    second = make_head()
    assert first.key != second.key
    entry = Entry.objects.get(action="audit.key_changed")
    assert entry.detail == {"before": first.key, "after": second.key}
    assert second.size == 2
    assert verify_desk().valid
    for file in (home / "keys").glob("*former*"):
        file.unlink()
    assert [item.code for item in verify_desk().findings] == ["audit.head_key"]


def test_without_addresses_nothing_is_mailed(home: Path) -> None:
    make_head()
    assert not Letter.objects.exists()
    assert Head.objects.get().size == 0


def test_a_head_covers_the_change_it_is_made_for_or_is_not_made(home: Path) -> None:
    with transaction.atomic():
        with change("worker", "filing.sent", subject="filing:1"):
            pass
        make_head("filing sent")
    assert Head.objects.get().size == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        make_head("filing sent")
        raise ZeroDivisionError
    assert Head.objects.count() == 1


def test_the_worker_makes_up_for_days_it_slept(
    home: Path, django_capture_on_commit_callbacks: Any
) -> None:
    begin = datetime(2028, 2, 28, 23, 30, tzinfo=UTC)
    made = []
    for hours in (0, 1, 23.9, 24, 25, 24 * 10):
        with (
            time_machine.travel(begin + timedelta(hours=hours), tick=False),
            django_capture_on_commit_callbacks(execute=True),
        ):
            keep_heads()
        made.append(Head.objects.count())
    assert made == [1, 1, 1, 2, 2, 3]
    assert len(list(folder().iterdir())) == 3
    names = sorted(file.name for file in folder().iterdir())
    assert names[1] == "head-000002-2028-02-29-0.json"


def test_a_file_that_a_crash_kept_from_disk_is_written_later(home: Path) -> None:
    make_head()  # nothing is written: this test's transaction is never committed
    assert not folder().exists()
    keep_heads()
    (file,) = folder().iterdir()
    assert read_head(file.read_text()) == Head.objects.get().signed()


def test_heads_in_the_home_show_a_database_that_was_rolled_back(home: Path) -> None:
    log_something(2)
    folder().mkdir()
    head = make_head()
    assert verify_desk().covered == 2
    later = json.loads(head.line()) | {"size": 5}
    (folder() / "later.json").write_text(json.dumps(later))
    (folder() / "no-head.json").write_text("[]")
    result = verify_desk()
    assert [item.code for item in result.findings] == ["audit.head_damaged"]
