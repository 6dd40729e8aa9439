"""The evidence of answers: files that are asked for, expected, dated, named once and used."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.filing.exchange.conftest import ANSWERED, PLAN, answered, digest, made_evidence, passage
from tests.filing.exchange.one_question import AskOne, asker, asks_number, codes, found, number

from declarant.filing.exchange.checking import check_answers
from declarant.problems import Severity

FILE = {"type": "file", "suffixes": (".json",), "most": 1}


@pytest.fixture(scope="module")
def ask(law: Any, parties: Any) -> AskOne:
    return asker(law, parties)


def test_files(ask: AskOne) -> None:
    plan, report = made_evidence()
    one, two = passage("file", file=plan.sha256), passage("file", file=report.sha256)
    assert found(ask, FILE, one, evidence=(plan,)) == []
    assert found(ask, FILE, one, evidence=()) == ["answer.unknown_file"]
    assert found(ask, FILE, two, evidence=(report,)) == ["answer.file_kind"]
    assert found(ask, FILE, one, two, evidence=(plan, report)) == [
        "answer.files",
        "answer.file_kind",
    ]


def test_evidence_that_is_expected(ask: AskOne) -> None:
    questions, question = ask(asks_number(), evidence_expected=True)
    (plan, _) = made_evidence()
    bare = answered(question, number("1"))
    (finding,) = check_answers(questions, (bare,), ())
    assert finding.code == "answer.no_evidence"
    assert finding.severity is Severity.WARNING
    proved = answered(question, number("1"), evidence=(digest(PLAN),))
    assert check_answers(questions, (proved,), (plan,)) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"dated": None}, ["evidence.undated"]),
        ({"dated": ANSWERED}, []),
        ({"dated": date(2027, 2, 27)}, ["evidence.dated_later"]),
        ({"basis": None}, ["evidence.no_basis"]),
        ({"confidential": False}, ["evidence.no_mark"]),
    ],
)
def test_evidence_files(ask: AskOne, changed: Any, expected: list[str]) -> None:
    questions, question = ask(asks_number())
    plan = made_evidence()[0].model_copy(update=changed)
    answer = answered(question, number("1"), evidence=(plan.sha256,))
    assert codes(check_answers(questions, (answer,), (plan,), prepared_on=ANSWERED)) == expected


def test_evidence_that_no_answer_names_or_that_comes_twice(ask: AskOne) -> None:
    questions, question = ask(asks_number())
    plan, report = made_evidence()
    answer = answered(question, number("1"), evidence=(plan.sha256,))
    assert codes(check_answers(questions, (answer,), (plan, report))) == ["evidence.unused"]
    namesake = report.model_copy(update={"name": plan.name.upper()})
    both = answered(question, number("1"), evidence=(plan.sha256, report.sha256))
    assert codes(check_answers(questions, (both,), (plan, namesake))) == ["evidence.same_name"] * 2
    again = plan.model_copy(update={"name": "copy.json"})
    assert codes(check_answers(questions, (answer,), (plan, again))) == ["evidence.twice"] * 2
