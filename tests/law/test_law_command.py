"""`declarant law`: what people and machines get to see."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from declarant.cli.app import app
from declarant.law import load_regime, regime_ids

RUNNER = CliRunner()
AS_OF = ("--as-of", "2026-11-22")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def call(*words: str, columns: int = 80) -> Result:
        monkeypatch.setattr(sys, "argv", ["declarant", "law", *words])  # failures look for --json
        return RUNNER.invoke(app, ["law", *words], env={"COLUMNS": str(columns)})

    return call


def document(result: Result, status: int = 0) -> Any:
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def test_list_says_what_is_in_force(run: Any) -> None:
    found = document(run("list", *AS_OF, "--json"))
    assert {item["id"]: item["status"]["in_force"] for item in found["regimes"]} == {
        "eu-ai-act-gpai": True,
        "us-bis-702-7": False,
        "us-ca-sb53": True,
        "us-ny-raise": False,
    }
    page = run("list", *AS_OF).stdout
    assert all(regime_id in page for regime_id in regime_ids())
    assert "never made final" in page
    assert "從未定案" in run("list", *AS_OF, "--language", "zh-Hant").stdout


def test_list_of_a_day_before_a_history_begins(run: Any) -> None:
    found = document(run("list", "--as-of", "2000-01-01", "--json"))
    assert [item["status"] for item in found["regimes"]] == [None] * 4
    assert run("list", "--as-of", "2000-01-01").exit_code == 0


@pytest.mark.parametrize(
    ("language", "loud", "quiet"),
    [
        ("en", "NOT IN FORCE: never made final", "not legal advice"),
        ("zh-Hant", "未施行：從未定案", "非法律意見"),
    ],
)
def test_show_begins_with_the_status(run: Any, language: str, loud: str, quiet: str) -> None:
    page = run("show", "us-bis-702-7", *AS_OF, "--language", language).stdout
    assert loud in page.splitlines()[1]
    assert "14110" in "".join(page.splitlines()[:8])
    assert page.count(quiet) == 1
    assert quiet in page.splitlines()[-1]


@pytest.mark.parametrize("regime_id", regime_ids())
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("columns", [80, 120])
def test_show_prints_everything_within_the_width(
    run: Any, regime_id: str, language: str, columns: int
) -> None:
    page = run("show", regime_id, *AS_OF, "--language", language, columns=columns).stdout
    regime = load_regime(regime_id)
    flat = "".join(page.split())
    shown = [
        *(item.text for item in (*regime.persons, *regime.activities, *regime.clocks)),
        *(item.text for item in (*regime.topics, *regime.definitions, *regime.purposes)),
        *(area.text for topic in regime.topics for area in topic.areas),
        *(option.why for reading in regime.readings for option in reading.options),
        *(item.text for item in (*regime.penalties, *regime.authority, *regime.confidentiality)),
        *(rule.note for rule in regime.counting),
    ]
    for text in shown:
        assert "".join(text.in_language(language).split()) in flat
    for line in page.splitlines():
        assert cell_len(line) <= columns or line.strip().startswith("https://"), line


def test_show_marks_what_must_be_checked(run: Any) -> None:
    page = " ".join(run("show", "us-bis-702-7", *AS_OF).stdout.split())
    affirmation = page.index("(affirmation)")
    assert "check against the published text" in page[affirmation:].split("What counts")[0]
    assert "請與公布條文核對" in run("show", "us-bis-702-7", "--language", "zh-Hant").stdout


def test_show_the_law_of_another_day(run: Any) -> None:
    page = run("show", "us-bis-702-7", "--as-of", "2024-12-01").stdout
    assert "proposed only" in page.splitlines()[1]
    assert "2025-01-20 (to come)" in page
    assert "IN FORCE" in run("show", "us-ny-raise", "--as-of", "2027-01-01").stdout.splitlines()[1]


def test_show_as_json(run: Any) -> None:
    found = document(run("show", "us-bis-702-7", *AS_OF, "--json"))
    assert list(found)[:3] == ["regime", "as_of", "status"]
    assert found["status"]["in_force"] is False
    assert found["activities"][0]["limits"]["operations"][0]["more_than"] == "1" + 26 * "0"
    assert found["readings"][0]["options"][0]["title"]["zh-Hant"]
    assert found["clocks"][0]["id"] == "notification"


def test_clock_as_json(run: Any) -> None:
    found = document(
        run("clock", "us-bis-702-7", "correction", "--from", "2026-12-20", *AS_OF, "--json")
    )
    assert found["due"] == "2027-01-03"
    assert (found["duty"], found["from"], found["roll"]) == ("correction", "2026-12-20", "no_roll")
    assert found["readings"] == [
        {"roll": "no_roll", "due": "2027-01-03"},
        {"roll": "next_business_day", "due": "2027-01-04"},
    ]
    assert all(isinstance(step, str) for step in found["worked_out"])
    assert found["citation"]["text"].startswith("89 FR 73612")
    assert found["status"]["state"] == "not_final"


@pytest.mark.parametrize(
    ("duty", "start", "expected"),
    [
        ("answer", "2026-12-20", "2027-01-19"),
        ("answer", "2028-01-31", "2028-03-01"),
        ("answer", "2026-12-20T23:30-05:00", "2027-01-19"),
        ("answer", "2026-12-21T05:30Z", "2027-01-20"),
        ("answer", "2026-12-20 23:30 America/New_York", "2027-01-19"),
        ("answer", "2026-12-21 04:30 UTC", "2027-01-19"),
        ("notification", "2026-11-22", "2027-01-15"),
    ],
)
def test_clock_from_days_and_moments(run: Any, duty: str, start: str, expected: str) -> None:
    found = document(run("clock", "us-bis-702-7", duty, "--from", start, "--json"))
    assert found["due"] == expected


def test_clock_of_a_quarter_and_of_hours(run: Any) -> None:
    found = document(run("clock", "us-bis-702-7", "notification", "--from", "2026-11-22", "--json"))
    assert (found["quarter"], found["window_end"]) == ("2026Q4", "2027-07-15")
    start = "2027-03-13T12:00-08:00"
    found = document(run("clock", "us-ca-sb53", "imminent_risk", "--from", start, "--json"))
    assert found["moment"] == "2027-03-14T13:00-07:00"


def test_clock_for_people(run: Any) -> None:
    words = ("clock", "us-bis-702-7", "correction", "--from", "2026-12-20", *AS_OF)
    page = run(*words, "--roll", "next_business_day").stdout
    assert "NOT IN FORCE" in page.splitlines()[1]
    assert "Due: 2027-01-04 (Monday)" in page
    assert "> next_business_day" in page
    assert "- no_roll" in page
    assert "not legal advice" in page.splitlines()[-1]
    assert "期限：2027-01-03（星期日）" in run(*words, "--language", "zh-Hant").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "us-bis-7027"), "law.unknown_regime", "Did you mean 'us-bis-702-7'?"),
        (("show", "us-bis-702-7", "--as-of", "2000-01-01"), "law.before_history", "2023-10-30"),
        (("show", "us-bis-702-7", "--as-of", "soon"), "cli.day", "--as-of"),
        (("clock", "nothing", "answer", "--from", "2026-12-20"), "law.unknown_regime", "us-ca"),
        (
            ("clock", "us-bis-702-7", "answr", "--from", "2026-12-20"),
            "law.unknown_duty",
            "Did you mean 'answer'?",
        ),
        (
            ("clock", "us-bis-702-7", "answer", "--from", "2026-02-30"),
            "cli.moment",
            "out of range",
        ),
        (("clock", "us-bis-702-7", "answer", "--from", ""), "cli.moment", "2026-12-20"),
        (
            ("clock", "us-bis-702-7", "answer", "--from", "2026-12-20 23:30 Mars/Base"),
            "cli.zone",
            "America/New_York",
        ),
        (
            ("clock", "us-bis-702-7", "answer", "--from", "2026-12-20T23:30"),
            "law.no_zone",
            "-05:00",
        ),
        (
            ("clock", "us-bis-702-7", "answer", "--from", "9999-12-31"),
            "law.beyond_calendar",
            "9999-12-31",
        ),
        (
            ("clock", "us-bis-702-7", "answer", "--from", "2026-12-20", "--roll", "nxt"),
            "law.unknown_roll",
            "next_business_day",
        ),
        (
            ("clock", "eu-ai-act-gpai", "serious_incident", "--from", "2026-12-20"),
            "law.no_number",
            "without delay",
        ),
    ],
)
def test_bad_input_is_explained(run: Any, words: tuple[str, ...], code: str, said: str) -> None:
    told = document(run(*words, "--json"), status=2)["findings"]
    assert [finding["code"] for finding in told] == [code]
    assert said in " ".join(told[0].values())
    plain = run(*words)
    assert plain.exit_code == 2
    assert code in " ".join(plain.stderr.split())
    assert "Traceback" not in plain.output
