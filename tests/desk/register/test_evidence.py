"""Evidence: uploaded as it is, kept in versions, of a kind that is read, and never outside."""

import gzip
import io
import itertools
import struct
import tarfile
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.desk.register.registers import EXAMPLES, RUN

from declarant.desk.filer.register.evidence import add_evidence, remove_evidence, used_by
from declarant.desk.filer.register.models import EvidenceFile
from declarant.desk.filer.register.recognising import recognised
from declarant.desk.filer.register.recording import save_record
from declarant.desk.vault import store_bytes
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db
UPLOAD = "/register/evidence/upload/"


def send(client: Any, *files: tuple[str, bytes], url: str = UPLOAD, **fields: str) -> Any:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(url, {"files": given, "folder": "evidence", "note": "", **fields})


def archive(kind: str) -> bytes:
    held = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(held, "w") as packed:
            packed.writestr("a.txt", "a")
    else:
        with tarfile.open(fileobj=held, mode=kind) as packed:  # type: ignore[call-overload]
            packed.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    return held.getvalue()


def test_uploads_are_kept_with_their_dates(client_of: Any, people: Any, worker: Any) -> None:
    client = client_of("engineer")
    log = (EXAMPLES / "juniper/evidence/sacct.txt").read_bytes()
    answer = send(
        client, ("sacct.txt", log), ("b.log", b"text"), evidence_date="2026-11-01", note="n"
    )
    assert answer.status_code == 302
    row = EvidenceFile.objects.get(path="evidence/sacct.txt")
    assert row.file.read() == log
    assert (row.evidence_date, row.note, row.number) == (date(2026, 11, 1), "n", 1)
    assert (row.uploaded_by, row.recognised) == (people("engineer").name, None)
    worker()
    row.refresh_from_db()
    assert [item["format"] for item in row.recognised] == ["sacct"]
    assert EvidenceFile.objects.get(path="evidence/b.log").recognised == []


def test_a_newer_upload_takes_the_place_and_the_older_one_stays(client_of: Any) -> None:
    client = client_of("engineer")
    send(client, ("a.txt", b"one"))
    first = EvidenceFile.objects.get()
    send(client, ("x.txt", b"two"), url=first.get_absolute_url())
    newer = EvidenceFile.objects.get(current=True)
    assert (newer.path, newer.number, newer.file.read()) == ("evidence/a.txt", 2, b"two")
    first.refresh_from_db()
    assert (first.current, first.file.read()) == (False, b"one")
    page = client.get(first.get_absolute_url()).content.decode()
    assert "version 2 is used" in page


def test_the_same_bytes_again_are_told(client_of: Any) -> None:
    client = client_of("engineer")
    send(client, ("a.txt", b"one"))
    send(client, ("a.txt", b"one"))
    assert EvidenceFile.objects.count() == 1
    answer = client.post(
        UPLOAD, {"files": [SimpleUploadedFile("b.txt", b"one")], "folder": "evidence"}, follow=True
    )
    assert "holds the same bytes as evidence/a.txt" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", archive("zip"), "archive (ZIP)"),
        ("a.tar", archive("w"), "archive (tar)"),
        ("a.tar.gz", archive("w:gz"), "archive (tar.gz)"),
        ("a.gz", gzip.compress(archive("zip")), "archive (ZIP)"),
        ("a.gz", gzip.compress(gzip.compress(b"text")), "no text"),
        ("a.gz", gzip.compress(b"\0" * 10_000), "no text"),
        ("a.exe", b"MZ\x90\0\x03" + bytes(200), "no kind that is read"),
        ("a.so", b"\x7fELF\x02\x01\x01" + bytes(200), "no kind that is read"),
        ("a.pt", b"\x80\x02}q\0.", "no kind that is read"),
        ("a.txt", b"", "empty"),
        ("a.7z", b"7z\xbc\xaf'\x1c" + bytes(50), "archive (7-Zip)"),
    ],
    ids=itertools.count(),  # the bytes differ from one process to the next
)
def test_what_no_reader_and_no_person_reads_is_refused(
    client_of: Any, name: str, content: bytes, said: str
) -> None:
    answer = send(client_of("engineer"), (name, content))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"%PDF-1.7\n" + bytes(range(256))),
        ("windows.txt", "nodes".encode("utf-16")),
        ("log.txt.gz", gzip.compress("步驟 1\n".encode() * 50_000)),
        (
            "events.out.tfevents.1.host",
            struct.pack("<Q", 24) + b"\0\1\2\3brain.Event:2" + bytes(99),
        ),
        ("x.parquet", b"PAR1" + bytes(100) + b"PAR1"),
        ("page.html", b"<script>alert(1)</script>"),
    ],
)
def test_what_somebody_reads_is_taken(client_of: Any, name: str, content: bytes) -> None:
    assert send(client_of("engineer"), (name, content)).status_code == 302
    assert EvidenceFile.objects.get().file.read() == content


