"""Work off line: a file goes out and comes back; what it changes is shown, then taken over."""

import io
import zipfile

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.desk.questions.desk import text

pytestmark = pytest.mark.django_db
KEY = "training-integrity"


@pytest.fixture
def record(desk_of_answers):
    record = desk_of_answers.asked()
    desk_of_answers.writes(record, KEY, text("first wording"))
    return record


def rewritten(workbook: bytes, before: str, after: str) -> bytes:
    """The spreadsheet with the cell that says `before` saying `after`."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == before]
    assert cells, f"no cell says {before!r}"
    for cell in cells:
        cell.value = after
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def rewritten_document(document: bytes, before: str, after: str) -> bytes:
    """The document with the text `before` replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(written, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "word/document.xml":
                assert before.encode() in data
                data = data.replace(before.encode(), after.encode())
            new.writestr(item, data)
    docx.Document(io.BytesIO(written.getvalue()))
    return written.getvalue()


def upload(client, record, data: bytes, name: str):
    """Bring a file back; return the preview's response."""
    url = reverse("questions:offline", args=[record.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_file_goes_out_and_comes_back(client_of, desk_of_answers, record, form):
    client = client_of("engineer")
    data = client.get(reverse("questions:take", args=[record.pk, form])).content
    change = rewritten if form == "xlsx" else rewritten_document
    response = upload(client, record, change(data, "first wording", "second"), f"q.{form}")
    page = response.content.decode()
    assert "<ins>" in page
    assert desk_of_answers.question(record, KEY).draft.number == 1, "nothing is changed yet"
    confirmed = client.post(response.redirect_chain[-1][0], {"question": [KEY]}, follow=True)
    assert "1 answers were taken over" in confirmed.content.decode()
    version = desk_of_answers.question(record, KEY).draft.current
    assert (version.number, version.content["passages"][0]["text"]) == (2, "second")
    assert version.origin == ("spreadsheet" if form == "xlsx" else "document")
    again = client.post(response.redirect_chain[-1][0], {"question": [KEY]}, follow=True)
    assert "taken over already" in again.content.decode()


def test_an_untouched_file_changes_nothing(client_of, record):
    client = client_of("engineer")
    data = client.get(reverse("questions:take", args=[record.pk, "xlsx"])).content
    page = upload(client, record, data, "q.xlsx").content.decode()
    assert "It changes nothing" in page


def test_what_was_changed_meanwhile_is_a_conflict_and_both_are_kept(
    client_of, desk_of_answers, record
):
    client = client_of("engineer")
    data = client.get(reverse("questions:take", args=[record.pk, "xlsx"])).content
    desk_of_answers.writes(record, KEY, text("at the desk"), by=desk_of_answers.preparer)
    response = upload(client, record, rewritten(data, "first wording", "off line"), "q.xlsx")
    assert "The file was made from version 1; version 2 stands now" in response.content.decode()
    client.post(response.redirect_chain[-1][0], {"question": [KEY]})
    rows = desk_of_answers.question(record, KEY).draft.versions.order_by("number")
    assert [(r.number, r.content["passages"][0]["text"], r.aside) for r in rows] == [
        (1, "first wording", False),
        (2, "at the desk", False),
        (3, "off line", True),
    ]
    assert desk_of_answers.question(record, KEY).draft.number == 2


def test_what_is_not_chosen_is_left(client_of, desk_of_answers, record):
    client = client_of("engineer")
    data = client.get(reverse("questions:take", args=[record.pk, "xlsx"])).content
    response = upload(client, record, rewritten(data, "first wording", "second"), "q.xlsx")
    client.post(response.redirect_chain[-1][0], {})
    assert desk_of_answers.question(record, KEY).draft.number == 1


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("q.xlsx", b"no archive", "id_file_error"),
        ("q.xlsx", bomb(), "id_file_error"),
        ("q.exe", b"MZ", "neither a spreadsheet"),
        ("q.docx", b"PK\x03\x04cut off", "id_file_error"),
    ],
)
def test_hostile_files_are_refused_and_change_nothing(client_of, record, name, data, told):
    from declarant.desk.filer.questions.models import OfflineUpload

    response = upload(client_of("engineer"), record, data, name)
    assert response.status_code == 422
    page = response.content.decode()
    assert told in page or "This cannot be saved yet" in page
    assert not OfflineUpload.objects.exists()


def test_a_file_of_other_questions_is_refused(client_of, desk_of_answers, record, agency):
    from tests.desk.agency_side import EXAMPLE

    from declarant.filing.exchange.question_file import read_questions

    other = desk_of_answers.asked(read_questions(EXAMPLE).questions[:4])
    client = client_of("engineer")
    data = client.get(reverse("questions:take", args=[other.pk, "xlsx"])).content
    response = upload(client, record, data, "q.xlsx")
    assert response.status_code == 422
    assert "was made for other questions" in response.content.decode().lower()
