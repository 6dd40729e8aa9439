"""Adding a regime adds a folder, not code; and a wrong folder is explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from declarant.law import due, read_regime
from declarant.law.cases import failed_cases
from declarant.problems import BadInput

WriteRegime = Callable[..., Path]


def test_a_folder_anywhere_is_a_regime(write_regime: WriteRegime) -> None:
    law = read_regime(write_regime())
    assert law.id == "xx-test"
    assert law.citation.text == "Gazette 1, art. 1"
    assert law.citation.url == "https://example.org/gazette"
    assert law.readings == law.persons == law.topics == ()


def test_the_law_of_another_day(write_regime: WriteRegime) -> None:
    law = read_regime(write_regime())
    training = law.activity("training")
    assert training.limit_on("operations", date(2025, 12, 31)).value == 10**24
    assert training.limit_on("operations", date(2026, 1, 1)).value == 25 * 10**23
    assert training.look_ahead_on(date(2025, 12, 31)) == 3
    assert training.look_ahead_on(date(2026, 1, 1)) == training.look_ahead_months == 6
    assert due(law, "report", date(2025, 12, 31)).due == date(2026, 1, 10)
    start = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    assert due(law, "report", start).due == date(2026, 1, 2)
    assert [law.in_force_on(date(year, 7, 1)) for year in (2023, 2024, 2026, 2027)] == [
        False,
        True,
        True,
        False,
    ]
    with pytest.raises(BadInput, match="from 2024-01-01 until 2025-12-31, from 2026-01-01"):
        training.limit_on("operations", date(2023, 12, 31))


def test_what_holds_on_a_day(write_regime: WriteRegime) -> None:
    words = "{en: Some words, zh-Hant: 若干文字}"
    entry = f"title: {words}, text: {words}, citation: {{text: art. 2}}}}"
    law = read_regime(
        write_regime(
            {
                "definitions.yaml": "definitions:\n"
                f"  - {{id: model, until: 2025-12-31, {entry}\n"
                f"  - {{id: model, from: 2026-01-01, {entry}\n"
                f"  - {{id: always, {entry}\n"
            }
        )
    )
    assert len(law.definitions) == 3
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        assert [entry.id for entry in law.on(day).definitions] == ["model", "always"]
    assert law.on(date(2025, 12, 31)).definitions[0].last_day == date(2025, 12, 31)


def test_worked_cases_of_a_folder(write_regime: WriteRegime) -> None:
    folder = write_regime()
    cases = folder / "cases" / "limits.yaml"
    cases.parent.mkdir()
    case = "activity: training, limit: operations"
    cases.write_text(
        "limits:\n"
        f"  - {{what: at, {case}, on: 2025-12-31, amount: 1e24, exceeded: false}}\n"
        f"  - {{what: above, {case}, on: 2025-12-31, amount: 1.1e24, exceeded: true}}\n"
        f"  - {{what: a day on, {case}, on: 2026-01-01, amount: 1.1e24, exceeded: true}}\n"
    )
    findings = list(failed_cases(read_regime(folder), cases))
    assert [finding.where.line for finding in findings] == [4]  # the limit was raised that day


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        ("regime.yaml", "agency:", "agncy:", 5, "Did you mean 'agency'?"),
        ("regime.yaml", "Asia/Taipei", "Asia/Taipeh", 9, "no time zone"),
        ("regime.yaml", "id: xx-test", "id: yy-test", 1, "the folder is called 'xx-test'"),
        ("regime.yaml", "gazette", "gazete", 7, "Did you mean 'gazette'?"),
        ("regime.yaml", "zh-Hant: 若干文字", "zh-Hant: ''", 2, "at least 1 character"),
        ("status.yaml", "2024-01-01", "2025-01-01", 1, "out of order"),
        ("status.yaml", "in_force", "inforce", 3, "in_force"),
        ("status.yaml", "2024-01-01", "2024-02-30", 2, "day"),
        ("status.yaml", "2024-01-01", "20240101", 2, "written like 2024-09-11"),
        ("status.yaml", "state: adopted", "state: adopted, state: adopted", 2, "stands twice"),
        ("activities.yaml", "until: 2025-12-31, more_than", "more_than", 11, "on the same day"),
        (
            "activities.yaml",
            "until: 2025-12-31, more_than",
            "until: 2023-01-01, more_than",
            12,
            "lies before",
        ),
        ("activities.yaml", "1e24", "1.5", 12, "whole number"),
        ("activities.yaml", "1e24", "300 Gbit/s", 12, "not operations"),
        ("activities.yaml", "1e24", "-1", 12, "is negative"),
        ("activities.yaml", "1e24", "true", 12, "written like"),
        ("activities.yaml", "more_than: 1e24", "at_least: 1e24", 12, "not known"),
        ("activities.yaml", "kind: training_run", "kind: training", 3, "training_run"),
        ("counting.yaml", "purpose: experiment", "purpose: experiments", 9, "experiment"),
        ("counting.yaml", "purpose: experiment", "purpose: teacher", 10, "treated twice"),
        ("counting.yaml", "treatment: in", "treatment: open", 2, "names a reading"),
        ("counting.yaml", "treatment: in", "treatment: open, reading: nothing", 2, "no reading"),
        ("clocks.yaml", "days: 10", "days: 10, weeks: 1", 7, "has one of"),
        ("clocks.yaml", "days: 10", "days: ten", 7, "integer"),
        ("clocks.yaml", "event:", "before_event: true\n    event:", 2, "a clock has one of"),
        ("clocks.yaml", "event:", "applies_to: [nobody]\n    event:", 5, "no person is called"),
        ("clocks.yaml", "event:", "about: [nothing]\n    event:", 5, "no activity is called"),
        ("sources.yaml", "title: The Gazette, ", "", 2, "is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    write_regime: WriteRegime, file: str, old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_regime(write_regime(replaced={file: (old, new)}))
    told = [f.where for f in caught.value.findings if said in f.what or said in f.mend]
    assert told, str(caught.value)
    assert (told[0].file, told[0].line) == (f"xx-test/{file}", line)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status.yaml": None}, "a regime needs status.yaml"),
        ({"statuss.yaml": "x: 1\n"}, "Did you mean status.yaml?"),
        ({"status.yaml": ""}, "is empty"),
        ({"status.yaml": "[1, 2]\n"}, "status.yaml"),
        ({"status.yaml": "status: []\n"}, "needs at least 1"),
        ({"status.yaml": "status: {"}, "is not YAML"),
        ({"sources.yaml": "sources: gazette\n"}, "sources"),
        ({"sources.yaml": None}, "no source 'gazette' stands in sources.yaml"),
        ({"readings.yaml": "readings:\n  - {id: roll, options: [1, 2]}\n"}, "question"),
    ],
)
def test_wrong_files(write_regime: WriteRegime, changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_regime(write_regime(changes))
    assert said in str(caught.value)


def test_every_wrong_file_is_reported_at_once(write_regime: WriteRegime) -> None:
    folder = write_regime(
        replaced={"regime.yaml": ("agency:", "agncy:"), "activities.yaml": ("1e24", "none")}
    )
    with pytest.raises(BadInput) as caught:
        read_regime(folder)
    assert {finding.where.file for finding in caught.value.findings} == {
        "xx-test/regime.yaml",
        "xx-test/activities.yaml",
    }


def test_binary_is_refused(write_regime: WriteRegime) -> None:
    folder = write_regime()
    (folder / "status.yaml").write_bytes(bytes(range(256)))
    with pytest.raises(BadInput, match="UTF-8"):
        read_regime(folder)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        read_regime(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("no_roll!, next_business_day", None),
        ("no_roll, next_business_day", "the first, is the default"),
        ("no_roll, next_business_day!", "the first, is the default"),
        ("no_roll!, next_business_day!", "the first, is the default"),
        ("no_roll!, no_roll", "same id"),
        ("no_roll!", "needs at least 2"),
        ("no_roll!, week_after", "the only reading of clocks"),
    ],
)
def test_a_reading_has_one_default_and_known_rolls(
    write_regime: WriteRegime, options: str, said: str | None
) -> None:
    words = "{en: Some words, zh-Hant: 若干文字}"
    listed = "".join(
        f"      - {{id: {option.rstrip('!')}, default: {str(option.endswith('!')).lower()},"
        f" title: {words}, why: {words}}}\n"
        for option in options.split(", ")
    )
    text = (
        f"readings:\n  - id: roll\n    applies_to: clock\n    question: {words}\n"
        f"    citation: {{source: gazette, at: art. 9}}\n    options:\n{listed}"
    )
    folder = write_regime({"readings.yaml": text})
    if said is None:
        law = read_regime(folder)
        assert law.reading("roll").options[1].citation.text == "Gazette 1, art. 9"
        return
    with pytest.raises(BadInput, match=said):
        read_regime(folder)


def test_quarterly_dates_follow_one_another(write_regime: WriteRegime) -> None:
    words = "{en: Some words, zh-Hant: 若干文字}"

    def quarterly(q4: str) -> str:
        return (
            f"clocks:\n  - id: notice\n    title: {words}\n    text: {words}\n    event: {words}\n"
            "    citation: {source: gazette}\n    quarterly:\n"
            "      - {q1: {month: 4, day: 1}, q2: {month: 7, day: 1}, q3: {month: 10, day: 1},"
            f" q4: {q4}, look_ahead_months: 6}}\n"
        )

    right = quarterly("{month: 1, day: 1, next_year: true}")
    law = read_regime(write_regime({"clocks.yaml": right}))
    assert due(law, "notice", date(1987, 6, 5)).due == date(1987, 7, 1)
    wrong = write_regime({"clocks.yaml": quarterly("{month: 1, day: 1}")}, folder="yy-test")
    with pytest.raises(BadInput, match="do not follow one another"):
        read_regime(wrong)
