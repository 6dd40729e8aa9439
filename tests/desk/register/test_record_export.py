"""One record as JSON, CSV and PDF."""

import csv
import io
import json

import pymupdf
import pytest

pytestmark = pytest.mark.django_db
URL = "/register/runs/atlas-2-pretraining/export/{}/"


def test_json_holds_the_record_and_its_versions(client_of, cedar_ridge):
    answer = client_of("auditor").get(URL.format("json"))
    content = json.loads(answer.content)
    assert content["content"]["name"] == "Atlas 2 pre-training"
    assert [version["number"] for version in content["versions"]] == [1]
    assert answer["Content-Disposition"].startswith("attachment")


def test_csv_holds_every_field_and_no_formula(client_of, cedar_ridge, people):
    from declarant.desk.filer.register.kinds import Kind
    from declarant.desk.filer.register.models import Record
    from declarant.desk.filer.register.recording import save_record

    row = Record.objects.get(kind="model", key="atlas-2")
    content = row.content | {"description": "=1+1"}
    save_record(people("engineer"), Kind.MODEL, content, record=row)
    answer = client_of("auditor").get("/register/models/atlas-2/export/csv/")
    lines = dict(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines["id"] == "atlas-2"
    assert lines["description"] == "'=1+1"


def test_the_pdf_can_be_read(client_of, cedar_ridge):
    client = client_of("auditor")
    answer = client.get(URL.format("pdf"))
    with pymupdf.open(stream=answer.content) as pdf:
        text = "".join(page.get_text() for page in pdf)
    for told in ("Atlas 2 pre-training", "phoenix", "30.1e12", "certified"):
        assert told in text
    assert client.get(URL.format("pdf")).content == answer.content


def test_other_forms_and_records_are_nothing(client_of, cedar_ridge):
    client = client_of("auditor")
    assert client.get(URL.format("exe")).status_code == 404
    assert client.get("/register/runs/nowhere/export/json/").status_code == 404
