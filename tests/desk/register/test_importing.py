"""A register folder comes in whole or not at all, and goes out as it came."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from tests.desk.register.registers import EXAMPLES

from declarant.desk.filer.register.checkout import fingerprint
from declarant.desk.filer.register.exporting import exported
from declarant.desk.filer.register.importing import import_folder
from declarant.desk.filer.register.models import EvidenceFile, Import, Record
from declarant.desk.filer.register.recording import save_record
from declarant.desk.work.models import Job

pytestmark = pytest.mark.django_db
IMPORT = "/register/import/"


def packed(folder: Path, **more: bytes) -> bytes:
    """The ZIP file of a folder, as a file manager makes it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"{folder.name}/{path.relative_to(folder)}")
        for name, content in more.items():
            archive.writestr(f"{folder.name}/{name}", content)
    return held.getvalue()


def upload(client: Any, content: bytes, name: str = "register.zip") -> Import:
    answer = client.post(IMPORT, {"files": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def state(row: Import) -> str:
    return str(Import.objects.get(pk=row.pk).state)


def test_preview_confirm_and_then_everything_stands(client_of: Any, worker: Any) -> None:
    client = client_of("engineer")
    row = upload(client, packed(EXAMPLES / "cedar-ridge", **{"README.md": b"notes"}))
    worker()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Ready to confirm" in page
    assert all(text in page for text in ("Atlas 2 pre-training", "evidence/phoenix/links.csv"))
    assert "README.md" in page, "files that the register does not name are told"
    assert not Record.objects.exists()
    client.post(f"{row.get_absolute_url()}confirm/")
    worker()
    assert state(row) == "applied"
    assert Record.objects.filter(active=True).count() == 15
    assert EvidenceFile.objects.filter(current=True).count() == 12
    assert not EvidenceFile.objects.filter(recognised__isnull=True).exists()
    assert Job.objects.filter(kind="assessment.assess").count() == 1
    assert "It was taken in" in client.get(row.get_absolute_url()).content.decode()


def test_a_register_goes_out_and_comes_in_again_byte_by_byte(example: Any, home: Path) -> None:
    engineer = example("juniper")
    first = b"".join(exported("juniper"))
    assert first == b"".join(exported("juniper"))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        archive.extractall(home / "out")
    before = fingerprint()
    summary = import_folder(engineer, home / "out" / "juniper")
    assert (summary.changes, fingerprint()) == (0, before)
    text = (home / "out" / "juniper" / "register.yaml").read_text()
    assert "Who reports" in text
    program = [sys.executable, "-m", "declarant", "count", "--json", "--as-of", "2026-12-15"]
    totals = [
        subprocess.run([*program, str(folder)], capture_output=True, text=True, check=False)
        for folder in (EXAMPLES / "juniper", home / "out" / "juniper")
    ]
    assert [item.returncode for item in totals] in ([0, 0], [1, 1])
    assert _figures(totals[0].stdout) == _figures(totals[1].stdout)


def _figures(text: str) -> Any:
    """What `declarant count` says, without places and the bytes of the register itself."""
    import json

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: bare(item) for key, item in value.items() if key not in ("where", "register")
            }
        if isinstance(value, list):
            return [bare(item) for item in value]
        return value

    return bare(json.loads(text))


def test_the_export_is_streamed_under_the_name_of_the_person(example: Any, client_of: Any) -> None:
    example("cedar-ridge")
    answer = client_of("auditor").get("/register/export/")
    assert answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="cedar-ridge-ai-inc.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        assert "cedar-ridge-ai-inc/register.yaml" in archive.namelist()
        assert len(archive.namelist()) == 13


def test_what_the_folder_lacks_stays_unless_somebody_asks(
    example: Any, client_of: Any, worker: Any
) -> None:
    example("cedar-ridge")
    client = client_of("engineer")
    row = upload(client, packed(EXAMPLES / "juniper"))
    worker()
    client.post(f"{row.get_absolute_url()}confirm/")
    worker()
    assert Record.objects.filter(kind="run", active=True).count() == 4
    assert Record.objects.get(kind="person").name == "Juniper Hollow Labs, Inc."
    row = upload(client, packed(EXAMPLES / "juniper"))
    worker()
    client.post(f"{row.get_absolute_url()}confirm/", {"with_removals": "yes"})
    worker()
    assert list(Record.objects.filter(kind="run", active=True).values_list("key", flat=True)) == [
        "juniper-8b-pretraining"
    ]
    assert EvidenceFile.objects.filter(current=True).count() == 4
    assert EvidenceFile.objects.count() == 16, "what was taken out is kept"


def test_an_import_is_confirmed_once(client_of: Any, worker: Any) -> None:
    client = client_of("engineer")
    row = upload(client, packed(EXAMPLES / "juniper"))
    worker()
    for _ in range(2):
        client.post(f"{row.get_absolute_url()}confirm/")
    assert Job.objects.filter(kind="register.apply").count() == 1
    worker()
    assert Record.objects.get(kind="person").number == 1


def test_a_register_that_changed_meanwhile_is_compared_again(
    example: Any, client_of: Any, worker: Any, record: Any
) -> None:
    engineer = example("cedar-ridge")
    client = client_of("engineer")
    row = upload(client, packed(EXAMPLES / "juniper"))
    worker()
    model = record("model", "atlas-1")
    save_record(engineer, "model", {**model.content, "name": "Renamed"}, record=model)
    client.post(f"{row.get_absolute_url()}confirm/")
    worker()
    assert state(row) == "ready"
    page = client.get(row.get_absolute_url()).content.decode()
    assert "was changed since this folder was looked at" in page
    client.post(f"{row.get_absolute_url()}confirm/")
    worker()
    assert state(row) == "applied"


def test_a_discarded_import_changes_nothing(client_of: Any, worker: Any) -> None:
    client = client_of("engineer")
    row = upload(client, packed(EXAMPLES / "juniper"))
    worker()
    client.post(f"{row.get_absolute_url()}discard/")
    client.post(f"{row.get_absolute_url()}confirm/")
    worker()
    assert state(row) == "discarded"
    assert not Record.objects.exists()


def test_an_import_may_be_cancelled_while_it_is_looked_at(client_of: Any, worker: Any) -> None:
    client = client_of("engineer")
    row = upload(client, packed(EXAMPLES / "juniper"))
    client.post(f"/work/{row.job_id}/cancel/")
    worker()
    assert Job.objects.get(pk=row.job_id).state == "cancelled"
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("model: juniper-8b", "model: juniper-9b", "there is no 'juniper-9b' in models"),
        ("status: in_progress", "status: resting", "(runs[0].status)"),
        ("evidence/train.log", "evidence/other.log", "there is no evidence file"),
        ("evidence/train.log", "../../etc/passwd", "or `..`"),
        ("register: 1", "register: 2", "Input should be 1"),
        ("register: 1", "register: 1\nregister: 1", "stands twice"),
    ],
)
def test_a_register_that_does_not_fit_is_refused_with_its_line(
    client_of: Any, worker: Any, tmp_path: Path, before: str, after: str, said: str
) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    text = (EXAMPLES / "juniper/register.yaml").read_text()
    assert before in text
    (folder / "register.yaml").write_text(text.replace(before, after, 1))
    for file in (EXAMPLES / "juniper/evidence").iterdir():
        (folder / "evidence").mkdir(exist_ok=True)
        (folder / "evidence" / file.name).write_bytes(file.read_bytes())
    client = client_of("engineer")
    row = upload(client, packed(folder))
    worker()
    assert state(row) == "refused"
    page = client.get(row.get_absolute_url()).content.decode()
    assert said in page.replace("&#x27;", "'"), page
    assert not Record.objects.exists()


