"""Pages of the register: who sees and does what, large registers, nothing typed becomes markup."""

from typing import Any

import pytest
from django.utils import timezone
from tests.desk.register.pages import form_of, send
from tests.desk.register.registers import PERSON, RUN

from declarant.desk.filer.register.evidence import write_evidence
from declarant.desk.filer.register.fingerprinting import register_change
from declarant.desk.filer.register.models import Record
from declarant.desk.filer.register.recording import remove_record, save_record, write_record
from declarant.desk.vault import store_bytes

pytestmark = pytest.mark.django_db
SECTIONS = ("contacts", "models", "runs", "clusters", "filings", "received")
ALLOWED = {"engineer", "preparer"}
ROLES = ("administrator", "engineer", "preparer", "certifying_officer", "auditor")


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_and_two_roles_change(small: Any, client_of: Any, role: str) -> None:
    client, may = client_of(role), role in ALLOWED
    for url in ("", "runs/", "runs/r-1/", "runs/r-1/history/", "evidence/", "import/", "export/"):
        assert client.get(f"/register/{url}").status_code == 200, url
    for url in (
        "runs/r-1/edit/",
        "runs/r-1/yaml/",
        "runs/r-1/remove/",
        "add/runs/",
        "evidence/upload/",
    ):
        assert client.get(f"/register/{url}").status_code == (200 if may else 403), url
    answer = client.post("/register/runs/r-1/remove/", {"why": "x", "version": "1"})
    assert answer.status_code == (302 if may else 403)
    assert Record.objects.get(key="r-1").active is not may
    page = client.get("/register/runs/r-1/").content.decode()
    assert ("Put it back" in page) is may


def test_nobody_who_is_not_signed_in_sees_anything(small: Any, client: Any) -> None:
    for url in ("", "runs/r-1/", "evidence/", "export/", "add/runs/"):
        answer = client.get(f"/register/{url}")
        assert answer.status_code == 302
        assert "/account/" in answer["Location"]


def test_empty_pages_teach_the_next_step(client_of: Any) -> None:
    client = client_of("engineer")
    assert "/register/add/person/" in client.get("/register/").content.decode()
    assert "Nobody is filled in yet" in client.get("/register/person/person/").content.decode()
    for section in SECTIONS:
        assert f"/register/add/{section}/" in client.get(f"/register/{section}/").content.decode()
    assert "/register/evidence/upload/" in client.get("/register/evidence/").content.decode()


def test_what_is_taken_out_needs_a_reason_and_can_be_found_again(
    small: Any, client_of: Any
) -> None:
    client = client_of("engineer")
    assert client.post("/register/runs/r-1/remove/", {"why": " "}).status_code == 422
    refused = client.post("/register/models/m-1/remove/", {"why": "x"})
    assert refused.status_code == 422
    assert "runs[r-1].model" in refused.content.decode()
    remove_record(small, Record.objects.get(key="r-1"), why="x")
    assert "Run one" not in client.get("/register/runs/").content.decode()
    assert "Run one" in client.get("/register/runs/?show=taken-out").content.decode()
    assert client.post("/register/runs/r-1/restore/").status_code == 302
    assert "Run one" in client.get("/register/runs/").content.decode()


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"


def test_nothing_that_was_typed_becomes_markup(small: Any, client_of: Any, record: Any) -> None:
    client = client_of("engineer")
    run = {**RUN, "name": HOSTILE}
    run["parts"] = [{**RUN["parts"][0], "stage": HOSTILE}]
    run["parts"][0]["counts"] = [
        {"method": "stated", "model_operations": "1e26", "convention": HOSTILE}
    ]
    save_record(small, "run", run, record=record("run", "r-1"), why=HOSTILE)
    covered = {HOSTILE: {"answer": "yes", "grounds": [HOSTILE], "why": HOSTILE}}
    person = {**PERSON, "name": HOSTILE, "identifiers": {HOSTILE: HOSTILE}, "covered": covered}
    save_record(small, "person", person, record=record("person", "person"))
    for url in (
        "",
        "runs/",
        f"runs/?q={HOSTILE}",
        "runs/r-1/",
        "runs/r-1/history/",
        "runs/r-1/edit/",
        "runs/r-1/yaml/",
        "runs/r-1/remove/",
        "person/person/",
        "person/person/edit/",
    ):
        page = client.get(f"/register/{url}").content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
        assert ">49<" not in page, url
    data = form_of(client.get("/register/person/person/edit/"))
    assert send(client, "/register/person/person/edit/", data).status_code == 302
    assert record("person", "person").content == person


