"""Pages of the log: what they show, to whom, and in how many queries."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.template import Context, Template
from django.urls import reverse
from tests.cli.running import run_json
from tests.desk.people import People

from declarant.audit_log import read_head
from declarant.desk.audit import change
from declarant.desk.audit.heads import make_head
from declarant.desk.audit.models import Entry
from declarant.desk.audit.verifying import verify_desk
from declarant.desk.work.models import Job

pytestmark = pytest.mark.django_db
Clients = Callable[..., Any]
READERS = ("administrator", "certifying_officer", "auditor")


@pytest.fixture
def entries(people: People) -> None:
    """130 entries of two people about three subjects on two days."""
    actors = [people("engineer"), people("preparer"), "worker"]
    for number in range(130):
        day = "2027-01-14" if number < 60 else "2027-01-15"
        with (
            time_machine.travel(f"{day}T12:00:00Z", tick=False),
            change(
                actors[number % 3],
                "register.run.edited" if number % 2 else "filing.sent",
                subject=f"run:atlas-{number % 3}",
                before={"tokens": number, "stage": {"kind": "pre"}},
                after={"tokens": number + 1, "stage": {"kind": "pre"}},
                reason="<b>typo</b>",
            ),
        ):
            pass


def indexes(response: Any) -> list[int]:
    assert response.status_code == 200
    return [entry.index for entry in response.context["page"].entries]


def test_the_log_is_read_page_by_page_and_back(entries: None, client_of: Clients) -> None:
    client = client_of("auditor")
    log = reverse("audit:log")
    first = client.get(log)
    assert indexes(first) == list(range(129, 79, -1))
    second = client.get(f"{log}?{first.context['page'].older}")
    third = client.get(f"{log}?{second.context['page'].older}")
    assert indexes(third) == list(range(29, -1, -1))
    assert third.context["page"].older is None
    assert indexes(client.get(f"{log}?{third.context['page'].newer}")) == indexes(second)
    assert indexes(client.get(f"{log}?{second.context['page'].newer}")) == indexes(first)
    assert first.context["page"].newer is None


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("action=filing.sent", lambda number: number % 2 == 0),
        ("actor=worker", lambda number: number % 3 == 2),
        ("subject=run:atlas-1", lambda number: number % 3 == 1),
        ("subject=run:", lambda number: True),
        ("day=2027-01-14", lambda number: number < 60),
        ("day=2027-01-15&actor=worker", lambda number: number >= 60 and number % 3 == 2),
        ("subject=other", lambda number: False),
        ("subject=%25", lambda number: False),
        ("day=2027-01-16", lambda number: False),
    ],
)
def test_the_log_is_narrowed(
    entries: None, client_of: Clients, query: str, fits: Callable[[int], bool]
) -> None:
    fitting = [number for number in range(129, -1, -1) if fits(number)]
    response = client_of("auditor").get(f"{reverse('audit:log')}?{query}")
    assert indexes(response) == fitting[:50]
    assert ("Show everything" in response.content.decode()) is True


@pytest.mark.parametrize(
    "query", ["actor=user:99999", "day=yesterday", "before=x", f"before={2**63}", "action=x"]
)
def test_a_filter_that_cannot_be_meant_is_answered_at_its_field(
    entries: None, client_of: Clients, query: str
) -> None:
    assert client_of("auditor").get(f"{reverse('audit:log')}?{query}").status_code == 422


def test_an_entry_shows_what_was_changed_and_what_is_hashed(
    entries: None, client_of: Clients
) -> None:
    client = client_of("auditor")
    page = client.get(reverse("audit:entry", args=[3])).content.decode()
    assert "tokens" in page
    assert "stage.kind" not in page  # it was not changed
    assert "&lt;b&gt;typo&lt;/b&gt;" in page
    assert bytes(Entry.objects.get(index=3).leaf).hex() in page
    assert client.get(reverse("audit:entry", args=[130])).status_code == 404
    assert client.get(reverse("audit:entry", args=[2**63])).status_code == 404


def test_a_hash_is_shortened_in_the_log_and_whole_on_its_entry(client_of: Clients) -> None:
    with change("worker", "file.stored", subject="file:1", digest="ab" * 32):
        pass
    client = client_of("auditor")
    assert "digest: abababababab…" in client.get(reverse("audit:log")).content.decode()
    assert "ab" * 32 in client.get(reverse("audit:entry", args=[0])).content.decode()


def test_pages_need_a_fixed_number_of_queries(
    entries: None, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    client = client_of("auditor")
    for _ in range(60):
        make_head()
    for name in ("log", "heads", "verification", "export"):
        with django_assert_max_num_queries(20):
            assert client.get(reverse(f"audit:{name}")).status_code == 200


def test_an_empty_log_says_what_will_stand_there(client_of: Clients) -> None:
    client = client_of("auditor")
    assert "No entries" in client.get(reverse("audit:log")).content.decode()
    assert "No head yet" in client.get(reverse("audit:heads")).content.decode()
    assert "No export yet" in client.get(reverse("audit:export")).content.decode()


def test_a_head_and_the_key_are_handed_out(client_of: Clients, settings: Any) -> None:
    head = make_head()
    client = client_of("auditor")
    page = client.get(reverse("audit:heads")).content.decode()
    assert "Heads stay on this machine" in page
    assert head.key in page
    settings.DESK = replace(settings.DESK, heads_to=("auditor@example.com",))
    page = client.get(reverse("audit:heads")).content.decode()
    assert "auditor@example.com" in page
    response = client.get(reverse("audit:head", args=[1]))
    assert "attachment" in response["Content-Disposition"]
    assert read_head(response.content.decode()) == head
    assert client.get(reverse("audit:head", args=[2])).status_code == 404
    assert b"BEGIN PUBLIC KEY" in client.get(reverse("audit:key")).content


def test_verify_now_works_in_the_background_and_shows_its_result(
    entries: None, client_of: Clients, worker: Callable[[], int]
) -> None:
    client = client_of("auditor")
    address = reverse("audit:verification")
    assert client.post(address).status_code == 302
    assert "Stop this" in client.get(address).content.decode()
    worker()
    page = client.get(address).content.decode()
    assert "Nothing is wrong" in page
    assert Job.objects.get().result["entries"] == 131  # and the entry that says it was asked for
    assert Entry.objects.latest("index").action == "audit.verification_asked"


def test_a_verification_that_finds_something_says_what(
    entries: None, client_of: Clients, worker: Callable[[], int]
) -> None:
    from django.db import connection

    from declarant.desk.audit import guards

    guards.remove(connection)
    Entry.objects.filter(index=7).update(subject="run:other")
    guards.install(connection)
    client = client_of("auditor")
    client.post(reverse("audit:verification"))
    worker()
    page = client.get(reverse("audit:verification")).content.decode()
    assert "not as they were" in page
    assert "First wrong: entry 7." in page
    assert "column subject" in page


def test_an_export_is_made_downloaded_and_verified_elsewhere(
    entries: None, client_of: Clients, worker: Callable[[], int], home: Path, tmp_path: Path
) -> None:
    kept = make_head()
    client = client_of("auditor")
    client.post(reverse("audit:export"))
    worker()
    job = Job.objects.get()
    assert job.state == Job.State.DONE, job.text
    assert "132 entries" in client.get(reverse("audit:export")).content.decode()
    response = client.get(reverse("audit:download", args=[job.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as packed:
        packed.extractall(tmp_path / "elsewhere")
    (tmp_path / "kept.json").write_text(json.dumps(kept.as_json()))
    folder = tmp_path / "elsewhere" / "audit-log"
    said = run_json("audit", "verify", folder, "--head", tmp_path / "kept.json")
    assert said["valid"]
    assert (said["entries"], said["covered_by_heads"]) == (132, 132)
    assert said["covered_by_heads_kept_elsewhere"] == 130
    assert verify_desk().valid
    assert client.get(reverse("audit:download", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12]))


def test_the_history_of_a_subject_stands_on_its_own_page(
    entries: None, people: People, django_assert_num_queries: Any
) -> None:
    template = Template('{% load audit %}{% audit_history "run:atlas-1" %}')
    person = people("auditor")
    assert person.powers
    with django_assert_num_queries(1):
        page = template.render(Context({"user": person}))
    assert page.count("<li>") == 10
    assert "?subject=run%3Aatlas-1" in page
    assert "tokens: 127 → 128" in page
    assert "?subject" not in template.render(Context({"user": people("engineer")}))
    empty = Template('{% load audit %}{% audit_history "run:none" %}').render(Context({}))
    assert "Nothing was changed yet" in empty


@pytest.mark.parametrize("role", ["administrator", "engineer", "preparer", "auditor"])
def test_only_readers_of_the_log_may_open_it(role: str, client_of: Clients) -> None:
    status = client_of(role).get(reverse("audit:log")).status_code
    assert status == (200 if role in READERS else 403)
