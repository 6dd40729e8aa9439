"""The commands key, file and verify, as somebody types them."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from declarant.cli.app import app

REGISTER = """
register: 1
person:
  name: Acme Models, Inc.
  kind: legal
  covered:
    us-bis-702-7: {answer: "yes", grounds: [organized_in_us], why: A Delaware corporation.}
contacts:
  - {name: Pat Doe, role: certifying_officer, email: pat@acme.example}
  - {name: 林怡君, role: preparer, email: lin@acme.example}
agency: {name: Bureau of Industry and Security, email: in@agency.example}
models:
  - {id: m, name: Model M}
runs:
  - id: big
    name: Big run
    model: m
    status: completed
    start: 2026-10-01
    end: 2026-12-01
    parts:
      - id: one
        stage: pre-training
        purpose: pre_training
        share: done
        start: 2026-10-01
        end: 2026-12-01
        evidence: [log.txt]
        counts:
          - method: stated
            model_operations: AMOUNT
            executed_operations: AMOUNT
            convention: counted by hand
            evidence: [log.txt]
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "register.yaml").write_text(REGISTER.replace("AMOUNT", "1.2e26"), encoding="utf-8")
    (folder / "log.txt").write_text("counted")
    return folder


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("key")
    assert run("key", "make-trial", "--out", folder, "--name", "Pat Doe").exit_code == 0
    return folder / "trial-key.pem"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(item) for item in arguments])


def filed(register: Path, out: Path, *more: object) -> Result:
    return run("file", register, "--quarter", "2026Q4", "--date", "2027-01-08", "--out", out, *more)


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_trial_key_says_so_and_is_not_overwritten(tmp_path: Path) -> None:
    made = run("key", "make-trial", "--out", tmp_path / "k")
    assert "TRIAL ONLY: never file with this key" in made.stdout
    key = tmp_path / "k" / "trial-key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    held = key.read_bytes()
    again = run("key", "make-trial", "--out", tmp_path / "k")
    assert again.exit_code == 2
    assert key.read_bytes() == held


def test_generating_writes_a_draft_and_changes_nothing(register: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in register.iterdir()}
    result = filed(register, tmp_path / "out", "--json")
    assert result.exit_code == 0
    told = as_json(result)
    assert (told["signed"], told["document"]["kind"]) == (False, "notification")
    assert set(told["files"]) == {"document", "form", "calendar", "manifest", "draft"}
    assert all(Path(path).stat().st_size for path in told["files"].values())
    assert {file: file.read_bytes() for file in register.iterdir()} == before
    again = as_json(filed(register, tmp_path / "again", "--json"))
    for role, path in told["files"].items():
        assert Path(path).read_bytes() == Path(again["files"][role]).read_bytes()


def test_without_options_it_tells_a_person_what_to_do(register: Path, tmp_path: Path) -> None:
    shown = filed(register, tmp_path / "out").stdout
    assert "never made final" in shown
    assert "Filed voluntarily" in shown
    assert "Not signed: the message is a draft" in shown