def test_evidence_that_is_at_the_desk_already_need_not_be_packed(
    client_of: Any, worker: Any, tmp_path: Path
) -> None:
    client = client_of("engineer")
    for file in (EXAMPLES / "juniper/evidence").iterdir():
        given = SimpleUploadedFile(file.name, file.read_bytes())
        client.post("/register/evidence/upload/", {"files": [given], "folder": "evidence"})
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "register.yaml").write_bytes((EXAMPLES / "juniper/register.yaml").read_bytes())
    row = upload(client, packed(folder))
    worker()
    assert state(row) == "ready"


def test_the_command_imports_previews_and_replaces(db: None, capsys: Any, tmp_path: Path) -> None:
    call_command("import_register", EXAMPLES / "cedar-ridge", "--preview")
    assert "new      run atlas-1-pretraining" in capsys.readouterr().out
    assert not Record.objects.exists()
    call_command("import_register", EXAMPLES / "cedar-ridge")
    assert "15 new" in capsys.readouterr().out
    call_command("import_register", EXAMPLES / "juniper", "--replace")
    assert "13 removed" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"no folder with a register\.yaml"):
        call_command("import_register", tmp_path)


def test_a_link_in_a_folder_on_the_server_is_not_followed(people: Any, tmp_path: Path) -> None:
    from declarant.problems import BadInput

    (tmp_path / "register.yaml").write_text(
        (EXAMPLES / "juniper/register.yaml").read_text().replace("evidence/train.log", "passwd")
    )
    (tmp_path / "evidence").symlink_to(EXAMPLES / "juniper/evidence")
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match="there is no evidence file"):
        import_folder(people("engineer"), tmp_path)
    assert not EvidenceFile.objects.exists()
