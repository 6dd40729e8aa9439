"""`declarant audit`: verifying an export or a database, and proving one entry."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.audit_log.logs import KEY, OTHER_KEY, Log, log_of
from tests.cli.running import refused, run, run_json

from declarant.audit_log import SignedHead, leaf_hash
from declarant.audit_log.export import entry_line, file_list, write_export


def exported(folder: Path, log: Log, *heads: SignedHead) -> Path:
    lines = (entry_line(content, leaf_hash(content)) for content in log.contents)
    write_export(folder, lines, heads or [log.head()], file_list([]))
    (folder / "files.sha256").unlink()
    return folder / "entries.jsonl"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The entries of an export of six entries."""
    return exported(tmp_path / "export", log_of(6))


def kept(path: Path, head: SignedHead) -> Path:
    path.write_text(json.dumps(head.as_json(), indent=2))
    return path


def test_entries_alone_are_read_with_heads_kept_elsewhere(log: Path, tmp_path: Path) -> None:
    head = kept(tmp_path / "head.json", log_of(4).head())
    said = run_json("audit", "verify", log, "--head", head)
    assert said["valid"]
    assert (said["entries"], said["covered_by_heads_kept_elsewhere"]) == (6, 4)
    page = run("audit", "verify", log, "--head", head)
    assert "NOTHING WRONG" in page.output
    assert "2 of 6 entries stand under no signed head" in page.output


def test_a_folder_of_heads_and_a_key_are_taken(log: Path, tmp_path: Path) -> None:
    (tmp_path / "heads").mkdir()
    for size in (2, 5):
        kept(tmp_path / "heads" / f"{size}.json", log_of(size).head())
    key = tmp_path / "key.pem"
    key.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    said = run_json("audit", "verify", log, "--head", tmp_path / "heads", "--key", key)
    assert (said["heads"], said["covered_by_heads_kept_elsewhere"]) == (2, 5)
    other = OTHER_KEY.public_key().public_bytes_raw().hex()
    said = run_json("audit", "verify", log, "--head", tmp_path / "heads", "--key", other, status=1)
    assert {item["code"] for item in said["findings"]} == {"audit.head_key"}


def test_the_first_wrong_entry_is_printed_once(log: Path) -> None:
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join([*lines[:3], lines[3].replace("Ada", "Eda"), *lines[4:]]))
    result = run("audit", "verify", log)
    assert result.exit_code == 1
    assert "NOT AS IT WAS" in result.output
    assert result.output.count("entry 3 (content)") == 1
    assert f"{log}:4" in result.output


def test_what_is_no_log_is_refused_with_a_mend(tmp_path: Path, log: Path) -> None:
    assert refused("audit", "verify", tmp_path / "nothing")["code"] == "audit.no_log"
    assert refused("audit", "verify", tmp_path)["code"] == "audit.no_log"
    (tmp_path / "desk.sqlite3").write_bytes(b"no database at all" * 100)
    assert refused("audit", "verify", tmp_path)["code"] == "audit.unreadable"
    (tmp_path / "desk.sqlite3").write_bytes(b"SQLite format 3\x00" + bytes(4080))
    assert refused("audit", "verify", tmp_path)["code"] == "audit.unreadable"
    assert refused("audit", "verify", log, "--head", log)["code"] == "audit.no_head"
    assert refused("audit", "verify", log, "--head", tmp_path / "none")["code"] == "file.unreadable"
    assert refused("audit", "verify", log, "--key", "abc")["code"] == "file.unreadable"
    assert refused("audit", "verify", log, "--key", log)["code"] == "audit.no_key"


@pytest.mark.parametrize("made", [b"", b"\x00\xff" * 50, b"{}\n", b'{"entry":{},"leaf":"00"}\n'])
def test_hostile_entries_are_named_as_the_first_wrong(log: Path, made: bytes) -> None:
    log.write_bytes(made + log.read_bytes())
    said = run_json("audit", "verify", log, status=1 if made else 0)
    assert (said["first_wrong"] or {"index": 0})["index"] == 0


