"""Answers held against the questions: every rule, just inside and just outside its limit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.filing.exchange.conftest import (
    ANSWERED,
    BASIS,
    answered,
    chosen,
    made_answers,
    made_evidence,
    passage,
    table,
)
from tests.filing.exchange.one_question import AskOne, asker, asks_number, codes, found, number

from declarant.filing.check_classes import CheckClass, class_of
from declarant.filing.exchange.answers import Answer
from declarant.filing.exchange.checking import asked_now, check_answers, question_of
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.problems import Severity


@pytest.fixture(scope="module")
def ask(law: Any, parties: Any) -> AskOne:
    return asker(law, parties)


def test_answers_of_every_type_fit(questions: QuestionSet) -> None:
    findings = check_answers(
        questions, made_answers(questions), made_evidence(), prepared_on=ANSWERED
    )
    assert findings == ()


def test_a_required_answer_that_is_missing(questions: QuestionSet) -> None:
    left = tuple(item for item in made_answers(questions) if item.question != "weights-access")
    (finding,) = check_answers(questions, left, made_evidence())
    assert finding.code == "answer.missing"
    assert question_of(finding) == "weights-access"
    for way in ({"left_for_later": ("weights-access",)}, {"earlier": made_answers(questions)}):
        assert check_answers(questions, left, made_evidence(), **way) == ()


def test_a_question_whose_condition_is_not_met_is_not_asked(questions: QuestionSet) -> None:
    given = {item.question: item for item in made_answers(questions)}
    done = questions.question("red-team-done")
    assert done is not None
    given["red-team-done"] = answered(done, chosen(done, "no"))
    asked = {item.id for item in asked_now(questions, given.values())}
    assert not {"red-team-results", "red-team-biology"} & asked
    findings = check_answers(questions, given.values(), made_evidence())
    assert {question_of(item) for item in findings if item.code == "answer.condition"} == {
        "red-team-results",
        "red-team-biology",
    }
    for name in ("red-team-results", "red-team-biology"):
        del given[name]
    assert check_answers(questions, given.values(), made_evidence()) == ()


def test_a_condition_on_a_question_that_is_not_answered(questions: QuestionSet) -> None:
    left = tuple(item for item in made_answers(questions) if item.question != "red-team-done")
    findings = check_answers(questions, left, made_evidence())
    assert ("answer.missing", "red-team-done") in {(f.code, question_of(f)) for f in findings}


def test_an_answer_that_nobody_asked_for(questions: QuestionSet, ask: AskOne) -> None:
    _, other = ask({"type": "text", "longest": None})
    given = (*made_answers(questions), answered(other, passage("text", text="x")))
    (finding,) = check_answers(questions, given, made_evidence())
    assert (finding.code, question_of(finding)) == ("answer.unknown_question", "q.1")


def test_twice_and_left_for_later_all_the_same(ask: AskOne) -> None:
    questions, question = ask({"type": "text", "longest": None})
    answer = answered(question, passage("text", text="x"))
    assert codes(check_answers(questions, (answer, answer))) == ["answer.twice"]
    assert codes(check_answers(questions, (answer,), left_for_later=("q.1",))) == [
        "answer.left_and_answered"
    ]
    assert codes(check_answers(questions, (answer,), left_for_later=("q.9",))) == [
        "answer.unknown_question"
    ]


def test_an_answer_to_another_wording(ask: AskOne) -> None:
    questions, question = ask({"type": "text", "longest": None})
    answer = answered(question, passage("text", text="x"), asked="How many?")
    assert codes(check_answers(questions, (answer,))) == ["answer.other_wording"]


@pytest.mark.parametrize(
    ("asks", "value", "expected"),
    [
        (asks_number(least="0", most="10"), number("0"), []),
        (asks_number(least="0", most="10"), number("10"), []),
        (asks_number(least="0", most="10"), number("10.0000000000000000000000001"), ["range"]),
        (asks_number(least="0", most="10"), number("-0.1"), ["range"]),
        (asks_number(most=str(10**40)), number(str(10**40)), []),
        (asks_number(most=str(10**40)), number(str(10**40 + 1)), ["range"]),
        (asks_number(whole=True), number("3.0"), []),
        (asks_number(whole=True), number("3.5"), ["not_whole"]),
        (asks_number(units=("GiB", "TiB")), number("3", "TiB"), []),
        (asks_number(units=("GiB", "TiB")), number("3", "GB"), ["unit"]),
        (asks_number(units=("GiB", "TiB")), number("3"), ["unit"]),
        (asks_number(), number("3", "GiB"), ["unit"]),
        # bounds are in the first unit, and no unit is turned into another
        (asks_number(units=("GiB", "TiB"), most="5"), number("6", "TiB"), []),
        (asks_number(units=("GiB", "TiB"), most="5"), number("6", "GiB"), ["range"]),
    ],
)
def test_numbers(ask: AskOne, asks: Any, value: Any, expected: list[str]) -> None:
    assert found(ask, asks, value) == [f"answer.{code}" for code in expected]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-31", ["answer.date_range"]),
        ("2027-01-01", []),
        ("2027-12-31", []),
        ("2028-01-01", ["answer.date_range"]),
    ],
)
def test_days(ask: AskOne, day: str, expected: list[str]) -> None:
    asks = {"type": "date", "earliest": "2027-01-01", "latest": "2027-12-31"}
    assert found(ask, asks, passage("date", date=day)) == expected


@pytest.mark.parametrize(("length", "expected"), [(10, []), (11, ["answer.too_long"])])
def test_length_of_all_passages_together(ask: AskOne, length: int, expected: list[str]) -> None:
    asks = {"type": "text", "longest": 10}
    parts = (passage("text", text="x" * 5), passage("text", text="y" * (length - 5), secret=True))
    assert found(ask, asks, *parts) == expected


CHOICE = {
    "type": "choice",
    "several": False,
    "options": ({"id": "a", "text": "First"}, {"id": "b", "text": "Second"}),
}


@pytest.mark.parametrize(
    ("several", "options", "expected"),
    [
        (False, [("a", "First")], []),
        (False, [("a", "First"), ("b", "Second")], ["one_option"]),
        (True, [("a", "First"), ("b", "Second")], []),
        (True, [("a", "First"), ("a", "First")], ["option_twice"]),
        (True, [("c", "Third")], ["option"]),
        (True, [("a", "Second")], ["option_words"]),
    ],
)
def test_choices(ask: AskOne, several: bool, options: Any, expected: list[str]) -> None:
    value = passage("choice", chosen=[{"id": name, "text": text} for name, text in options])
    assert found(ask, CHOICE | {"several": several}, value) == [f"answer.{c}" for c in expected]


TABLE = {
    "type": "table",
    "fewest": 1,
    "most": 2,
    "columns": (
        {"id": "n", "title": "Count", "cell": asks_number(units=("GiB",), least="0"),
         "required": True},
        {"id": "d", "title": "Day", "required": False,
         "cell": {"type": "date", "earliest": None, "latest": "2027-01-01"}},
        {"id": "c", "title": "Kind", "cell": CHOICE, "required": False},
        {"id": "t", "title": "Text", "cell": {"type": "text", "longest": 3}, "required": False},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("1", None, None, None)], []),
        ([("1", "2027-01-01", "a", "abc")] * 2, []),
        ([("1", None, None, None)] * 3, ["rows"]),
        ([(None, None, None, None)], ["cell_missing"]),
        ([("1 GiB", None, None, None)], ["cell"]),
        ([("1e3", None, None, None)], ["cell"]),
        ([("-1", None, None, None)], ["range"]),
        ([("1", "2027-01-02", None, None)], ["date_range"]),
        ([("1", "01/01/2027", None, None)], ["cell"]),
        ([("1", "2027-02-30", None, None)], ["cell"]),
        ([("1", None, "First", None)], ["cell"]),
        ([("1", None, None, "abcd")], ["too_long"]),
    ],
)
def test_tables(ask: AskOne, rows: Any, expected: list[str]) -> None:
    questions, question = ask(TABLE)
    findings = check_answers(questions, (answered(question, table(question, *rows)),))
    assert codes(findings) == [f"answer.{code}" for code in expected]
    if expected == ["cell"]:
        assert str(findings[0].where).startswith("answers.q.1.passages[0].rows[0].")


def test_columns_of_another_table(ask: AskOne) -> None:
    questions, question = ask(TABLE)
    value = table(question, ("1", None, None, None))
    value["columns"][0]["unit"] = "TiB"
    assert codes(check_answers(questions, (answered(question, value),))) == ["answer.columns"]


def test_rows_of_public_and_confidential_parts_count_together(ask: AskOne) -> None:
    questions, question = ask(TABLE)
    row = ("1", None, None, None)
    parts = (table(question, row), table(question, row, row, secret=True))
    assert codes(check_answers(questions, (answered(question, *parts),))) == ["answer.rows"]


@pytest.mark.parametrize(
    ("asks", "passages", "expected"),
    [
        (asks_number(), [passage("text", text="many")], ["no_value"]),
        (asks_number(), [number("1"), passage("text", text="about")], []),
        (asks_number(), [number("1"), number("2")], ["many_values"]),
        (asks_number(), [passage("date", date="2027-01-01")], ["type", "no_value"]),
        ({"type": "text", "longest": None}, [number("1")], ["type", "no_value"]),
    ],
)
def test_types(ask: AskOne, asks: Any, passages: Any, expected: list[str]) -> None:
    assert found(ask, asks, *passages) == [f"answer.{code}" for code in expected]


def test_not_known_is_an_answer_with_its_reason(ask: AskOne) -> None:
    questions, question = ask(asks_number())
    words = passage("text", text="The meter was broken.")
    honest = answered(question, words, not_known=True)
    assert check_answers(questions, (honest,)) == ()
    both = answered(question, words, number("1"), not_known=True)
    assert codes(check_answers(questions, (both,))) == ["answer.not_known_answered"]


def test_confidential_marks_need_a_basis(ask: AskOne) -> None:
    text = {"type": "text", "longest": None}
    marked = passage("text", text="x") | {"confidential": True}
    unmarked = passage("text", text="x") | {"basis": BASIS}
    assert found(ask, text, marked) == ["answer.no_basis"]
    assert found(ask, text, unmarked) == ["answer.no_mark"]


def test_errors_block_and_warnings_ask_for_a_reason(ask: AskOne, questions: QuestionSet) -> None:
    broken: list[Answer] = [
        item.model_copy(update={"passages": item.passages[:1] * 2, "asked": "other"})
        for item in made_answers(questions)
    ]
    findings = check_answers(questions, broken[:-1], (made_evidence(dated=None)))
    assert findings
    for finding in findings:
        blocking = class_of(finding) in (CheckClass.SYNTACTIC, CheckClass.VALIDITY)
        assert blocking == (finding.severity is Severity.ERROR), finding.code
