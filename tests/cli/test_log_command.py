"""`declarant log`: what people and machines are shown of a log."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.cli.running import refused, run, run_json
from tests.compute.readers import megatron_logs as logs
from tests.compute.readers import test_megatron_log as by_hand
from tests.compute.readers import test_mllog as mllog
from typer.testing import CliRunner

from declarant.cli.app import app
from declarant.quantities import show_operations

CONFIGURATIONS = Path(__file__).parents[1] / "compute" / "configurations"


@pytest.fixture
def megatron(tmp_path: Path) -> Path:
    file = tmp_path / "megatron.log"
    file.write_text(logs.crash_resume_and_reset(interval=50))
    return file


def test_the_keys_that_others_build_on(megatron: Path) -> None:
    found = run_json("log", megatron, "--device", "H100 SXM")
    assert found["format"] == "megatron-log"
    assert [piece["id"] for piece in found["pieces"]] == ["kept", "lost"]
    assert found["pieces"][1]["is_lost"]
    assert set(found["totals"]) == {"kept", "lost", "kept_and_lost"}
    step = by_hand.STEP - by_hand.HALF_CORE
    for name, steps in (("kept", 1800), ("lost", 200), ("kept_and_lost", 2000)):
        assert int(found["totals"][name]["model_operations"]["best"]) == steps * step
    assert found["totals"]["kept"]["executed_operations"]
    assert found["utilisation"][0]["number_format"] == "bf16"
    assert found["utilisation"][0]["in_use"] is True
    assert len(found["evidence"][0]["sha256"]) == 64
    assert any(item["code"] == "megatron_log.went_back" for item in found["findings"])


def test_people_see_both_totals_and_the_lost_steps(megatron: Path) -> None:
    shown = run("log", megatron).stdout
    for words in ("without lost steps", "with lost steps", "went back", "Recorded", "Totals"):
        assert words in shown
    assert "utilisation" not in shown  # no device is known


def test_a_configuration_adds_the_closed_form(tmp_path: Path) -> None:
    file = tmp_path / "log.txt"
    file.write_text(mllog.log())
    config = CONFIGURATIONS / "gpt3-175b.json"
    words = ["--devices", "6144", "--number-format", "int8"]
    found = run_json("log", file, "--configuration", config, *words)
    assert int(found["closed_form"]["model_operations"]["best"]) > 0
    assert found["closed_form"]["sequence_length"] == 2048
    assert [item["number_format"] for item in found["utilisation"]] == ["int8", "16-bit"]
    assert {item["of"] for item in found["utilisation"]} == {"the closed form"}
    shown = run("log", file, "--configuration", config, *words).stdout
    assert "Closed form" in shown
    assert "for comparison" in shown


def test_a_utilisation_above_the_peak_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "log.txt"
    file.write_text(mllog.log())
    config = CONFIGURATIONS / "gpt3-175b.json"
    known = ["--devices", "1", "--device", "A100 SXM", "--number-format", "bf16"]
    found = run_json("log", file, "--configuration", config, *known)
    errors = [item for item in found["findings"] if item["severity"] == "error"]
    assert [item["code"] for item in errors] == ["recording.above_peak"]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["--format", "morse"], "--format"),
        (["--sequence-length", "0"], "--sequence-length"),
        (["--sequence-length", "many"], "--sequence-length"),
        (["--devices", "-1"], "--devices"),
        (["--devices", "1.5"], "--devices"),
        (["--devices", "1e10"], "--devices"),
        (["--device", "H1000"], "--device"),
        (["--number-format", "bf17"], "--number-format"),
        (["--recompute", "some"], "--recompute"),
    ],
)
def test_wrong_options_are_named(megatron: Path, words: list[str], where: str) -> None:
    assert refused("log", megatron, *words)["where"] == where


def test_a_file_that_is_no_log_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam,\n")
    assert refused("log", file)["where"] == str(file)
    assert str(tmp_path / "none") in refused("log", tmp_path / "none")["where"]


def test_two_formats_together_are_refused(megatron: Path, tmp_path: Path) -> None:
    other = tmp_path / "log.txt"
    other.write_text(mllog.log())
    assert refused("log", megatron, other)["code"] == "file.formats_mixed"


@pytest.mark.parametrize("columns", [60, 80, 120, 160])
def test_no_number_is_broken_however_narrow_the_screen(megatron: Path, columns: int) -> None:
    found = run_json("log", megatron, "--device", "H100 SXM")
    shown = CliRunner().invoke(
        app, ["log", str(megatron), "--device", "H100 SXM"], env={"COLUMNS": str(columns)}
    )
    words = set(shown.stdout.replace("│", " ").replace("(", " ").replace(")", " ").split())
    kept, lost = found["pieces"]
    for piece in (kept, lost):
        assert piece["id"] in words
        assert f"{piece['steps']:,}" in words
        assert f"{int(piece['tokens']['best']):,}" in words
        for column in ("model_operations", "executed_operations"):
            assert show_operations(Fraction(piece[column]["best"]), 4) in words
        for moment in filter(None, (piece["start"], piece["end"])):
            assert moment[:16].replace("T", " ") in " ".join(shown.stdout.split())
    table = shown.stdout.split("warning")[0].splitlines()
    assert max(len(line) for line in table) <= columns


def test_recomputation_that_the_log_states_is_in_the_closed_form() -> None:
    evidence = Path(__file__).resolve().parents[2] / "examples" / "juniper" / "evidence"
    words = ["log", str(evidence / "train.log"), "--configuration", str(evidence / "config.json")]
    told = run_json(*words)["closed_form"]  # recompute_granularity ... None
    assert told["executed_operations"] == told["model_operations"]
