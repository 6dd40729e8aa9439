"""`declarant count` for people: every figure whole on any screen, a disagreement told once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import refused, run_json
from typer.testing import CliRunner

from declarant.cli.app import app
from declarant.quantities import Interval, show_interval

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CEDAR = EXAMPLES / "cedar-ridge"
DAY = ("--as-of", "2026-12-15")


def printed(columns: int, *words: object) -> str:
    env = {"COLUMNS": str(columns)}
    return CliRunner().invoke(app, [str(word) for word in words], env=env).stdout


def figure(amount: dict[str, Any]) -> str:
    low, best, high = (amount[name] for name in ("low", "best", "high"))
    if high is None:
        return show_interval(Interval.at_least(int(low)))
    return show_interval(Interval.between(int(low), int(high), None if best is None else int(best)))


@pytest.mark.parametrize("columns", [60, 80, 120, 160])
def test_every_figure_is_whole_on_any_screen(columns: int) -> None:
    found = run_json("count", CEDAR, *DAY)
    shown = printed(columns, "count", CEDAR, *DAY)
    for segment in found["segments"]:
        assert segment["method"].replace("_", " ") in shown
        for column in ("model_operations", "executed_operations"):
            if segment[column] is not None:
                assert figure(segment[column]) in shown
    for total in found["totals"]:
        assert total["run"] in shown
        assert total["regime"] in shown
        assert figure(total["amount"]) in shown
    for agreement in found["agreements"]:
        assert agreement["part"] in shown


@pytest.mark.parametrize("columns", [60, 80, 120, 160])
def test_every_day_of_a_forecast_is_whole_on_any_screen(columns: int) -> None:
    found = run_json("forecast", CEDAR, *DAY)
    shown = printed(columns, "forecast", CEDAR, *DAY)
    for item in found["sums"]:
        assert item["regime"] in shown
        for notice in item["notices"]:
            assert notice["due"] is None or notice["due"] in shown
    assert "━" in shown or columns < 120


def test_a_disagreement_is_told_once(tmp_path: Path) -> None:
    shutil.copytree(CEDAR, tmp_path / "cedar")
    register = tmp_path / "cedar" / "register.yaml"
    register.write_text(register.read_text().replace("tokens: 30.1e12", "tokens: 30.1e14"))
    words = ("count", tmp_path / "cedar", *DAY)
    codes = [item["code"] for item in run_json(*words, status=1)["findings"]]
    assert "plausibility.methods_disagree" in codes
    shown = printed(100, *words)
    assert "disagree; totals use" in shown
    assert "plausibility.methods_disagree" not in shown
    assert "plausibility.run_exceeds_cluster" in shown


def test_no_picture_of_an_empty_ledger(tmp_path: Path) -> None:
    picture = tmp_path / "methods.png"
    words = ("count", EXAMPLES / "halcyon", *DAY, "--plot", picture)
    assert refused(*words)["code"] == "count.nothing_to_draw"
    assert not picture.exists()
