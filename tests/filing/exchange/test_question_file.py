"""Questions from a file: the example as it is shipped, and files with mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.filing.exchange.conftest import QUESTIONS

from declarant.filing.exchange.question_file import read_questions
from declarant.law import load_regime
from declarant.problems import BadInput


def test_the_example_covers_every_topic_and_every_type() -> None:
    read = read_questions(QUESTIONS)
    topics = [topic.id for topic in load_regime(read.regime).topics]
    assert list(dict.fromkeys(item.topic for item in read.questions)) == topics
    assert {item.asks.type for item in read.questions} == {
        "text",
        "number",
        "date",
        "choice",
        "table",
        "file",
    }
    assert len({item.id for item in read.questions}) == len(read.questions) == 13
    assert {item.topic_title for item in read.questions} >= {"Model weights"}
    assert next(i for i in read.questions if i.area).area_title == "Biological weapons"


SMALL = """regime: us-bis-702-7
questions:
  - id: one
    topic: model_weights
    text: How many?
    asks: {type: number, least: 3, most: 7}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "questions.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_is_left_out_is_filled_in(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path, SMALL)).questions
    assert question.required
    assert not question.evidence_expected
    assert question.condition is None
    assert question.asks.least == "3"  # type: ignore[union-attr]
    assert read_questions(written(tmp_path, SMALL)).letter is None


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("model_weights", "model_wights", 4, "the law names no topic 'model_wights'"),
        ("text: How many?", "area: gossip", 5, "no area 'gossip' within model_weights"),
        ("How many?", "", 5, "valid string"),
        ("type: number", "type: numeral", 6, "there is no type 'numeral'"),
        ("least: 3", "least: three", 6, "pattern"),
        ("least: 3", "lest: 3", 6, "'lest' is not known"),
        ("  - id: one", "  - if: one", 3, "'if' is not known"),
        ("us-bis-702-7", "us-bis-702-8", None, "us-bis-702-8"),
        ("questions:", "question:", None, "not known"),
    ],
)
def test_mistakes_are_named_with_their_line(
    tmp_path: Path, before: str, after: str, line: int | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        read_questions(written(tmp_path, SMALL.replace(before, after)))
    if line is not None:
        assert line in {finding.where.line for finding in refused.value.findings}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "- 1",
        "regime: 5",
        "regime: us-bis-702-7\nquestions: 5",
        "regime: us-bis-702-7\nquestions: []",
        "regime: us-bis-702-7\nquestions: [1]",
        "regime: us-bis-702-7\nquestions: [{asks: 1, references: 2, condition: 3}]",
        "regime: us-bis-702-7\nquestions: [{asks: {type: table, columns: [1]}}]",
        "regime: us-bis-702-7\nquestions: [{asks: {type: [1], columns: 1}}]",
    ],
)
def test_files_that_hold_no_questions(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        read_questions(written(tmp_path, text))
