"""`count` and `assess` on the example registers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import refused, run, run_json

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CEDAR, HALCYON = EXAMPLES / "cedar-ridge", EXAMPLES / "halcyon"


def assess(register: Path, *more: str) -> Any:
    return run_json("assess", register, "--as-of", "2026-12-15", *more)


def test_the_ledger_names_method_formula_evidence_and_hash() -> None:
    found = run_json("count", CEDAR, "--as-of", "2026-12-15")
    assert len(found["segments"]) == 8
    for segment in found["segments"]:
        assert segment["formula"]
        assert segment["method"]
        assert all(len(item["sha256"]) == 64 for item in segment["evidence"])
        if segment["share"] == "done":
            assert segment["evidence"]
    regimes = {total["regime"] for total in found["totals"]}
    assert regimes == {"us-bis-702-7", "eu-ai-act-gpai", "us-ca-sb53", "us-ny-raise"}


def test_recomputation_is_out_of_the_eu_total_and_in_the_bis_total() -> None:
    totals = {
        (total["regime"], total["run"]): int(total["amount"]["best"])
        for total in run_json("count", CEDAR, "--as-of", "2026-12-15")["totals"]
    }
    eu, bis = (totals[(name, "atlas-3-pretraining")] for name in ("eu-ai-act-gpai", "us-bis-702-7"))
    assert bis == pytest.approx(eu * 4 / 3)


def test_one_run_may_be_counted_alone() -> None:
    found = run_json("count", CEDAR, "--run", "atlas-1-pretraining", "--as-of", "2026-12-15")
    assert {segment["run"] for segment in found["segments"]} == {"atlas-1-pretraining"}
    assert refused("count", CEDAR, "--run", "atlas-9")["where"] == "--run"


def test_what_cannot_be_true_ends_with_status_1(tmp_path: Path) -> None:
    shutil.copytree(CEDAR, tmp_path / "cedar")
    register = tmp_path / "cedar" / "register.yaml"
    register.write_text(register.read_text().replace("tokens: 30.1e12", "tokens: 30.1e14"))
    found = run_json("count", tmp_path / "cedar", "--as-of", "2026-12-15", status=1)
    codes = {finding["code"] for finding in found["findings"]}
    assert "plausibility.run_exceeds_cluster" in codes
    assert "plausibility.methods_disagree" in codes


def test_the_developer_reports_the_run_that_crosses_and_the_planned_ones() -> None:
    found = assess(CEDAR)
    assert (found["regime"], found["as_of"], found["covered"]) == (
        "us-bis-702-7", "2026-12-15", True,
    )  # fmt: skip
    verdicts = {item["id"]: item["verdict"] for item in found["activities"]}
    assert verdicts == {
        "atlas-1-pretraining": "not_reportable",
        "atlas-2-pretraining": "reportable",
        "atlas-3-pretraining": "reportable",
        "phoenix": "not_reportable",
        "mesa": "reportable",
    }
    crossing = next(item for item in found["activities"] if item["id"] == "atlas-2-pretraining")
    assert "2026-12-15" < crossing["crosses"] < "2027-06-15"  # within the look-ahead
    for item in found["activities"]:
        assert item["kind"] in ("training_run", "cluster")
        assert item["readings"]
        assert any(reason["citation"] for reason in item["why"])
    duties = [(clock["duty"], clock["due"]) for clock in found["clocks"]]
    assert duties[:2] == [("answer", "2026-12-24"), ("notification", "2027-01-15")]
    assert all(clock["worked_out"] for clock in found["clocks"])
    assert "never made final" in found["status"]


def test_the_provider_has_a_verdict_that_flips_by_format_and_one_by_link() -> None:
    larkspur, teasel = assess(HALCYON)["activities"]
    assert larkspur["verdict"] == teasel["verdict"] == "reportable"
    flips = {item["id"]: {flip["what"] for flip in item["flips"]} for item in (larkspur, teasel)}
    assert "number_format=16-bit" in flips["larkspur"]
    assert "link=single" not in flips["larkspur"]
    assert "link=single" in flips["teasel"]


def test_other_regimes_are_folders_of_data_too() -> None:
    found = assess(CEDAR, "--regime", "eu-ai-act-gpai")
    assert found["in_force"] is True
    assert {item["activity"] for item in found["activities"]} >= {"systemic_risk"}


def test_an_old_filing_is_evaluated_with_the_law_of_its_day() -> None:
    found = assess(CEDAR, "--law-as-of", "2024-12-01")
    assert found["law_as_of"] == "2024-12-01"
    assert "revoked" not in found["status"]


def test_people_read_the_status_first() -> None:
    shown = run("assess", HALCYON, "--as-of", "2026-12-15").stdout
    assert shown.index("never made final") < shown.index("Larkspur")
    assert "not legal advice" in shown


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--as-of", "yesterday"], "cli.day"),
        (["--as-of", "2026-02-30"], "cli.day"),
        (["--regime", "us-bis"], "law.unknown_regime"),
        (["--as-of", "1999-01-01"], "law.before_history"),
    ],
)
def test_wrong_options_are_explained(words: list[str], code: str) -> None:
    assert refused("assess", HALCYON, *words)["code"] == code


def test_a_folder_without_a_register(tmp_path: Path) -> None:
    assert refused("assess", tmp_path)["code"] == "yaml.missing"
    assert refused("count", tmp_path / "nothing")["code"] == "yaml.missing"


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("evidence/larkspur/links.csv", b"", "file.empty"),
        ("evidence/larkspur/links.csv", b"\x00\x01\x02", "file.binary"),
        ("evidence/larkspur/links.csv", b"a,b,gbit_s\nx,y\n", "csv-links.rows"),
        ("evidence/larkspur/machines.csv", b"what is this\n", "file.format_unrecognised"),
    ],
)
def test_broken_evidence_is_named(tmp_path: Path, file: str, content: bytes, code: str) -> None:
    shutil.copytree(HALCYON, tmp_path / "halcyon")
    (tmp_path / "halcyon" / file).write_bytes(content)
    finding = refused("assess", tmp_path / "halcyon")
    assert finding["code"] == code
    assert file in finding["where"]