@pytest.fixture
def large(small: Any) -> Any:
    """200 runs, 50 clusters, 300 evidence files, each with a past."""
    now, file = timezone.now(), store_bytes(b"text", name="x")
    with register_change("tests", "register.filled", "register"):
        for number in range(300):
            write_evidence(f"evidence/{number:03}/a.csv", file, who="x")
        for number in range(200):
            run = {**RUN, "id": f"run-{number}", "name": f"Run {number}"}
            run["configuration"] = f"evidence/{number:03}/a.csv"
            row = write_record("run", run, None, act="created", who="x", when=now)
            write_record("run", {**run, "status": "aborted"}, row, act="edited", who="x", when=now)
        for number in range(50):
            group = {
                "id": "g",
                "status": "in_service",
                "inventory": [f"evidence/{number:03}/a.csv"],
            }
            cluster = {"id": f"c-{number}", "name": f"Cluster {number}", "groups": [group]}
            write_record("cluster", cluster, None, act="created", who="x", when=now)
    return small


PAGES = {
    "": 22,
    "runs/": 16,
    "runs/?page=3": 16,
    "runs/?q=Run&status=aborted": 16,
    "clusters/": 16,
    "evidence/": 16,
    "evidence/?show=unused": 16,
    "runs/run-7/": 26,
    "runs/run-7/history/": 18,
    "runs/run-7/edit/": 18,
    "clusters/c-7/": 26,
    "import/": 14,
}


def test_a_large_register_takes_no_more_queries_than_a_small_one(
    large: Any, client_of: Any, django_assert_max_num_queries: Any, monkeypatch: Any
) -> None:
    client = client_of("engineer")
    for url, most in PAGES.items():
        client.get(f"/register/{url}")
        with django_assert_max_num_queries(most):
            assert client.get(f"/register/{url}").status_code == 200, url


def test_lists_are_cut_into_pages_and_searched(large: Any, client_of: Any) -> None:
    client = client_of("auditor")
    first = client.get("/register/runs/").content.decode()
    assert "Run 49" not in first.replace("Run 490", "")
    assert first.count('data-label="Parts"') == 50
    found = client.get("/register/runs/?q=run-117").content.decode()
    assert found.count('data-label="Parts"') == 1
    assert "Nothing matches" in client.get("/register/runs/?q=nowhere").content.decode()
    for page in ("0", "-1", "99999", "x"):
        assert client.get(f"/register/runs/?page={page}").status_code == 200
    unused = client.get("/register/evidence/?show=unused").content.decode()
    assert "evidence/205/a.csv" in unused
    assert "evidence/010/a.csv" not in unused


def test_hostile_addresses_are_not_found(small: Any, client_of: Any) -> None:
    client = client_of("engineer")
    for url in (
        "runs/none/",
        "runs/%00/",
        "evidence/999/",
        "import/999/",
        "nothing/x/",
        "runs/..%2f/",
    ):
        assert client.get(f"/register/{url}").status_code in (400, 404), url
    for query in ("?q=%00", "?status=%00", "?q=%27%25_"):
        assert client.get(f"/register/runs/{query}").status_code == 200, query
        assert client.get(f"/register/evidence/{query}").status_code == 200, query
    for query in ("?to=x&from=-1", "?to=999999999999999", "?from=1&to=1"):
        assert client.get(f"/register/runs/r-1/history/{query}").status_code == 200


def test_the_history_shows_what_changed(small: Any, client_of: Any, record: Any) -> None:
    for name in ("Second", "Third"):
        save_record(
            small, "run", {**RUN, "name": name}, record=record("run", "r-1"), why=f"to {name}"
        )
    client = client_of("auditor")
    page = client.get("/register/runs/r-1/history/").content.decode()
    assert "From version 2 to version 3" in page
    assert "to Third" in page
    page = client.get("/register/runs/r-1/history/?from=1&to=3").content.decode()
    assert '<del class="desk-text">Run one</del>' in page
    assert '<ins class="desk-text">Third</ins>' in page
