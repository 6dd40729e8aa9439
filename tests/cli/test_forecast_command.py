"""`declarant forecast` on the example registers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import refused, run, run_json

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CEDAR, HALCYON = EXAMPLES / "cedar-ridge", EXAMPLES / "halcyon"
DAY = ("--as-of", "2026-12-15")


def foretell(*more: object) -> Any:
    return run_json("forecast", CEDAR, *DAY, *more)


def one(found: Any, run_id: str, regime: str, activity: str) -> Any:
    return next(
        item
        for item in found["sums"]
        if (item["id"], item["regime"], item["activity"]) == (run_id, regime, activity)
    )


def test_every_run_against_every_limit() -> None:
    found = foretell()
    assert len(found["sums"]) == 15  # three runs, five limits
    atlas = one(found, "atlas-2-pretraining", "us-bis-702-7", "training")
    assert atlas["crosses_by_plan"] == {
        "earliest": "2027-01-10",
        "likely": "2027-01-16",
        "latest": "2027-01-23",
        "at_end": "above",
    }
    assert atlas["basis"] == "plan"
    assert atlas["crosses_by_history"] is None
    assert [quarter["due"]["day"] for quarter in atlas["quarters"]] == [
        "2027-01-15",
        "2027-04-15",
        "2027-07-15",
        "2027-10-15",
    ]
    assert atlas["quarters"][0]["window_end"]["day"] == "2027-07-15"


def test_the_assessment_names_the_same_day() -> None:
    named = {
        item["id"]: item["crosses"]
        for item in run_json("assess", CEDAR, *DAY)["activities"]
        if item["kind"] == "training_run" and item["crosses"]
    }
    assert named
    for run_id, day in named.items():
        found = one(foretell(), run_id, "us-bis-702-7", "training")
        assert found["crosses_by_plan"]["likely"] == day


def test_one_run_under_one_law() -> None:
    found = foretell("--run", "atlas-3-pretraining", "--regime", "eu-ai-act-gpai")
    assert {(item["id"], item["regime"]) for item in found["sums"]} == {
        ("atlas-3-pretraining", "eu-ai-act-gpai")
    }
    systemic = one(found, "atlas-3-pretraining", "eu-ai-act-gpai", "systemic_risk")
    assert {(notice["duty"], notice["due"]) for notice in systemic["notices"]} == {
        ("estimate", "2027-05-02"),
        ("notification", "2026-12-29"),
        ("notification", "2027-05-30"),
    }


def test_a_screen_for_people() -> None:
    shown = run("forecast", CEDAR, *DAY)
    assert shown.exit_code == 0
    for said in ("2027-01-16", "2026Q4", "may be", "Notification to the Commission", "not legal"):
        assert said in shown.output


def test_a_register_without_runs() -> None:
    shown = run("forecast", HALCYON, *DAY)
    assert shown.exit_code == 0
    assert "no training runs" in shown.output
    assert refused("forecast", HALCYON, *DAY, "--plot", "x.svg")["where"] == "--plot"


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_picture(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"fan.{suffix}"
    assert run("forecast", CEDAR, *DAY, "--plot", file).exit_code == 0
    assert file.read_bytes()[:8] in (b"<svg xml", b"\x89PNG\r\n\x1a\n")


def test_what_cannot_be_done_is_refused_before_any_work() -> None:
    assert refused("forecast", CEDAR, "--plot", "fan.gif")["where"] == "--plot"
    assert refused("forecast", CEDAR, "--run", "atlas-9")["where"] == "--run"
    assert refused("forecast", CEDAR, "--as-of", "tomorrow")["where"] == "--as-of"
    assert refused("forecast", CEDAR, "--as-of", "2020-01-01")["where"] == "--as-of"
    assert refused("forecast", CEDAR, "--regime", "eu")["where"] == "--regime"


def test_a_law_of_a_later_day_is_left_out_and_said_to_be() -> None:
    found = run_json("forecast", CEDAR, "--as-of", "2025-08-01")
    assert {item["regime"] for item in found["sums"]} == {"us-bis-702-7", "eu-ai-act-gpai"}
    left_out = [each for each in found["findings"] if each["effect"] == "that law is left out"]
    assert [each["what"].split(":")[0] for each in left_out] == ["us-ca-sb53", "us-ny-raise"]
    alone = ("forecast", CEDAR, "--as-of", "2025-08-01", "--regime", "us-ca-sb53")
    assert refused(*alone)["where"] == "--as-of"


def test_a_plan_in_the_register_is_followed(tmp_path: Path) -> None:
    shutil.copytree(CEDAR, tmp_path / "cedar")
    register = tmp_path / "cedar" / "register.yaml"
    plan = (
        "    plan:\n      devices:\n"
        "        - {since: 2026-12-11, devices: 24576}\n"
        "        - {since: 2027-01-01, devices: 0}\n"
        "        - {since: 2027-01-11, devices: 24576}\n"
    )
    written = register.read_text()
    at = written.index("    configuration: evidence/atlas-2/config.json")
    register.write_text(written[:at] + plan + written[at:])
    found = run_json("forecast", tmp_path / "cedar", *DAY)
    atlas = one(found, "atlas-2-pretraining", "us-bis-702-7", "training")
    # 66.9 % of the rest must be done: 30.1 of the 45 days left, the 21 of December and 9.1 more
    assert atlas["crosses_by_plan"]["likely"] == "2027-01-20"


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ("{tokens_per_day: 0}", "above 0"),
        ("{tokens_per_day: -1}", "negative"),
        ("{devices: [{since: 2026-12-11, devices: 0}]}", "first period"),
        (
            "{devices: [{since: 2026-12-11, devices: 2}, {since: 2026-12-01, devices: 1}]}",
            "order",
        ),
        ("{devices: [{since: 2026-12-11, devices: -2}]}", "greater than or equal"),
        ("{speed: 3}", "speed"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(tmp_path: Path, plan: str, says: str) -> None:
    shutil.copytree(CEDAR, tmp_path / "cedar")
    register = tmp_path / "cedar" / "register.yaml"
    written = register.read_text()
    at = written.index("    configuration: evidence/atlas-2/config.json")
    register.write_text(f"{written[:at]}    plan: {plan}\n{written[at:]}")
    finding = refused("forecast", tmp_path / "cedar")
    assert says in finding["what"] + finding["mend"] + finding["where"]
    assert "plan" in finding["where"]


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--paths", "0", False),
        ("--paths", "99", False),
        ("--paths", "100", True),
        ("--paths", "10001", False),
        ("--seed", "-1", False),
        ("--seed", "0", True),
    ],
)
def test_draws_that_cannot_be_made_say_what_can(option: str, value: str, allowed: bool) -> None:
    words = ("forecast", EXAMPLES / "halcyon", option, value)
    if allowed:
        assert run_json(*words)["sums"] == []
        return
    finding = refused(*words)
    assert finding["where"] == option
    assert finding["code"] == f"forecast.{option[2:]}"


def test_a_log_in_the_register_gives_chances() -> None:
    juniper = EXAMPLES / "juniper"
    if not juniper.is_dir():
        pytest.skip("the example with a log is not in this checkout")
    asked = ("forecast", juniper, "--as-of", "2026-12-11", "--regime", "eu-ai-act-gpai")
    found = run_json(*asked)
    item = one(found, "juniper-8b-pretraining", "eu-ai-act-gpai", "general_purpose")
    assert item["basis"] == "history and plan"
    assert item["crosses_by_history"]["best"]["p10"] <= item["crosses_by_history"]["best"]["p90"]
    assert item["quarters"][0]["due"]["probability"]["best"] == 1
    assert run_json(*asked) == found
    assert run_json(*asked, "--seed", "5")["seed"] == 5
