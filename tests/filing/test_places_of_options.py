"""Days on the command line, and errors that name the option they come from."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from declarant.cli.app import app
from declarant.cli.arguments import given_to, read_day
from declarant.cli.moments import read_day_or_moment
from declarant.problems import BadInput, Finding, Place, bad_input

BIS = "us-bis-702-7"


@pytest.mark.parametrize("text", ["2026-12-20", "20261220", " 2026-12-20 "])
def test_a_day_is_read_in_both_forms(text: str) -> None:
    read = read_day_or_moment(text, "--from")
    assert read == date(2026, 12, 20)
    assert not isinstance(read, datetime)
    assert read_day(text, "--as-of") == date(2026, 12, 20)


@pytest.mark.parametrize(
    "text",
    ["2026-W51-7", "2026W517", "2026-W51", "2026W51", "2026-w51-7", "2026-W51-7T10:00+01:00"],
)
def test_weeks_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="weeks are not read, only days of months"):
        read_day_or_moment(text, "--from")
    with pytest.raises(BadInput, match="is no day"):
        read_day(text, "--as-of")


@pytest.mark.parametrize(
    "text", ["", "2026", "202612", "2026-12", "2026-02-30", "20260230", "soon"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no day"):
        read_day_or_moment(text, "--from")
    with pytest.raises(BadInput, match="is no day"):
        read_day(text, "--as-of")


@pytest.mark.parametrize(
    ("words", "code", "where"),
    [
        (("file", "R", "--quarter", "2026Q5"), "law.quarter", "--quarter"),
        (("file", "R", "--quarter", "2026Q4", "--regime", "x"), "law.unknown_regime", "--regime"),
        (("assess", "R", "--regime", "x"), "law.unknown_regime", "--regime"),
        (("cluster", "F", "--regime", "x"), "law.unknown_regime", "--regime"),
        (("hardware", "show", "abacus"), "hardware.unknown_device", "NAME"),
        (("law", "show", "x"), "law.unknown_regime", "REGIME"),
        (("law", "show", BIS, "--as-of", "2000-01-01"), "law.before_history", "--as-of"),
        (("law", "clock", "x", "answer", "--from", "20261220"), "law.unknown_regime", "REGIME"),
        (("law", "clock", BIS, "x", "--from", "20261220"), "law.unknown_duty", "DUTY"),
        (("law", "clock", BIS, "answer", "--from", "2026-12-20T10:00"), "law.no_zone", "--from"),
        (
            ("law", "clock", BIS, "answer", "--from", "20261220", "--roll", "x"),
            "law.unknown_roll",
            "--roll",
        ),
    ],
)
def test_an_error_names_its_option(words: tuple[str, ...], code: str, where: str) -> None:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 2
    (found,) = json.loads(result.stdout)["findings"]
    assert (found["code"], found["where"]) == (code, where)


def test_estimate_names_the_option_of_a_number(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["estimate", str(tmp_path), "--tokens", "many", "--json"])
    assert json.loads(result.stdout)["findings"][0]["where"] == "--tokens"


def test_a_place_that_is_known_stays() -> None:
    known = Finding("a.b", "x.", Place(file="f", line=3), "y.")
    nowhere = Finding("a.c", "x.", mend="y.")
    with pytest.raises(BadInput) as refused, given_to("--quarter"):
        raise BadInput((known, nowhere))
    assert [str(item.where) for item in refused.value.findings] == ["f:3", "--quarter"]
    with pytest.raises(BadInput) as refused, given_to("--quarter", only=("a.b",)):
        raise bad_input("a.c", "x.", mend="y.")
    assert str(refused.value.findings[0].where) == ""