@pytest.mark.parametrize(
    "folder",
    [
        "../up",
        "a/../..",
        "/etc",
        "a//b",
        "C:/x",
        "a\\b",
        "evidence/ ",
        "a\u202eb",
        "x" * 300,
        "/".join("abcdefghijklmnopqrstuvwxyz"),
    ],
)
def test_a_path_leads_nowhere_else(client_of: Any, folder: str) -> None:
    answer = send(client_of("engineer"), ("a.txt", b"a"), folder=folder)
    allowed = folder.strip().strip("/")
    held = list(EvidenceFile.objects.values_list("path", flat=True))
    assert held in ([], [f"{allowed}/a.txt"])
    if held:
        assert allowed in ("etc", "evidence"), "only blanks and slashes at the ends are taken away"
    else:
        assert answer.status_code == 422


def test_the_register_itself_and_files_in_files_are_refused(people: Any) -> None:
    engineer = people("engineer")
    add_evidence(engineer, "a/b", store_bytes(b"x", name="x"))
    for path in ("register.yaml", "a", "a/b/c"):
        with pytest.raises(BadInput):
            add_evidence(engineer, path, store_bytes(b"x", name="x"))


@pytest.mark.parametrize(("size", "status"), [(2000, 302), (2001, 422)])
def test_a_file_has_a_limit(
    client_of: Any, settings: Any, home: Any, size: int, status: int
) -> None:
    from dataclasses import replace

    settings.DESK = replace(settings.DESK, upload_limit=2000)
    answer = send(client_of("engineer"), ("a.txt", b"x" * size))
    assert answer.status_code == status
    assert not list((settings.DESK.home / "uploads").iterdir())


def test_a_request_far_beyond_the_limit_is_not_read(client_of: Any, settings: Any) -> None:
    from dataclasses import replace

    settings.DESK = replace(settings.DESK, upload_limit=2000)
    answer = send(client_of("engineer"), ("a.txt", b"x" * (2 << 20)))
    assert answer.status_code == 413
    assert not (settings.DESK.home / "uploads").exists()


def test_an_upload_needs_its_token_and_its_power(client_of: Any, settings: Any) -> None:
    for client, url in (
        (client_of("engineer", enforce_csrf_checks=True), UPLOAD),
        (client_of("engineer", enforce_csrf_checks=True), "/register/import/"),
        (client_of("auditor"), UPLOAD),
        (client_of("certifying_officer"), UPLOAD),
    ):
        assert send(client, ("a.txt", b"x"), url=url).status_code == 403
    assert not EvidenceFile.objects.exists()


def test_a_download_is_only_ever_saved(client_of: Any) -> None:
    send(client_of("engineer"), ("page.html", b"<script>alert(1)</script>"))
    row = EvidenceFile.objects.get()
    answer = client_of("auditor").get(f"{row.get_absolute_url()}download/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_names_a_file_is_known_also_through_a_folder(small: Any, record: Any) -> None:
    for path in ("evidence/runs/1/meta.yaml", "evidence/runs/2/meta.yaml", "evidence/alone.txt"):
        add_evidence(small, path, store_bytes(path.encode(), name="x"))
    run = {**RUN, "configuration": "evidence/alone.txt"}
    run["parts"] = [{**RUN["parts"][0], "log": {"files": ["evidence/runs"]}}]
    save_record(small, "run", run, record=record("run", "r-1"))
    uses = used_by(["evidence/runs/1/meta.yaml", "evidence/alone.txt", "evidence/none"])
    assert [[use.field for use in held] for held in uses.values()] == [
        ["parts[0].log.files[0]"],
        ["configuration"],
        [],
    ]
    with pytest.raises(BadInput, match="Run one"):
        remove_evidence(small, EvidenceFile.objects.get(path="evidence/alone.txt"), why="x")
    remove_evidence(small, EvidenceFile.objects.get(path="evidence/runs/1/meta.yaml"), why="x")
    with pytest.raises(BadInput):
        remove_evidence(small, EvidenceFile.objects.get(path="evidence/runs/2/meta.yaml"), why="x")


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("cedar-ridge/evidence/phoenix/machines.csv", "csv-machines"),
        ("cedar-ridge/evidence/phoenix/lab-ibnetdiscover.txt", "ibnetdiscover"),
        ("juniper/evidence/train.log", "megatron-log"),
        ("juniper/evidence/metered.parquet", "metered"),
        ("juniper/evidence/config.json", "config-json"),
    ],
)
def test_a_file_is_recognised_by_its_content(path: str, format: str) -> None:
    formats = [item.format for item in recognised(EXAMPLES / path, "renamed.bin")]
    assert format in formats


def test_hostile_bytes_are_recognised_as_nothing(tmp_path: Any) -> None:
    for content in (
        b"\xff\xfe" * 999,
        b"{" * 99_999,
        b"<?xml " + b"<a>" * 9999,
        b"\x1f\x8b\x08junk",
    ):
        (tmp_path / "x").write_bytes(content)
        assert recognised(tmp_path / "x", "x") == []
