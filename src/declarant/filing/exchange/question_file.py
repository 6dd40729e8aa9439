"""Questions from a YAML file, such as `examples/questions/us-bis-702-7.yaml`.

What a question leaves out is filled in: required, no evidence expected, no condition. The titles
of topics and areas come from the law's data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from declarant.filing.exchange.questions import Question
from declarant.filing.parts import Identifier, Part, Prose
from declarant.law import load_regime
from declarant.law.contents import Topic
from declarant.problems import BadInput, Finding, Severity
from declarant.yaml_source import YamlDocument, read_yaml, validated

_QUESTION: dict[str, Any] = {
    "area": None,
    "required": True,
    "evidence_expected": False,
    "condition": None,
    "help": None,
    "references": [],
    "follows": None,
}
_ASKS: dict[str, dict[str, Any]] = {
    "text": {"longest": None},
    "number": {"units": [], "least": None, "most": None, "whole": False},
    "date": {"earliest": None, "latest": None},
    "choice": {"several": False},
    "table": {"fewest": 0, "most": None},
    "file": {"suffixes": [], "most": None},
}


class _QuestionFile(Part):
    regime: Identifier
    letter: Prose | None
    questions: tuple[Question, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a file, the regime they are asked under, and the letter with them."""

    regime: str
    letter: str | None
    questions: tuple[Question, ...]


def read_questions(file: Path) -> Questions:
    """Return the questions of a file.

    Raises:
        BadInput: when the file cannot be read, a field does not fit, or the regime, a topic or an
            area is not known.
    """
    document = read_yaml(file)
    data = document.data if isinstance(document.data, dict) else {}
    topics = _topics(data.get("regime"))
    filled = replace(document, data={"letter": None, **data, "questions": _filled(data, topics)})
    _refuse_unknown_topics(filled, topics)
    held = validated(_QuestionFile, filled)
    return Questions(held.regime, held.letter, held.questions)


def _topics(regime: Any) -> dict[str, Topic]:
    if not isinstance(regime, str):
        return {}  # the schema says what is wrong with it
    return {topic.id: topic for topic in load_regime(regime).topics}


def _filled(data: dict[str, Any], topics: dict[str, Topic]) -> Any:
    questions = data.get("questions")
    if not isinstance(questions, list):
        return questions
    return [_question(item, topics) if isinstance(item, dict) else item for item in questions]


def _question(item: dict[str, Any], topics: dict[str, Topic]) -> dict[str, Any]:
    topic = topics.get(str(item.get("topic")))
    areas = {area.id: area.title.en for area in topic.areas} if topic else {}
    given = {
        **_QUESTION,
        "topic_title": topic.title.en if topic else "unknown",
        "area_title": areas.get(str(item.get("area"))),
        **item,
    }
    given["asks"] = _asks(given.get("asks"))
    if isinstance(given["condition"], dict):
        given["condition"] = {"any_of": [], **given["condition"]}
    if isinstance(given["references"], list):
        given["references"] = [
            {"url": None, **source} if isinstance(source, dict) else source
            for source in given["references"]
        ]
    return given


def _asks(asks: Any) -> Any:
    if not isinstance(asks, dict):
        return asks
    given = {**_ASKS.get(str(asks.get("type")), {}), **asks}
    for bound in ("least", "most"):
        if given.get("type") == "number" and isinstance(given.get(bound), int):
            given[bound] = str(given[bound])
    if isinstance(given.get("columns"), list):
        given["columns"] = [
            {"required": True, **column, "cell": _asks(column.get("cell"))}
            if isinstance(column, dict)
            else column
            for column in given["columns"]
        ]
    return given


def _refuse_unknown_topics(document: YamlDocument, topics: dict[str, Topic]) -> None:
    questions = document.data["questions"]
    found: list[Finding] = []
    for number, item in enumerate(questions if isinstance(questions, list) else []):
        if not isinstance(item, dict):
            continue
        topic = topics.get(str(item.get("topic")))
        areas = {area.id for area in topic.areas} if topic else set()
        if topic is None and item.get("topic") is not None:
            what = f"the law names no topic {item['topic']!r}."
            mend = f"Known: {', '.join(topics) or 'none'}."
            where = document.place("questions", number, "topic")
            found.append(Finding("questions.topic", what, where, mend, Severity.ERROR))
        elif topic and item.get("area") is not None and item["area"] not in areas:
            what = f"the law names no area {item['area']!r} within {topic.id}."
            mend = f"Known: {', '.join(sorted(areas)) or 'none'}."
            where = document.place("questions", number, "area")
            found.append(Finding("questions.area", what, where, mend, Severity.ERROR))
    if found:
        raise BadInput(tuple(found))
