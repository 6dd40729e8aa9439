from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import refused, run, run_json
from tests.compute.tracker.ledgers import train


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    train(tmp_path, range(10), evaluations=1)
    train(tmp_path, range(8, 12))
    return tmp_path


def break_it(folder: Path) -> None:
    (file,) = folder.rglob("*.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], *lines[4:]]))


def test_show_in_words(ledger: Path) -> None:
    shown = run("ledger", "show", ledger)
    assert shown.exit_code == 0
    assert all(word in shown.stdout for word in ("training", "lost steps", "evaluation"))
    assert "1.44e2" in shown.stdout
    assert "2.40e1" in shown.stdout


def test_show_as_json(ledger: Path) -> None:
    document = run_json("ledger", "show", ledger)
    pieces = {piece["id"]: piece["executed_operations"]["best"] for piece in document["pieces"]}
    assert pieces == {"kept": "144", "lost": "24", "evaluation": "12"}
    assert document["facts"]["run"] == "try"


def test_verify_holds(ledger: Path) -> None:
    document = run_json("ledger", "verify", ledger)
    assert document["holds"]
    (file,) = document["files"]
    again = run_json("ledger", "verify", ledger, "--head", file["head"])
    assert again["heads"][0]["line"] == file["records"]
    assert "note a head" in run("ledger", "verify", ledger).stdout


def test_a_broken_chain_is_status_one(ledger: Path) -> None:
    break_it(ledger)
    document = run_json("ledger", "verify", ledger, status=1)
    assert not document["holds"]
    assert document["findings"][0]["code"] == "tracker.chain_broken"
    assert document["findings"][0]["where"].endswith(":4")
    assert run("ledger", "verify", ledger).exit_code == 1
    assert run("ledger", "show", ledger).exit_code == 1


def test_a_head_that_is_not_there_is_status_one(ledger: Path) -> None:
    document = run_json("ledger", "verify", ledger, "--head", "ab" * 32, status=1)
    assert document["findings"][0]["code"] == "tracker.head_missing"


@pytest.mark.parametrize("command", ["show", "verify"])
def test_what_is_no_ledger_is_refused(tmp_path: Path, command: str) -> None:
    assert refused("ledger", command, tmp_path)["code"] == "tracker.no_files"
    assert refused("ledger", command, tmp_path / "nowhere")["code"] == "file.missing"
    file = tmp_path / "rank-00000.ledger.jsonl"
    file.write_text("no record\n")
    assert refused("ledger", command, tmp_path)["code"] == "tracker.no_section"


def test_a_head_that_is_none_is_refused(ledger: Path) -> None:
    assert refused("ledger", "verify", ledger, "--head", "xyz")["where"] == "--head"
