"""Evidence: kept as it is, with its own date and mark; hostile names and content stay inert."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from declarant.desk.filer.questions.attaching import safe_name
from declarant.problems import BadInput

KEY = "training-integrity"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report 2027.pdf", "report 2027.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("系統安全計畫.json", "系統安全計畫.json"),
        ("a\x00b\u202egpj.exe", "a_b_gpj.exe"),
        (".hidden", "hidden"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_travel_without_folders_and_tricks(given, kept):
    assert safe_name(given) == kept


@pytest.mark.parametrize("given", ["", "...", "/", " "])
def test_a_name_of_nothing_is_refused(given):
    with pytest.raises(BadInput, match="no name"):
        safe_name(given)


@pytest.fixture
def record(desk_of_answers):
    return desk_of_answers.asked()


def attach(client, question, file=None, **more):
    """What the form of a file sends."""
    sent = {"number": str(question.draft.number)}
    sent |= {f"attach-{name}": value for name, value in more.items()}
    if file is not None:
        sent["attach-file"] = file
    return client.post(reverse("questions:attach", args=[question.pk]), sent)


@pytest.mark.django_db
def test_a_file_is_attached_with_its_own_date_and_given_out_inert(
    client_of, desk_of_answers, record
):
    page = b"<html><script>alert(1)</script></html>"
    file = SimpleUploadedFile("../audit.html", page, content_type="text/html")
    mark = {"confidential": "on", "basis": "business_information"}
    held = desk_of_answers.question(record, KEY)
    response = attach(client_of("engineer"), held, file, dated="2026-11-02", **mark)
    assert response.status_code == 302
    row = desk_of_answers.question(record, KEY).draft.attachments.get()
    assert (row.name, row.dated, row.confidential) == ("audit.html", date(2026, 11, 2), True)
    given = client_of("auditor").get(reverse("questions:attachment", args=[row.pk]))
    assert given["Content-Type"] == "application/octet-stream"
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert b"".join(given.streaming_content) == page
    current = desk_of_answers.question(record, KEY).draft.current
    assert current.answer.evidence == (row.file.sha256,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "more", "told"),
    [
        (None, {}, "Upload a file"),
        (SimpleUploadedFile("a.pdf", b""), {}, "empty"),
        (SimpleUploadedFile("a.pdf", b"x"), {"confidential": "on"}, "Choose on what"),
        (SimpleUploadedFile("a.pdf", b"x"), {"dated": "yesterday"}, "valid date"),
        (SimpleUploadedFile("a.pdf", b"x"), {"evidence": "999"}, "available choices"),
    ],
)
def test_what_is_wrong_with_a_file_stands_at_its_field(
    client_of, desk_of_answers, record, file, more, told
):
    held = desk_of_answers.question(record, KEY)
    response = attach(client_of("engineer"), held, file, **more)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not held.draft.attachments.exists()


@pytest.mark.django_db
def test_evidence_of_the_register_is_chosen(client_of, desk_of_answers, record):
    from django.utils import timezone

    from declarant.desk.filer.register.models import EvidenceFile
    from declarant.desk.vault import store_bytes

    evidence = EvidenceFile.objects.create(
        path="evidence/harbor/ssp.json",
        number=1,
        file=store_bytes(b"{}", name="ssp.json"),
        evidence_date=date(2026, 11, 20),
        uploaded=timezone.now(),
        uploaded_by="Erik",
    )
    held = desk_of_answers.question(record, KEY)
    assert attach(client_of("engineer"), held, evidence=str(evidence.pk)).status_code == 302
    row = desk_of_answers.question(record, KEY).draft.attachments.get()
    assert (row.name, row.dated, row.file) == ("ssp.json", date(2026, 11, 20), evidence.file)


@pytest.mark.django_db
def test_a_file_goes_out_once_under_a_name_of_its_own(desk_of_answers, record):
    from tests.desk.questions.desk import text

    from declarant.desk.filer.questions.attaching import About
    from declarant.desk.filer.questions.attaching import attach as attached
    from declarant.desk.vault import store_bytes

    one, two = store_bytes(b"one", name="a"), store_bytes(b"two", name="a")
    for key, files in ((KEY, (one,)), ("safety-other", (one, two))):
        desk_of_answers.writes(record, key, text("see the files"))
        for file in files:
            held = desk_of_answers.question(record, key)
            about = About("report.txt", "Report", date(2027, 1, 4))
            attached(desk_of_answers.engineer, held, file, about, base=held.draft.number)
        desk_of_answers.approved(record, key)
    package = desk_of_answers.certified(desk_of_answers.prepared(record, [KEY, "safety-other"]))
    names = {file.sha256: file.name for file in package.answer_set.evidence}
    assert names == {one.sha256: "report.txt", two.sha256: "report (2).txt"}
