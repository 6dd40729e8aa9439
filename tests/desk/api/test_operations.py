"""The operations: the same acts as the pages, with the same checks."""

from pathlib import Path

import pytest

from declarant.desk.audit.models import Entry
from declarant.desk.filer.register.models import EvidenceFile, Record

pytestmark = pytest.mark.django_db
LEDGER = Path("docs/how-to/files/runs/ledger")


def put(client, path, content, headers):
    return client.put(f"/api/v1/{path}", content, content_type="application/json", headers=headers)


def upload(client, path, data, headers):
    return client.generic(
        "PUT", f"/api/v1/{path}", data, content_type="application/octet-stream", headers=headers
    )


@pytest.fixture
def headers(bearer):
    return bearer(
        "register:read", "register:write", "evidence:write", "ledger:write", "documents:read"
    )


def test_a_model_is_made_edited_and_taken_out(client, headers, cedar_ridge):
    made = put(client, "register/models/m", {"content": {"id": "m", "name": "M"}}, headers)
    assert (made.status_code, made.json()["version"]) == (201, 1)
    edited = put(
        client,
        "register/models/m",
        {"content": {"id": "m", "name": "M2"}, "version": 1},
        headers,
    )
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    late = put(
        client,
        "register/models/m",
        {"content": {"id": "m", "name": "M3"}, "version": 1},
        headers,
    )
    assert late.status_code == 409
    assert "version 2" in late.json()["detail"]
    assert client.delete("/api/v1/register/models/m", headers=headers).status_code == 204
    assert client.get("/api/v1/register/models/m", headers=headers).status_code == 404
    assert Record.objects.get(kind="model", key="m").versions.count() == 3


def test_what_does_not_fit_says_where_and_how_to_mend(client, headers, cedar_ridge):
    answer = put(
        client,
        "register/runs/r",
        {"content": {"id": "r", "name": "R", "model": "nowhere", "status": "planned"}},
        headers,
    )
    assert answer.status_code == 422
    (finding,) = answer.json()["findings"]
    assert finding["mend"]
    assert not Record.objects.filter(key="r").exists()


@pytest.mark.parametrize("why", ["a\\u0000b", "\\ud800"])
def test_a_reason_that_no_database_keeps_is_refused(client, headers, cedar_ridge, why):
    body = f'{{"content": {{"id": "m", "name": "M"}}, "why": "{why}"}}'
    answer = put(client, "register/models/m", body, headers)
    assert answer.status_code == 422
    assert "no database keeps" in answer.json()["findings"][0]["what"]
    assert client.delete("/api/v1/register/models/m?why=%00", headers=headers).status_code == 422


def test_the_key_is_the_address(client, headers, cedar_ridge):
    answer = put(client, "register/models/a", {"content": {"id": "b", "name": "B"}}, headers)
    assert answer.status_code == 422


def test_evidence_goes_up_and_comes_back(client, headers, cedar_ridge):
    data = b"step,loss\n1,2.5\n" * 5000
    answer = upload(
        client, "evidence/evidence/new/train.csv?evidence_date=2026-11-01", data, headers
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["evidence_date"] == "2026-11-01"
    back = client.get("/api/v1/evidence/evidence/new/train.csv", headers=headers)
    assert b"".join(back.streaming_content) == data
    assert back["Content-Disposition"].startswith("attachment")
    again = upload(client, "evidence/evidence/new/train.csv", data, headers)
    assert again.json()["version"] == 1


@pytest.mark.parametrize(
    "path", ["../outside.txt", "a/../../b.txt", "register.yaml", "a//b.txt", "%2e%2e/x.txt"]
)
def test_evidence_stays_inside(client, headers, cedar_ridge, path):
    before = EvidenceFile.objects.count()
    assert upload(client, f"evidence/{path}", b"x,y\n1,2\n", headers).status_code in (404, 422)
    assert EvidenceFile.objects.count() == before


def test_a_program_is_no_evidence(client, headers, cedar_ridge):
    answer = upload(
        client, "evidence/evidence/x.log", b"\x7fELF\x02\x01\x01" + b"\0" * 100, headers
    )
    assert answer.status_code == 422


def test_too_much_is_refused(client, headers, cedar_ridge, settings):
    from dataclasses import replace

    settings.DESK = replace(settings.DESK, upload_limit=100)
    assert upload(client, "evidence/evidence/x.csv", b"a,b\n" * 25, headers).status_code == 200
    answer = upload(client, "evidence/evidence/y.csv", b"a,b\n" * 25 + b"x", headers)
    assert answer.status_code == 422
    assert "larger than the 100 bytes" in answer.json()["findings"][0]["what"]


def ledger_file() -> Path:
    return next(LEDGER.rglob("*.ledger.jsonl"))


def test_a_trackers_ledger_is_taken_in(client, headers, cedar_ridge):
    data = ledger_file().read_bytes()
    answer = upload(client, "ledgers/atlas-3-pretraining/rank-00000.ledger.jsonl", data, headers)
    assert answer.status_code == 200, answer.content
    assert answer.json()["records"] == len(data.splitlines())
    path = "evidence/atlas-3-pretraining/ledger/rank-00000.ledger.jsonl"
    assert EvidenceFile.objects.filter(path=path, current=True).exists()


def test_a_changed_ledger_is_refused(client, headers, cedar_ridge):
    data = ledger_file().read_bytes()
    at = data.index(b'"n":1')
    broken = data[:at] + b'"n":2' + data[at + 5 :]
    answer = upload(client, "ledgers/atlas-3-pretraining/rank-00000.ledger.jsonl", broken, headers)
    assert answer.status_code == 422
    assert answer.json()["findings"]


def test_a_ledger_needs_its_run(client, headers, cedar_ridge):
    data = ledger_file().read_bytes()
    answer = upload(client, "ledgers/nowhere/rank-00000.ledger.jsonl", data, headers)
    assert answer.status_code == 404


def test_the_determination_is_the_commands(client, headers, cedar_ridge, worker):
    worker()
    answer = client.get("/api/v1/determinations/us-bis-702-7", headers=headers).json()
    assert answer["determination"]["regime"] == "us-bis-702-7"
    assert answer["stale"] is False
    assert client.get("/api/v1/determinations/none", headers=headers).status_code == 404


def test_every_change_is_in_the_log_with_its_person(client, headers, cedar_ridge, people):
    put(client, "register/models/m", {"content": {"id": "m", "name": "M"}}, headers)
    entry = Entry.objects.filter(subject="model:m").latest("index")
    assert people("preparer").email in entry.actor_name


def test_a_body_that_is_no_json(client, headers):
    answer = client.generic(
        "PUT",
        "/api/v1/register/models/m",
        b"{not json",
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code in (400, 422)
