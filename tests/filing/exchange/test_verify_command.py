"""`declarant verify` on messages of the exchange."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.filing.exchange.conftest import FILES, sent_at
from typer.testing import CliRunner

from declarant.cli.app import app
from declarant.filing.exchange.sending import ready
from declarant.filing.keys import SignerInMemory
from declarant.filing.message import signed_message

run = CliRunner().invoke


@pytest.fixture(scope="module")
def folder(
    exchange: dict[str, Any],
    trial: SignerInMemory,
    trial_pem: tuple[bytes, bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Questions and answers as messages, the receipt as a document, a form, the certificate."""
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "certificate.pem").write_bytes(trial_pem[1])
    for name in ("question_set", "answer_set"):
        filing = ready(exchange[name], FILES)
        message = signed_message(filing, trial, sent_at(exchange[name]))
        (folder / f"{name}.eml").write_bytes(message)
    form = ready(exchange["answer_set"], FILES).attachments[1]
    (folder / "answers.pdf").write_bytes(form.data)
    (folder / "answers.json").write_bytes(exchange["answer_set"].as_bytes())
    (folder / "receipt.json").write_bytes(exchange["receipt"].as_bytes())
    return folder


def test_answers_to_these_questions(folder: Path, exchange: dict[str, Any]) -> None:
    done = run(
        app,
        [
            "verify",
            str(folder / "answer_set.eml"),
            "--reply-to",
            str(folder / "question_set.eml"),
            "--certificate",
            str(folder / "certificate.pem"),
        ],
    )
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "VALID (no errors)" in said
    assert exchange["question_set"].id in said
    assert "red-team-report-2027-01.pdf: intact" in said


def test_answers_to_something_else(folder: Path) -> None:
    done = run(
        app,
        [
            "verify",
            str(folder / "receipt.json"),
            "--reply-to",
            str(folder / "question_set.eml"),
            "--json",
        ],
    )
    assert done.exit_code == 1
    published = json.loads(done.output)
    assert published["document"]["kind"] == "receipt"
    assert "reply.other_document" in {item["code"] for item in published["findings"]}


def test_a_form_beside_its_document(folder: Path) -> None:
    assert run(app, ["verify", str(folder / "answers.pdf")]).exit_code == 0


def test_an_original_that_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"kind": "question_set"}')
    done = run(app, ["verify", str(folder / "receipt.json"), "--reply-to", str(broken), "--json"])
    assert done.exit_code == 2
    assert "schema.missing_key" in done.output


def test_an_answer_set_is_no_former_filing(folder: Path, tmp_path: Path) -> None:
    done = run(
        app,
        [
            "file",
            str(Path(__file__).parents[3] / "examples" / "halcyon"),
            "--quarter",
            "2026Q4",
            "--date",
            "2027-01-08",
            "--former",
            str(folder / "answers.json"),
            "--out",
            str(tmp_path / "out"),
        ],
    )
    assert done.exit_code == 2
    assert "is no former filing" in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()