def test_a_database_that_cannot_be_reached_says_so_without_its_password() -> None:
    pytest.importorskip("psycopg")
    url = "postgresql://reader:hunter2@127.0.0.1:1/desk"
    finding = refused("audit", "verify", url)
    assert finding["code"] == "audit.unreadable"
    assert "hunter2" not in str(finding)


def test_one_entry_is_proved_to_whoever_keeps_a_head(tmp_path: Path) -> None:
    log = log_of(6)
    exported(tmp_path / "export", log, log_of(2).head(), log_of(5).head(), log.head())
    head = kept(tmp_path / "kept.json", log_of(5).head())
    proof = tmp_path / "proof.json"
    run_json("audit", "prove", tmp_path / "export", 3, "--out", proof)
    said = run_json("audit", "check", proof, "--head", head)
    assert said["proved"]
    assert said["head_known"]
    assert said["entry"] == json.loads(log.contents[3])
    assert b'"number": 2' not in proof.read_bytes()  # nothing of the other entries
    page = run("audit", "check", proof)
    assert page.exit_code == 0
    assert "whose log it is was not checked" in page.output


def test_a_proof_that_was_changed_anywhere_proves_nothing(log: Path, tmp_path: Path) -> None:
    head = kept(tmp_path / "kept.json", log_of(6).head())
    proof = tmp_path / "proof.json"
    run_json("audit", "prove", log, 4, "--out", proof, "--head", head)
    whole = json.loads(proof.read_text())
    changes: list[tuple[str, Any]] = [
        ("entry", whole["entry"] | {"subject": "run:other"}),
        ("entry", whole["entry"] | {"index": 3}),
        ("entry", whole["entry"] | {"log": "cd" * 16}),
        ("path", whole["path"][::-1]),
        ("path", whole["path"][1:]),
        ("head", whole["head"] | {"size": 5}),
        ("head", whole["head"] | {"root": "0" * 64}),
        ("head", log_of(5).head().as_json()),
    ]
    for name, value in changes:
        proof.write_text(json.dumps(whole | {name: value}))
        said = run_json("audit", "check", proof, "--head", head, status=1)
        assert not said["proved"]
        assert said["why_not"]
    proof.write_text(json.dumps(whole))
    other = OTHER_KEY.public_key().public_bytes_raw().hex()
    assert "another key" in run_json("audit", "check", proof, "--key", other, status=1)["why_not"]
    for damaged in ("", "[]", '{"format": "declarant-audit-proof-1"}', "{" * 10_000):
        proof.write_text(damaged)
        assert refused("audit", "check", proof)["code"] == "audit.proof"
    for name, value in (("path", ["zz"]), ("path", ["00"]), ("path", 7), ("entry", None)):
        proof.write_text(json.dumps(whole | {name: value}))
        assert refused("audit", "check", proof)["code"] == "audit.proof"


def test_what_no_head_covers_cannot_be_proved(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    assert refused("audit", "prove", log, 1, "--out", out)["code"] == "audit.not_covered"
    head = kept(tmp_path / "kept.json", log_of(3).head())
    code = refused("audit", "prove", log, 3, "--out", out, "--head", head)["code"]
    assert code == "audit.not_covered"
    head = kept(tmp_path / "kept.json", log_of(9).head())
    code = refused("audit", "prove", log, 3, "--out", out, "--head", head)["code"]
    assert code == "audit.not_covered"
    assert not out.exists()


@pytest.mark.slow
def test_verifying_needs_no_django(log: Path) -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from declarant.cli.app import app\n"
        f"app(['audit', 'verify', {str(log)!r}], standalone_mode=False)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "NOTHING WRONG" in done.stdout


def test_a_database_on_a_medium_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    import sqlite3

    from tests.audit_log.tables import write_tables

    home = tmp_path / "home"
    home.mkdir()
    log = log_of(4)
    write_tables(home / "desk.sqlite3", log, log.head())
    with sqlite3.connect(home / "desk.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    (home / "desk.sqlite3").chmod(0o400)
    home.chmod(0o500)
    try:
        assert run_json("audit", "verify", home)["entries"] == 4
    finally:
        home.chmod(0o700)
    shutil.copy(home / "desk.sqlite3", tmp_path / "copy.db")
    assert run_json("audit", "verify", tmp_path / "copy.db")["covered_by_heads"] == 4