def test_sign_verify_and_detect_a_changed_byte(register: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = as_json(filed(register, out, "--sign-with", key, "--tick", "all", "--json"))
    codes = {finding["code"] for finding in told["findings"]}
    # the second one as long as the day of the test lies before the day of preparing
    assert {"certificate.trial"} <= codes <= {"certificate.trial", "signature.before_prepared"}
    message = Path(told["files"]["message"])
    assert message.name == "notification-2026Q4.eml"
    certificate = key.with_name("trial-certificate.pem")
    options = ("--certificate", certificate, "--evidence", register, "--json")
    result = run("verify", message, *options)
    assert (result.exit_code, as_json(result)["valid"]) == (0, True)

    changed = tmp_path / "changed.eml"
    changed.write_bytes(message.read_bytes().replace(b"Reportable", b"Reputable!", 1))
    result = run("verify", changed, *options)
    assert (result.exit_code, as_json(result)["valid"]) == (1, False)
    (finding,) = [f for f in as_json(result)["findings"] if f["severity"] == "error"]
    assert finding["code"] == "signature.content_changed"
    assert finding["where"] == f"{changed} (signed part)"
    assert finding["mend"]

    (register / "log.txt").write_text("Counted")
    result = run("verify", message, *options)
    assert [f["code"] for f in as_json(result)["findings"] if f["severity"] == "error"] == [
        "evidence.changed"
    ]


def test_for_people_the_findings_stand_below_the_verdict(
    register: Path, key: Path, tmp_path: Path
) -> None:
    filed(register, tmp_path / "out", "--sign-with", key)
    result = run("verify", tmp_path / "out" / "notification-2026Q4.eml")
    assert result.exit_code == 0
    assert "VALID (no errors)" in result.stdout
    assert "Identity: not checked" in result.stdout
    assert "the certificate says that it is for trial only" in result.stdout


def test_document_and_form_are_verified_alone(register: Path, tmp_path: Path) -> None:
    files = as_json(filed(register, tmp_path / "out", "--json"))["files"]
    assert run("verify", files["document"]).exit_code == 0
    assert run("verify", files["form"]).exit_code == 0
    alone = shutil.copy(files["form"], tmp_path / "alone.pdf")
    assert run("verify", alone).exit_code == 1
    assert run("verify", files["draft"]).exit_code == 1
    assert run("verify", files["draft"], "--draft").exit_code == 0


def test_an_encrypted_message_is_written_beside_the_signed_one(
    register: Path, key: Path, tmp_path: Path
) -> None:
    certificate = key.with_name("trial-certificate.pem")
    told = as_json(
        filed(register, tmp_path / "out", "--sign-with", key, "--encrypt-to", certificate, "--json")
    )
    assert told["encrypted"]
    sealed = told["files"]["encrypted"]
    assert run("verify", sealed).exit_code == 2
    opened = run("verify", sealed, "--decrypt-with", key, "--json")
    assert (opened.exit_code, as_json(opened)["encrypted"]) == (0, True)


def test_a_signed_message_is_never_overwritten(register: Path, key: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert filed(register, out, "--sign-with", key).exit_code == 0
    held = {file.name: file.read_bytes() for file in out.iterdir()}
    for more in (("--sign-with", key), ()):
        refused = filed(register, out, *more)
        assert refused.exit_code == 2
    assert {file.name: file.read_bytes() for file in out.iterdir()} == held


def test_below_the_limit_an_affirmation_is_written(register: Path, tmp_path: Path) -> None:
    text = REGISTER.replace("AMOUNT", "1e26")
    text += "filings:\n  - {quarter: 2026Q3, kind: notification, sent: 2026-10-12}\n"
    (register / "register.yaml").write_text(text, encoding="utf-8")
    told = as_json(filed(register, tmp_path / "out", "--json"))
    assert told["document"]["kind"] == "affirmation"
    document = json.loads(Path(told["files"]["document"]).read_bytes())
    assert (document["sequence"], len(document["owed"])) == (1, 7)


def test_the_former_filing_of_the_register_is_compared_with(
    register: Path, key: Path, tmp_path: Path
) -> None:
    first = run(
        "file", register, "--quarter", "2026Q3", "--date", "2026-10-08", "--out", register / "sent",
        "--sign-with", key, "--json",
    )  # fmt: skip
    text = REGISTER.replace("AMOUNT", "1.3e26")
    text += (
        "filings:\n  - quarter: 2026Q3\n    kind: notification\n    sent: 2026-10-12\n"
        "    document: sent/notification-2026Q3.eml\n"
    )
    (register / "register.yaml").write_text(text, encoding="utf-8")
    told = as_json(filed(register, tmp_path / "out", "--json"))
    document = json.loads(Path(told["files"]["document"]).read_bytes())
    assert document["former"]["id"] == as_json(first)["document"]["id"]
    (activity,) = document["activities"]
    assert activity["standing"] == "changed"
    assert "Amount" in {change["field"] for change in activity["changes"]}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--encrypt-to", "x.pem"), "only a signed message is encrypted"),
        (("--sign-with", "nowhere.pem"), "cannot be read"),
        (("--tick", "everything"), "there is no statement 'everything'"),
        (("--confirm", "because"), "gives no reason"),
        (("--former", "nowhere.json"), "cannot be read"),
        (("--regime", "us-ca-sb53"), "has no quarterly dates"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_mend(
    register: Path, tmp_path: Path, more: tuple[str, ...], words: str
) -> None:
    result = filed(register, tmp_path / "out", *more)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "mend:" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_document_nobody_signed_is_not_valid_for_whoever_names_a_signer(
    register: Path, key: Path, tmp_path: Path
) -> None:
    files = as_json(filed(register, tmp_path / "out", "--json"))["files"]
    certificate = key.with_name("trial-certificate.pem")
    for role in ("document", "form", "draft"):
        for option in ("--certificate", "--trust"):
            result = run("verify", files[role], option, certificate, "--draft", "--json")
            assert (result.exit_code, as_json(result)["valid"]) == (1, False)
            wrong = [f for f in as_json(result)["findings"] if f["severity"] == "error"]
            assert [finding["code"] for finding in wrong] == ["signature.absent"]


def test_a_form_of_another_version_is_left_out_only_on_request(
    register: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from declarant.filing.verification import rendering

    files = as_json(filed(register, tmp_path / "out", "--sign-with", key, "--json"))["files"]
    monkeypatch.setattr(rendering, "__version__", "9.9")
    monkeypatch.setattr(rendering, "render", lambda _: rendering_of(b"%PDF-another layout"))
    refused = run("verify", files["message"])
    assert refused.exit_code == 1
    assert "form.not_compared" in refused.stdout
    assert run("verify", files["message"], "--ignore-form").exit_code == 0
    assert run("verify", files["form"], "--ignore-form").exit_code == 1
    assert run("verify", files["document"]).exit_code == 0


def rendering_of(pdf: bytes) -> Any:
    from declarant.filing.pdf import Form

    return Form(pdf, ())


@pytest.mark.parametrize("name", ["", "."])
@pytest.mark.parametrize("before", [(), ("nowhere.eml", "--certificate")])
def test_a_folder_or_an_empty_name_is_no_file(name: str, before: tuple[str, ...]) -> None:
    result = run("verify", *before, name)
    assert result.exit_code == 2
    assert "is a folder, not a file" in result.stderr


def test_filing_long_after_the_quarter_is_questioned(register: Path, tmp_path: Path) -> None:
    told = as_json(
        run("file", register, "--quarter", "2026Q3", "--date", "2027-02-01",
            "--out", tmp_path / "out", "--json")
    )  # fmt: skip
    (found,) = [f for f in told["findings"] if f["code"] == "document.long_late"]
    assert "due on 2026-10-15" in found["what"]
    assert "the quarter is the one meant" in found["mend"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"hello"])
def test_what_cannot_be_read_ends_with_2_and_a_finding(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "m.eml"
    file.write_bytes(content)
    result = run("verify", file, "--json")
    assert result.exit_code == 2
    told = as_json(result)
    assert told["valid"] is False
    assert told["findings"][0]["code"] in ("verify.empty", "verify.unknown")
    assert run("verify", tmp_path / "nowhere.eml").exit_code == 2


def test_a_locked_key_without_a_terminal_is_refused_or_opened_by_the_environment(
    register: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.hazmat.primitives import serialization

    held = serialization.load_pem_private_key(key.read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        held.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    options = ("--sign-with", locked, "--certificate", key.with_name("trial-certificate.pem"))
    assert "no terminal to ask" in filed(register, tmp_path / "a", *options).stderr
    monkeypatch.setenv("DECLARANT_KEY_PASSPHRASE", "wrong")
    assert (
        "cannot be opened with this passphrase" in filed(register, tmp_path / "b", *options).stderr
    )
    monkeypatch.setenv("DECLARANT_KEY_PASSPHRASE", "secret")
    assert filed(register, tmp_path / "c", *options).exit_code == 0
